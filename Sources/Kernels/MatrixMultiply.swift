extension Kernel {
  /// A dense layer: Y = X·Wᵀ + b.
  ///
  /// Shapes: `input` rows × inputSize, `weights` outputSize × inputSize, `bias` outputSize, `output` rows × outputSize.
  public static func affine(
    _ input: UnsafePointer<Float>,
    rows: Int,
    inputSize: Int,
    weights: UnsafePointer<Float>,
    bias: UnsafePointer<Float>,
    outputSize: Int,
    into output: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<rows {
      let x = input + row * inputSize
      let y = output + row * outputSize
      for unit in 0..<outputSize {
        y[unit] = bias[unit] + floatDot(x, weights + unit * inputSize, count: inputSize)
      }
    }
  }

  /// The gradient of a dense layer with respect to its input: dX = dY·W.
  ///
  /// Shapes: `outputGradient` rows × outputSize, `weights` outputSize × inputSize, `inputGradient` rows × inputSize.
  public static func affineInputGradient(
    _ outputGradient: UnsafePointer<Float>,
    rows: Int,
    outputSize: Int,
    weights: UnsafePointer<Float>,
    inputSize: Int,
    into inputGradient: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<rows {
      let dx = inputGradient + row * inputSize
      dx.update(repeating: 0, count: inputSize)
      for unit in 0..<outputSize {
        accumulate(
          outputGradient[row * outputSize + unit],
          times: weights + unit * inputSize,
          count: inputSize,
          into: dx
        )
      }
    }
  }

  /// Adds the gradient of a dense layer with respect to its parameters: dW += dYᵀ·X and db += the column sums of dY.
  ///
  /// Shapes: `outputGradient` rows × outputSize, `input` rows × inputSize, `weightGradient` outputSize × inputSize,
  /// `biasGradient` outputSize.
  public static func accumulateAffineParameterGradient(
    _ outputGradient: UnsafePointer<Float>,
    rows: Int,
    outputSize: Int,
    input: UnsafePointer<Float>,
    inputSize: Int,
    weightGradient: UnsafeMutablePointer<Float>,
    biasGradient: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<rows {
      let x = input + row * inputSize
      let dy = outputGradient + row * outputSize
      for unit in 0..<outputSize {
        biasGradient[unit] += dy[unit]
        accumulate(dy[unit], times: x, count: inputSize, into: weightGradient + unit * inputSize)
      }
    }
  }

  private static func floatDot(_ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, count: Int) -> Float {
    let vectors = count & ~7
    var lanes = SIMD8<Float>.zero
    var index = 0
    while index < vectors {
      let a = UnsafeRawPointer(left + index).loadUnaligned(as: SIMD8<Float>.self)
      let b = UnsafeRawPointer(right + index).loadUnaligned(as: SIMD8<Float>.self)
      lanes += a * b
      index += 8
    }
    var total = lanes.sum()
    while index < count {
      total += left[index] * right[index]
      index += 1
    }
    return total
  }
}
