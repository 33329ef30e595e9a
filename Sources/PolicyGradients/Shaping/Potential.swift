/// Φ(o): how near to the goal an observation is, as somebody thinks; on the scale of the rewards that are still to come.
public protocol Potential: AnyObject {
  /// Writes Φ of each of `rows` encoded observations, not normalised, to `values`.
  func evaluate(_ observations: UnsafePointer<Float>, rows: Int, into values: UnsafeMutablePointer<Double>)
}
