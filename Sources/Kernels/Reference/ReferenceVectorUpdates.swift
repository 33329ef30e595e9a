extension Reference {
  /// y += α·x.
  public static func accumulate(
    _ scale: Float,
    times values: UnsafePointer<Float>,
    count: Int,
    into target: UnsafeMutablePointer<Float>
  ) {
    for index in 0..<count {
      target[index] = Float(Double(target[index]) + Double(scale) * Double(values[index]))
    }
  }

  /// y += τ·(x - y), by which a slow copy follows what it was copied from.
  public static func move(
    _ target: UnsafeMutablePointer<Float>,
    towards source: UnsafePointer<Float>,
    rate: Float,
    count: Int
  ) {
    for index in 0..<count {
      let old = Double(target[index])
      target[index] = Float(old + Double(rate) * (Double(source[index]) - old))
    }
  }
}
