extension Reference {
  /// The hyperbolic tangent of each element; `output` may be `input`.
  public static func tanh(_ input: UnsafePointer<Float>, count: Int, into output: UnsafeMutablePointer<Float>) {
    for index in 0..<count {
      output[index] = Float(libraryTanh(Double(input[index])))
    }
  }

  /// The gradient through tanh, from its output y: dx = dy·(1 - y²); `inputGradient` may be `outputGradient`.
  public static func tanhGradient(
    _ outputGradient: UnsafePointer<Float>,
    output: UnsafePointer<Float>,
    count: Int,
    into inputGradient: UnsafeMutablePointer<Float>
  ) {
    for index in 0..<count {
      let y = Double(output[index])
      inputGradient[index] = Float(Double(outputGradient[index]) * (1 - y * y))
    }
  }

  /// max(x, 0) of each element, keeping NaN; `output` may be `input`.
  public static func relu(_ input: UnsafePointer<Float>, count: Int, into output: UnsafeMutablePointer<Float>) {
    for index in 0..<count {
      output[index] = input[index] <= 0 ? 0 : input[index]
    }
  }

  /// The gradient through relu, from its output y: dx = dy where y > 0, else 0; `inputGradient` may be `outputGradient`.
  public static func reluGradient(
    _ outputGradient: UnsafePointer<Float>,
    output: UnsafePointer<Float>,
    count: Int,
    into inputGradient: UnsafeMutablePointer<Float>
  ) {
    for index in 0..<count {
      inputGradient[index] = output[index] > 0 ? outputGradient[index] : 0
    }
  }

  /// e to the power of each element; `output` may be `input`.
  public static func exp(_ input: UnsafePointer<Float>, count: Int, into output: UnsafeMutablePointer<Float>) {
    for index in 0..<count {
      output[index] = Float(libraryExp(Double(input[index])))
    }
  }

  /// The natural logarithm of each softmax probability, row by row: z - max - ln Σ exp(z - max).
  ///
  /// A row needs at least one finite element; -infinity (a masked action) stays -infinity. `output` may be `input`.
  public static func logSoftmax(
    _ input: UnsafePointer<Float>,
    rows: Int,
    columns: Int,
    into output: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<rows {
      let start = row * columns
      var largest = -Double.infinity
      for column in 0..<columns {
        largest = Swift.max(largest, Double(input[start + column]))
      }
      var total = 0.0
      for column in 0..<columns {
        total += libraryExp(Double(input[start + column]) - largest)
      }
      let shift = largest + libraryLog(total)
      for column in 0..<columns {
        output[start + column] = Float(Double(input[start + column]) - shift)
      }
    }
  }
}
