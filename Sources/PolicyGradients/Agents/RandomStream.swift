import Environments

/// The independent streams of random numbers that one seed gives.
enum RandomStream: UInt32 {
  /// The first numbers of the networks.
  case initialization
  /// The actions of each sub-environment.
  case actions
  /// The seeds of the sub-environments, by epoch.
  case environments
  /// The order of rows in minibatches.
  case minibatches
  /// The seeds of evaluation episodes.
  case evaluation
  /// The actions of evaluation episodes, by episode.
  case evaluationActions
  /// The options of each sub-environment's episodes.
  case options

  func generator(_ seed: UInt64, _ index: UInt64 = 0) -> PCG64 {
    PCG64(seed: seed, stream: rawValue, UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32))
  }
}
