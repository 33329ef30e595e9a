/// What can be wrong with a network's description or with numbers loaded into it.
public enum NetworkError: Error, Equatable, CustomStringConvertible {
  /// The layer sizes cannot be built.
  case unusableSizes([Int], reason: String)
  /// An array has the wrong number of elements.
  case wrongCount(what: String, expected: Int, actual: Int)
  /// A saved optimiser state belongs to another kind of optimiser.
  case wrongOptimizer(expected: String, actual: String)
  /// A loaded number is NaN or infinite.
  case notFinite(what: String, index: Int)

  /// A sentence for the user.
  public var description: String {
    switch self {
    case .unusableSizes(let sizes, let reason):
      "The layer sizes \(sizes) cannot be built: \(reason)."
    case .wrongCount(let what, let expected, let actual):
      "The \(what) should have \(expected) numbers and has \(actual); it was saved for another architecture."
    case .wrongOptimizer(let expected, let actual):
      "The saved optimiser state is for \(actual), and this run uses \(expected); choose the same optimiser."
    case .notFinite(let what, let index):
      "Number \(index) of the \(what) is not finite; the file is damaged or the training run had diverged."
    }
  }
}
