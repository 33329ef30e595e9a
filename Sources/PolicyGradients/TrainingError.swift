/// What stops a run before it begins or while it learns; each description is a whole sentence for the user.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
  /// A space, or a member of one, that no policy here can observe or act in.
  case unsupportedSpace(path: String, kind: String, reason: String)
  /// A setting outside its range, or one that contradicts another.
  case unusableSetting(name: String, value: String, requirement: String)
  /// An environment sent an observation that cannot be learned from.
  case unusableObservation(environment: Int, reason: String)
  /// An environment sent a reward that is not a finite number.
  case unusableReward(environment: Int, value: Double)
  /// A potential that no rewards can be shaped by.
  case unusablePotential(reason: String)
  /// An environment forbade every action, or sent a mask of another length.
  case unusableMask(environment: Int, reason: String)
  /// The numbers of the policy or the value function ran away.
  case diverged(quantity: String, update: Int)
  /// Somebody asked to stop in the middle of an update.
  case interrupted
  /// A policy or checkpoint file that does not hold what it should.
  case unusableFile(what: String, reason: String)
  /// A policy or checkpoint meets an environment with other spaces than it was made for.
  case differentSpace(what: String, expected: String, actual: String)

  /// The sentence.
  public var description: String {
    switch self {
    case .unsupportedSpace(let path, let kind, let reason):
      "The space at \(path) is a \(kind), and \(reason)."
    case .unusableSetting(let name, let value, let requirement):
      "The setting \(name) is \(value), but it has to be \(requirement)."
    case .unusableObservation(let environment, let reason):
      "The observation of environment \(environment) cannot be learned from: \(reason)."
    case .unusableReward(let environment, let value):
      "The reward of environment \(environment) is \(value), and only a finite number can be learned from."
    case .unusablePotential(let reason):
      "The potential cannot shape rewards: \(reason)."
    case .unusableMask(let environment, let reason):
      "The action mask of environment \(environment) cannot be used: \(reason)."
    case .diverged(let quantity, let update):
      "The \(quantity) is no longer finite at update \(update); lower the learning rates, or clip the gradient."
    case .interrupted:
      "The update was interrupted; what was learned before it is kept."
    case .unusableFile(let what, let reason):
      "The \(what) cannot be used: \(reason)."
    case .differentSpace(let what, let expected, let actual):
      "The policy was made for \(what) \(expected), but the environment has \(actual)."
    }
  }
}
