import NeuralNetworks

/// A step along a direction that is shortened until it is accepted.
///
/// Source: J. Schulman et al., "Trust Region Policy Optimization" (2015, arXiv 1502.05477), appendix C.
public struct LineSearch {
  /// How many lengths are tried.
  public let tries: Int
  /// How much shorter each is than the one before, between 0 and 1.
  public let factor: Double

  /// Creates a search.
  public init(tries: Int, factor: Double) {
    self.tries = tries
    self.factor = factor
  }

  /// Moves `parameters` along `direction` by the first length that is accepted, and returns how many were tried.
  ///
  /// The lengths are `longest`, `longest`·c, `longest`·c² and so on. If none of them is accepted the result is nil, and
  /// every bit is as it was.
  public func move(
    _ parameters: Parameters, along direction: UnsafePointer<Float>, longest: Double, isAccepted: () -> Bool
  ) -> Int? {
    let start = parameters.array
    var length = longest
    for trial in 1...max(tries, 1) {
      parameters.move(along: direction, by: length)
      if isAccepted() { return trial }
      for index in 0..<parameters.count { parameters.values[index] = start[index] }
      length *= factor
    }
    return nil
  }
}
