import Environments
import JSONLines

/// The server's side of one conversation with a worker, which acts in environments of its own.
public final class WorkerConversation: ServerConversation {
  /// Makes the worker with as many sub-environments as are wanted, or fewer; throws where it cannot be made.
  public typealias Making = (_ wantedEnvironments: Int?) throws -> any RolloutWorker

  private let make: Making
  private var worker: (any RolloutWorker)?

  /// Begins a conversation with a worker that is made when the driver has said hello.
  ///
  /// - Parameter serverName: the name of the server's software, told in hello.
  public init(serverName: String, make: @escaping Making) {
    self.make = make
    super.init(role: .worker, serverName: serverName, features: [.batch, .b64, .mask])
  }

  override func prepare(_ answer: inout HelloReply, for hello: HelloRequest) throws(ErrorReply) {
    guard features.contains(.batch), features.contains(.b64) else {
      throw ErrorReply(.badMessage, "hello with a worker needs the features batch and b64")
    }
    let worker: any RolloutWorker
    do { worker = try make(hello.wantedEnvironments) } catch {
      throw ErrorReply(.environmentError, "the environments cannot be started: \(error)", isFatal: true)
    }
    self.worker = worker
    let environment = worker.environment
    answer.spec = environment.spec
    answer.environmentCount = environment.count
    (answer.observationSpace, answer.actionSpace) = (environment.observationSpace, environment.actionSpace)
    if environment.outcome.masks.width == 0 { answer.features.removeAll { $0 == .mask } }
  }

  override func perform(_ name: String, _ members: Request.Members, id: Int64) throws(ErrorReply) -> Bool {
    guard let operation = WorkerOperation(rawValue: name) else { return false }
    switch operation {
    case .prepare:
      guard try members.settings.isPresent("settings"), let settings = members.settings?.valueBytes else {
        throw ErrorReply(.badMessage, "prepare needs \"settings\", the algorithm and its settings")
      }
      let worker = try greeted()
      do { try worker.prepare(settings: settings) } catch { throw ErrorReply(.badMessage, "\(error)") }
      EmptyReply().write(id: id, to: &reply)
    case .reset:
      let worker = try greeted()
      let seed = try members.seed.plain("seed", otherwise: .badSeed)?.seed(plus: worker.environment.count - 1)
      do { try worker.reset(seed: seed) } catch { throw .failure(error) }
      let outcome = worker.environment.outcome
      ResetReply(outcome, rows: 0..<outcome.count, form: form, isMasked: outcome.masks.width > 0)
        .write(id: id, to: &reply)
    case .collect:
      let order = try CollectRequest.order(members)
      let worker = try greeted()
      let rollout: Rollout
      do { rollout = try worker.collect(order) } catch let refusal as RolloutRefusal {
        throw ErrorReply(.badMessage, refusal.description)
      } catch {
        throw .failure(error)
      }
      CollectReply.write(rollout, id: id, isMasked: rollout.outcome.masks.width > 0, to: &reply)
    case .gradient:
      let order = try GradientRequest.order(members)
      let worker = try greeted()
      let answer: GradientAnswer?
      do { answer = try worker.gradients(order) } catch let refusal as RolloutRefusal {
        throw ErrorReply(.badMessage, refusal.description)
      } catch {
        throw .failure(error)
      }
      guard let answer else { throw ErrorReply(.internal, "the steps were interrupted", isFatal: true) }
      GradientReply.write(answer, id: id, to: &reply)
    }
    return true
  }

  private func greeted() throws(ErrorReply) -> any RolloutWorker {
    try requireGreeting()
    guard let worker else { throw ErrorReply(.notReady, "hello has to come first") }
    return worker
  }
}

extension ErrorReply {
  /// An environment that has failed leaves a worker without use: another one takes its place.
  fileprivate static func failure(_ error: any Error) -> ErrorReply {
    ErrorReply(.environmentError, "\(error)", isFatal: true)
  }
}
