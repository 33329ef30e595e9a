import Environments
import SpaceCoding

/// One vector environment of a run, and which of the run's sub-environments its rows are.
final class EnvironmentGroup {
  let environment: any VectorEnvironment
  /// The same where it acts by itself, with a copy of the policy; nil where it is told what to do.
  let rollouts: (any RolloutEnvironment)?
  /// The run's index of the first sub-environment.
  let first: Int
  let count: Int
  let actions: ValueBatch
  let observationEncoder: ObservationEncoder
  let finalEncoder: ObservationEncoder
  let actionEncoder: ActionEncoder
  /// The version of the policy that a worker acts by.
  var policyVersion = 0
  /// Whether it computes a step, or a worker as many as it was asked for.
  var isUnderWay = false
  /// Whether it has answered, as far as anybody has asked.
  var hasAnswered = false

  init(_ environment: any VectorEnvironment, first: Int, _ wrappers: Wrappers) throws(TrainingError) {
    self.environment = environment
    rollouts = environment as? any RolloutEnvironment
    self.first = first
    count = environment.count
    actions = ValueBatch(environment.actionSpace, count: environment.count)
    observationEncoder = try ObservationEncoder(environment.observationSpace, wrappers: wrappers)
    finalEncoder = try ObservationEncoder(environment.observationSpace, wrappers: wrappers)
    actionEncoder = try ActionEncoder(environment.actionSpace, wrappers: wrappers)
    let (maskWidth, expected) = (environment.outcome.masks.width, actionEncoder.distribution.maskCount)
    guard maskWidth == 0 || maskWidth == expected else {
      throw .unusableMask(environment: first, reason: "it has \(maskWidth) numbers instead of \(expected)")
    }
  }

  /// The run's indices of the sub-environments.
  var streams: Range<Int> { first..<first + count }

  /// Encodes some rows; throws where one cannot be learned from.
  func encode(
    _ observations: ValueBatch, _ rows: Range<Int>, _ encoder: ObservationEncoder,
    into target: UnsafeMutablePointer<Float>
  ) throws(TrainingError) {
    encoder.encode(observations, rows: rows, into: target)
    if let (row, reason) = encoder.problem(in: target, rows: rows.count) {
      throw .unusableObservation(environment: first + rows.lowerBound + row, reason: reason)
    }
  }

  /// The groups of several vector environments, which must have the same spaces.
  static func all(
    _ environments: [any VectorEnvironment], _ wrappers: Wrappers
  ) throws(TrainingError) -> [EnvironmentGroup] {
    var groups: [EnvironmentGroup] = []
    var first = 0
    for environment in environments {
      groups.append(try EnvironmentGroup(environment, first: first, wrappers))
      first += environment.count
      let reference = environments[0]
      guard
        environment.observationSpace == reference.observationSpace,
        environment.actionSpace == reference.actionSpace
      else {
        throw .differentSpace(
          what: "the spaces of the first environment process,",
          expected: "\(reference.observationSpace.text) and \(reference.actionSpace.text)",
          actual: "\(environment.observationSpace.text) and \(environment.actionSpace.text)"
        )
      }
    }
    guard first > 0 else {
      throw .unusableSetting(name: "number of environments", value: "0", requirement: "at least 1")
    }
    return groups
  }
}
