/// Independent parts, one beside the other: what a policy over any supported action space is.
///
/// The parameters of the parts follow each other, and so do their actions. ln π, entropy and divergence are sums.
public struct ProductDistribution: Distribution {
  /// One of the elementary families.
  public enum Factor: Sendable {
    /// A choice.
    case categorical(Categorical)
    /// Real numbers.
    case gaussian(DiagonalGaussian)
    /// A bit.
    case bernoulli(Bernoulli)
  }

  struct Part: Sendable {
    let factor: Factor
    let parameterOffset: Int
    let actionOffset: Int
  }

  let parts: [Part]
  /// The sum over the parts.
  public let parameterCount: Int
  /// The sum over the parts.
  public let actionCount: Int

  /// Creates the product of `factors`, in order.
  public init(_ factors: [Factor]) {
    var parts: [Part] = []
    var (parameters, actions) = (0, 0)
    for factor in factors {
      parts.append(Part(factor: factor, parameterOffset: parameters, actionOffset: actions))
      parameters += factor.family.parameterCount
      actions += factor.family.actionCount
    }
    self.parts = parts
    parameterCount = parameters
    actionCount = actions
  }

  /// Where the parameters are that a network does not have to compute from the observation: every ln σ.
  public var logSigmaColumns: [Int] {
    parts.flatMap { part -> [Int] in
      guard case .gaussian(let gaussian) = part.factor else { return [] }
      let first = part.parameterOffset + gaussian.dimensions
      return Array(first..<first + gaussian.dimensions)
    }
  }

  /// Draws the parts in order.
  public func sample(
    _ parameters: UnsafePointer<Float>,
    using generator: inout some RandomNumberGenerator,
    into action: UnsafeMutablePointer<Float>
  ) {
    for part in parts {
      let (z, a) = (parameters + part.parameterOffset, action + part.actionOffset)
      switch part.factor {
      case .categorical(let family): family.sample(z, using: &generator, into: a)
      case .gaussian(let family): family.sample(z, using: &generator, into: a)
      case .bernoulli(let family): family.sample(z, using: &generator, into: a)
      }
    }
  }

  /// The mode of each part.
  public func mode(_ parameters: UnsafePointer<Float>, into action: UnsafeMutablePointer<Float>) {
    for part in parts {
      let (z, a) = (parameters + part.parameterOffset, action + part.actionOffset)
      switch part.factor {
      case .categorical(let family): family.mode(z, into: a)
      case .gaussian(let family): family.mode(z, into: a)
      case .bernoulli(let family): family.mode(z, into: a)
      }
    }
  }

  /// The sum of the parts' logarithms.
  public func logProbability(_ parameters: UnsafePointer<Float>, of action: UnsafePointer<Float>) -> Float {
    var sum: Float = 0
    for part in parts {
      let (z, a) = (parameters + part.parameterOffset, action + part.actionOffset)
      switch part.factor {
      case .categorical(let family): sum += family.logProbability(z, of: a)
      case .gaussian(let family): sum += family.logProbability(z, of: a)
      case .bernoulli(let family): sum += family.logProbability(z, of: a)
      }
    }
    return sum
  }

  /// The sum of the parts' entropies.
  public func entropy(_ parameters: UnsafePointer<Float>) -> Float {
    var sum: Float = 0
    for part in parts {
      let z = parameters + part.parameterOffset
      switch part.factor {
      case .categorical(let family): sum += family.entropy(z)
      case .gaussian(let family): sum += family.entropy(z)
      case .bernoulli(let family): sum += family.entropy(z)
      }
    }
    return sum
  }

  /// The sum of the parts' divergences.
  public func divergence(from old: UnsafePointer<Float>, to new: UnsafePointer<Float>) -> Float {
    var sum: Float = 0
    for part in parts {
      let (p, q) = (old + part.parameterOffset, new + part.parameterOffset)
      switch part.factor {
      case .categorical(let family): sum += family.divergence(from: p, to: q)
      case .gaussian(let family): sum += family.divergence(from: p, to: q)
      case .bernoulli(let family): sum += family.divergence(from: p, to: q)
      }
    }
    return sum
  }

  /// Each part's gradient at its own place.
  public func addGradient(
    _ parameters: UnsafePointer<Float>,
    of action: UnsafePointer<Float>,
    weight: Float,
    entropyWeight: Float,
    into gradient: UnsafeMutablePointer<Float>
  ) {
    for part in parts {
      let (z, a) = (parameters + part.parameterOffset, action + part.actionOffset)
      let g = gradient + part.parameterOffset
      switch part.factor {
      case .categorical(let family):
        family.addGradient(z, of: a, weight: weight, entropyWeight: entropyWeight, into: g)
      case .gaussian(let family):
        family.addGradient(z, of: a, weight: weight, entropyWeight: entropyWeight, into: g)
      case .bernoulli(let family):
        family.addGradient(z, of: a, weight: weight, entropyWeight: entropyWeight, into: g)
      }
    }
  }
}

extension ProductDistribution.Factor {
  var family: any Distribution {
    switch self {
    case .categorical(let family): family
    case .gaussian(let family): family
    case .bernoulli(let family): family
    }
  }
}
