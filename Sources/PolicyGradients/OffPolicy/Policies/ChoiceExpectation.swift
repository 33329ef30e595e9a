/// Expectations over the choices of a Discrete, which are sums, and the gradient of an entropy-regularised one.
public enum ChoiceExpectation {
  /// H = -Σ π ln π and Σ π Q of a row.
  public static func of(
    _ logs: UnsafePointer<Float>, _ values: UnsafePointer<Float>, _ count: Int
  ) -> (entropy: Float, worth: Float) {
    var (entropy, worth): (Float, Float) = (0, 0)
    for choice in 0..<count where logs[choice] > -.infinity {
      let probability = exponential(logs[choice])
      entropy -= probability * logs[choice]
      worth += probability * values[choice]
    }
    return (entropy, worth)
  }

  /// Writes w · ∂/∂z of Σ π (α ln π - Q), which is π_b (α ln π_b - Q_b - Σ π (α ln π - Q)); returns H and Σ π Q.
  public static func gradient(
    _ logs: UnsafePointer<Float>, _ values: UnsafePointer<Float>, _ count: Int, temperature: Float, weight: Float,
    into gradient: UnsafeMutablePointer<Float>
  ) -> (entropy: Float, worth: Float) {
    let (entropy, worth) = of(logs, values, count)
    let loss = -temperature * entropy - worth
    for choice in 0..<count {
      guard logs[choice] > -.infinity else {
        gradient[choice] = 0
        continue
      }
      let cost = temperature * logs[choice] - values[choice]
      gradient[choice] = weight * exponential(logs[choice]) * (cost - loss)
    }
    return (entropy, worth)
  }
}
