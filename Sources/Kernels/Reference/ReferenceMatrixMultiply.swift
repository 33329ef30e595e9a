extension Reference {
  /// A dense layer and what follows it: Y = f(X·Wᵀ + b).
  ///
  /// Shapes: `input` rows × inputSize, `weights` outputSize × inputSize, `bias` outputSize, `output` rows × outputSize.
  public static func affine(
    _ input: UnsafePointer<Float>,
    rows: Int,
    inputSize: Int,
    weights: UnsafePointer<Float>,
    bias: UnsafePointer<Float>,
    outputSize: Int,
    function: LayerFunction = .identity,
    into output: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<rows {
      for unit in 0..<outputSize {
        var total = Double(bias[unit])
        for index in 0..<inputSize {
          total += Double(input[row * inputSize + index]) * Double(weights[unit * inputSize + index])
        }
        output[row * outputSize + unit] = Float(value(of: function, at: total))
      }
    }
  }

  private static func value(of function: LayerFunction, at x: Double) -> Double {
    switch function {
    case .identity: x
    case .relu: x <= 0 ? 0 : x
    case .tanh: libraryTanh(x)
    }
  }

  /// The gradient of a dense layer with respect to some of its inputs, those of `columns`: dX = dY·W.
  ///
  /// Shapes: `outputGradient` rows × outputSize, `weights` outputSize × inputSize, `inputGradient` rows × columns.count.
  public static func affineInputGradient(
    _ outputGradient: UnsafePointer<Float>,
    rows: Int,
    outputSize: Int,
    weights: UnsafePointer<Float>,
    inputSize: Int,
    columns: Range<Int>,
    into inputGradient: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<rows {
      for (place, index) in columns.enumerated() {
        var total = 0.0
        for unit in 0..<outputSize {
          total += Double(outputGradient[row * outputSize + unit]) * Double(weights[unit * inputSize + index])
        }
        inputGradient[row * columns.count + place] = Float(total)
      }
    }
  }

  /// The gradient of a dense layer with respect to what a function made its input from: dX = dY·W ⊙ f′, where f′ is found
  /// from the function's output, which is the layer's `input`.
  ///
  /// Shapes: `outputGradient` rows × outputSize, `weights` outputSize × inputSize, `input` and `inputGradient` rows ×
  /// inputSize.
  public static func affineInputGradient(
    _ outputGradient: UnsafePointer<Float>,
    rows: Int,
    outputSize: Int,
    weights: UnsafePointer<Float>,
    inputSize: Int,
    through function: LayerFunction,
    of input: UnsafePointer<Float>,
    into inputGradient: UnsafeMutablePointer<Float>
  ) {
    affineInputGradient(
      outputGradient, rows: rows, outputSize: outputSize, weights: weights, inputSize: inputSize,
      columns: 0..<inputSize, into: inputGradient)
    for index in 0..<rows * inputSize {
      let y = Double(input[index])
      switch function {
      case .identity: break
      case .relu: inputGradient[index] = y > 0 ? inputGradient[index] : 0
      case .tanh: inputGradient[index] = Float(Double(inputGradient[index]) * (1 - y * y))
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
