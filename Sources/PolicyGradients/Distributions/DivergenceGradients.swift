// How KL(old ‖ new) changes with the parameters of the new distribution.

extension Categorical {
  /// ∂KL/∂z' = p' - p, the new one being primed.
  public func addDivergenceGradient(
    from old: UnsafePointer<Float>, to new: UnsafePointer<Float>, weight: Float,
    into gradient: UnsafeMutablePointer<Float>
  ) {
    let (oldScale, newScale) = (normalization(old), normalization(new))
    for index in 0..<choices {
      let probability = exponential(oldScale.logProbability(old[index]))
      gradient[index] += weight * (exponential(newScale.logProbability(new[index])) - probability)
    }
  }
}

extension DiagonalGaussian {
  /// ∂KL/∂μ' = (μ' - μ)/σ'² and ∂KL/∂ln σ' = 1 - (σ² + (μ - μ')²)/σ'².
  public func addDivergenceGradient(
    from old: UnsafePointer<Float>, to new: UnsafePointer<Float>, weight: Float,
    into gradient: UnsafeMutablePointer<Float>
  ) {
    for index in 0..<dimensions {
      let inverse = exponential(-new[dimensions + index])
      let ratio = exponential(old[dimensions + index]) * inverse
      let shift = (new[index] - old[index]) * inverse
      gradient[index] += weight * shift * inverse
      gradient[dimensions + index] += weight * (1 - ratio * ratio - shift * shift)
    }
  }
}

extension Bernoulli {
  /// ∂KL/∂z' = p' - p.
  public func addDivergenceGradient(
    from old: UnsafePointer<Float>, to new: UnsafePointer<Float>, weight: Float,
    into gradient: UnsafeMutablePointer<Float>
  ) {
    gradient[0] += weight * (sigmoid(new[0]) - sigmoid(old[0]))
  }
}

extension ProductDistribution {
  /// Adds w·∂KL(old ‖ new)/∂new of each row, w being `weight`, to `gradients`.
  public func addDivergenceGradients(
    from old: UnsafePointer<Float>, to new: UnsafePointer<Float>, rows: Int, weight: Float,
    into gradients: UnsafeMutablePointer<Float>
  ) {
    for part in parts {
      for row in 0..<rows {
        let first = row * parameterCount + part.parameterOffset
        let (p, q, g) = (old + first, new + first, gradients + first)
        switch part.factor {
        case .categorical(let family): family.addDivergenceGradient(from: p, to: q, weight: weight, into: g)
        case .gaussian(let family): family.addDivergenceGradient(from: p, to: q, weight: weight, into: g)
        case .bernoulli(let family): family.addDivergenceGradient(from: p, to: q, weight: weight, into: g)
        }
      }
    }
  }
}
