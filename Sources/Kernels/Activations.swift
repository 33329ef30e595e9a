extension Kernel {
  /// The hyperbolic tangent of each element; `output` may be `input`.
  public static func tanh(_ input: UnsafePointer<Float>, count: Int, into output: UnsafeMutablePointer<Float>) {
    for index in 0..<count {
      output[index] = libraryTanh(input[index])
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
      inputGradient[index] = outputGradient[index] * (1 - output[index] * output[index])
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
      output[index] = libraryExp(input[index])
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
      let z = input + row * columns
      let y = output + row * columns
      var largest = -Float.infinity
      for column in 0..<columns {
        largest = z[column] > largest ? z[column] : largest
      }
      var total: Float = 0
      for column in 0..<columns {
        total += libraryExp(z[column] - largest)
      }
      let logTotal = libraryLog(total)
      for column in 0..<columns {
        y[column] = z[column] - largest - logTotal
      }
    }
  }
}
