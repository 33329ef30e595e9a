extension Reference {
  /// 2 · `pairs` standard normal numbers from as many even ones: √(-2 ln v) cos 2πw and √(-2 ln v) sin 2πw.
  ///
  /// `uniforms` has the numbers v, each above 0 and at most 1, and then the numbers w, each at least 0 and below 1;
  /// `output` receives the cosines and then the sines.
  public static func normalNumbers(
    _ uniforms: UnsafePointer<Float>,
    pairs: Int,
    into output: UnsafeMutablePointer<Float>
  ) {
    for index in 0..<pairs {
      let radius = (-2 * libraryLog(Double(uniforms[index]))).squareRoot()
      let angle = 2 * Double.pi * Double(uniforms[pairs + index])
      output[index] = Float(radius * libraryCosine(angle))
      output[pairs + index] = Float(radius * librarySine(angle))
    }
  }
}
