// M·t, M being the Fisher matrix of a distribution's own parameters: how KL(old ‖ new) curves where both are equal.

extension Categorical {
  /// M = diag(p) - p pᵀ.
  public func addFisherProduct(
    _ logits: UnsafePointer<Float>, of tangent: UnsafePointer<Float>, weight: Float,
    into product: UnsafeMutablePointer<Float>
  ) {
    let scale = normalization(logits)
    var mean: Float = 0
    for index in 0..<choices { mean += exponential(scale.logProbability(logits[index])) * tangent[index] }
    for index in 0..<choices {
      product[index] += weight * exponential(scale.logProbability(logits[index])) * (tangent[index] - mean)
    }
  }
}

extension DiagonalGaussian {
  /// M = 1/σ² for μ and 2 for ln σ.
  public func addFisherProduct(
    _ parameters: UnsafePointer<Float>, of tangent: UnsafePointer<Float>, weight: Float,
    into product: UnsafeMutablePointer<Float>
  ) {
    for index in 0..<dimensions {
      product[index] += weight * exponential(-2 * parameters[dimensions + index]) * tangent[index]
      product[dimensions + index] += weight * 2 * tangent[dimensions + index]
    }
  }
}

extension Bernoulli {
  /// M = p (1 - p).
  public func addFisherProduct(
    _ logit: UnsafePointer<Float>, of tangent: UnsafePointer<Float>, weight: Float,
    into product: UnsafeMutablePointer<Float>
  ) {
    let probability = sigmoid(logit[0])
    product[0] += weight * probability * (1 - probability) * tangent[0]
  }
}

extension ProductDistribution {
  /// Adds w·M·t of each row, w being `weight` and t its tangents, to `products`.
  public func addFisherProducts(
    _ parameters: UnsafePointer<Float>, of tangents: UnsafePointer<Float>, rows: Int, weight: Float,
    into products: UnsafeMutablePointer<Float>
  ) {
    for part in parts {
      for row in 0..<rows {
        let first = row * parameterCount + part.parameterOffset
        let (z, t, m) = (parameters + first, tangents + first, products + first)
        switch part.factor {
        case .categorical(let family): family.addFisherProduct(z, of: t, weight: weight, into: m)
        case .gaussian(let family): family.addFisherProduct(z, of: t, weight: weight, into: m)
        case .bernoulli(let family): family.addFisherProduct(z, of: t, weight: weight, into: m)
        }
      }
    }
  }
}
