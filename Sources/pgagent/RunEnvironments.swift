#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import Environments
import GymwireIO
import PolicyGradients

/// What a run collects in: environment processes of its own, or workers with theirs.
enum RunEnvironments {
  case processes(RemoteVectorEnvironment)
  case processesApart([RemoteVectorEnvironment])
  case workers([RemoteWorker])
  case threads([ThreadWorker], in: [RemoteVectorEnvironment])

  /// Starts whichever the command line asks for.
  ///
  /// - Parameter isApart: whether the processes do not wait for each other.
  static func start(
    _ environments: EnvironmentOptions, _ workers: WorkerOptions?, isApart: Bool
  ) throws -> RunEnvironments {
    guard let workers else {
      return isApart ? .processesApart(try environments.startApart()) : .processes(try environments.start())
    }
    if let threads = workers.record.threads {
      var started: [RemoteVectorEnvironment] = []
      do {
        for number in 0..<threads {
          started.append(
            try environments.start(environments: workers.share(number, of: environments.wantedEnvironments)))
        }
        return .threads(try started.map { try ThreadWorker($0) }, in: started)
      } catch {
        RemoteVectorEnvironment.close(started)
        throw error
      }
    }
    if workers.record.command == nil { try environments.requireProgram() }
    return .workers(
      try workers.start(environments: environments.wantedEnvironments, environmentCommand: environments.command))
  }

  /// Those that are stepped together.
  var groups: [any VectorEnvironment] {
    switch self {
    case .processes(let environment): [environment]
    case .processesApart(let environments): environments
    case .workers(let workers): workers
    case .threads(let workers, _): workers
    }
  }

  /// The first of the processes of this run's own; nil for workers.
  var firstProcess: RemoteVectorEnvironment? {
    switch self {
    case .processes(let environment): environment
    case .processesApart(let environments), .threads(_, let environments): environments.first
    case .workers: nil
    }
  }

  /// What each sub-environment is called.
  var spec: EnvironmentSpec { groups.first?.spec ?? EnvironmentSpec() }
  /// How many there are.
  var count: Int { groups.reduce(0) { $0 + $1.count } }
  /// How often something was started anew because it had failed.
  var restartCount: Int { groups.reduce(0) { $0 + $1.restartCount } }
  /// How many steps of sub-environments were lost with it.
  var lostSteps: Int {
    switch self {
    case .processes(let environment): environment.lostSteps
    case .processesApart(let environments): environments.reduce(0) { $0 + $1.lostSteps }
    case .workers(let workers): workers.reduce(0) { $0 + $1.lostSteps }
    case .threads(_, let environments): environments.reduce(0) { $0 + $1.lostSteps }
    }
  }

  /// Lets something choose the options of episodes; workers know of none.
  func choose(_ options: (any EpisodeOptions)?) {
    switch self {
    case .processes(let environment): environment.episodeOptions = options
    case .processesApart(let environments):
      var first = 0
      for environment in environments {
        environment.episodeOptions = first == 0 ? options : options.map { LaterEpisodeOptions($0, from: first) }
        first += environment.count
      }
    case .workers, .threads: break
    }
  }

  /// Goes on as soon as so many processes or workers have answered; nil where all wait for each other.
  func firstAnswers(_ count: Int?) -> FirstAnswers? {
    guard let count else { return nil }
    switch self {
    case .processesApart(let environments):
      return FirstAnswers(count) { RemoteVectorEnvironment.awaitAnswer(of: environments) }
    case .workers(let workers): return FirstAnswers(count) { RemoteWorker.awaitAnswer(of: workers) }
    case .threads: return FirstAnswers(count) {}
    case .processes: return nil
    }
  }

  /// Tells workers which algorithm they act for.
  func prepare(_ settings: SettingValues) throws {
    let json = try JSONEncoder().encode(settings)
    switch self {
    case .processes, .processesApart: break
    case .workers(let workers):
      for worker in workers { try worker.prepare(settings: String(decoding: json, as: UTF8.self)) }
    case .threads(let workers, _):
      for worker in workers { try json.withUnsafeBytes { try worker.prepare(settings: $0) } }
    }
  }

  /// Ends the processes in an orderly way.
  func close() {
    switch self {
    case .processes(let environment): environment.close()
    case .processesApart(let environments): RemoteVectorEnvironment.close(environments)
    case .workers(let workers): RemoteWorker.close(workers)
    case .threads(_, let environments): RemoteVectorEnvironment.close(environments)
    }
  }
}
