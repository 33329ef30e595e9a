import Environments

/// One of n choices with the probabilities softmax(z); the parameters are the n logits z, the action is the index.
///
/// A logit of -infinity masks its choice: probability 0, and no gradient. At least one logit has to be finite.
public struct Categorical: Distribution {
  /// The number n of choices.
  public let choices: Int
  /// Whether the parameters have been through ``normalize(_:)``, so that they are the logarithms of the probabilities.
  let isNormalized: Bool

  /// Creates the family of distributions over `choices` choices.
  public init(choices: Int) {
    self.init(choices: choices, isNormalized: false)
  }

  init(choices: Int, isNormalized: Bool) {
    self.choices = choices
    self.isNormalized = isNormalized
  }

  /// One logit for each choice.
  public var parameterCount: Int { choices }
  /// One number, the index of the choice.
  public var actionCount: Int { 1 }

  /// Draws by inversion, from one uniform number, so that streams of random numbers stay aligned.
  public func sample(
    _ logits: UnsafePointer<Float>,
    using generator: inout some RandomNumberGenerator,
    into action: UnsafeMutablePointer<Float>
  ) {
    let largest = self.largest(logits)
    var total: Float = 0
    for index in 0..<choices { total += exponential(logits[index] - largest) }
    var remaining = Float(generator.uniform()) * total
    var chosen = 0
    for index in 0..<choices where logits[index] > -.infinity {
      chosen = index
      remaining -= exponential(logits[index] - largest)
      if remaining < 0 { break }
    }
    action[0] = Float(chosen)
  }

  /// Draws as ``sample(_:using:into:)`` does, but overwrites the logits with scratch values, so that each exponential is
  /// computed once.
  @inline(__always)
  func sample(
    consuming logits: UnsafeMutablePointer<Float>,
    using generator: inout some RandomNumberGenerator,
    into action: UnsafeMutablePointer<Float>
  ) {
    let largest = self.largest(logits)
    var total: Float = 0
    var last = 0
    for index in 0..<choices {
      last = logits[index] > -.infinity ? index : last
      logits[index] = exponential(logits[index] - largest)
      total += logits[index]
    }
    // Counting spares a branch that no processor can predict. A masked choice subtracts nothing, so that the difference
    // does not become negative with it.
    var remaining = Float(generator.uniform()) * total
    var chosen = 0
    for index in 0..<choices {
      remaining -= logits[index]
      chosen += remaining < 0 ? 0 : 1
    }
    action[0] = Float(min(chosen, last))
  }

  /// Replaces each logit by ln p.
  func normalize(_ logits: UnsafeMutablePointer<Float>) {
    let scale = normalization(logits)
    for index in 0..<choices { logits[index] = scale.logProbability(logits[index]) }
  }

  /// The first of the largest logits.
  public func mode(_ logits: UnsafePointer<Float>, into action: UnsafeMutablePointer<Float>) {
    var best = 0
    for index in 1..<max(choices, 1) where logits[index] > logits[best] { best = index }
    action[0] = Float(best)
  }

  /// z_a - ln Σ exp z.
  public func logProbability(_ logits: UnsafePointer<Float>, of action: UnsafePointer<Float>) -> Float {
    let scale = normalization(logits)
    return scale.logProbability(logits[Int(action[0])])
  }

  /// -Σ p ln p.
  public func entropy(_ logits: UnsafePointer<Float>) -> Float {
    let scale = normalization(logits)
    var sum: Float = 0
    for index in 0..<choices where logits[index] > -.infinity {
      let logProbability = scale.logProbability(logits[index])
      sum -= exponential(logProbability) * logProbability
    }
    return sum
  }

  /// Σ p (ln p - ln q).
  public func divergence(from old: UnsafePointer<Float>, to new: UnsafePointer<Float>) -> Float {
    let (oldScale, newScale) = (normalization(old), normalization(new))
    var sum: Float = 0
    for index in 0..<choices where old[index] > -.infinity {
      let logProbability = oldScale.logProbability(old[index])
      sum += exponential(logProbability) * (logProbability - newScale.logProbability(new[index]))
    }
    return sum
  }

  /// ∂ln π(a)/∂z = 1[a] - p, and ∂H/∂z = -p (ln p + H).
  public func addGradient(
    _ logits: UnsafePointer<Float>,
    of action: UnsafePointer<Float>,
    weight: Float,
    entropyWeight: Float,
    into gradient: UnsafeMutablePointer<Float>
  ) {
    let scale = normalization(logits)
    let entropy = entropyWeight == 0 ? 0 : self.entropy(logits)
    for index in 0..<choices where logits[index] > -.infinity {
      let logProbability = scale.logProbability(logits[index])
      let probability = exponential(logProbability)
      gradient[index] -= weight * probability
      if entropyWeight != 0 { gradient[index] -= entropyWeight * probability * (logProbability + entropy) }
    }
    gradient[Int(action[0])] += weight
  }

  /// Adds w ∂H/∂z = -w p (ln p + H) of logits whose entropy H is known.
  func addEntropyGradient(
    _ logits: UnsafePointer<Float>, entropy: Float, weight: Float, into gradient: UnsafeMutablePointer<Float>
  ) {
    guard weight != 0 else { return }
    let scale = normalization(logits)
    for index in 0..<choices where logits[index] > -.infinity {
      let logProbability = scale.logProbability(logits[index])
      gradient[index] -= weight * exponential(logProbability) * (logProbability + entropy)
    }
  }

  private func largest(_ logits: UnsafePointer<Float>) -> Float {
    var largest = -Float.infinity
    for index in 0..<choices { largest = logits[index] > largest ? logits[index] : largest }
    return largest
  }

  func normalization(_ logits: UnsafePointer<Float>) -> Normalization {
    if isNormalized { return Normalization(largest: 0, logTotal: 0) }
    let largest = self.largest(logits)
    var total: Float = 0
    for index in 0..<choices { total += exponential(logits[index] - largest) }
    return Normalization(largest: largest, logTotal: logarithm(total))
  }

  /// ln Σ exp z in two parts, because their sum would lose the smaller one where logits are huge.
  struct Normalization {
    let largest: Float
    let logTotal: Float

    func logProbability(_ logit: Float) -> Float { (logit - largest) - logTotal }
  }
}
