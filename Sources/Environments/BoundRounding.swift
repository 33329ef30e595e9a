extension ScalarType {
  /// A bound as a number of this type: what text says is rounded to a Double, then to the type (protocol/SPEC.md 8.1).
  public func rounded(_ bound: Double) -> Double {
    switch self {
    case .float32: return Double(Float(bound))
    case .float16:
      let number = FlatArray(.float16, count: 1)
      number.set(bound, at: 0)
      return number.double(at: 0)
    default: return bound
    }
  }
}
