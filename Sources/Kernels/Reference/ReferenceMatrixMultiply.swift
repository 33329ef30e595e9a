extension Reference {
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
      for unit in 0..<outputSize {
        var total = Double(bias[unit])
        for index in 0..<inputSize {
          total += Double(input[row * inputSize + index]) * Double(weights[unit * inputSize + index])
        }
        output[row * outputSize + unit] = Float(total)
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
      for index in 0..<inputSize {
        var total = 0.0
        for unit in 0..<outputSize {
          total += Double(outputGradient[row * outputSize + unit]) * Double(weights[unit * inputSize + index])
        }
        inputGradient[row * inputSize + index] = Float(total)
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
    for unit in 0..<outputSize {
      var biasTotal = Double(biasGradient[unit])
      for row in 0..<rows {
        biasTotal += Double(outputGradient[row * outputSize + unit])
      }
      biasGradient[unit] = Float(biasTotal)
      for index in 0..<inputSize {
        var total = Double(weightGradient[unit * inputSize + index])
        for row in 0..<rows {
          total += Double(outputGradient[row * outputSize + unit]) * Double(input[row * inputSize + index])
        }
        weightGradient[unit * inputSize + index] = Float(total)
      }
    }
  }
}
