import Environments
import Foundation
import PolicyGradients
import Testing

@Suite("Truncated importance weights")
struct TruncatedImportanceTests {
  /// A bandit of four arms, the last forbidden: what each pays, and two policies that are far from each other.
  private let payments: [Float] = [1, -2, 0.5, 9]
  private let policy: [Float] = [logf(0.7), logf(0.2), logf(0.1), -.infinity]
  private let behaviour: [Float] = [logf(0.02), logf(0.18), logf(0.8), -.infinity]

  /// V = Σ π Q.
  private func value(_ values: [Float]) -> Float { (0..<3).reduce(0) { $0 + expf(policy[$1]) * values[$1] } }

  /// ∂(Σ π r)/∂z_j = π_j (r_j - Σ π r).
  private var truth: [Float] { (0..<3).map { expf(policy[$0]) * (payments[$0] - value(payments)) } + [0] }

  private func gradient(_ rule: TruncatedImportance, arm: Int, payment: Float, values: [Float]) -> [Float] {
    var gradient = [Float](repeating: 0, count: 4)
    rule.addGradient(
      policy, behaviour: behaviour, count: 4, action: arm, ratio: expf(policy[arm] - behaviour[arm]), values: values,
      advantage: payment - value(values), value: value(values), into: &gradient)
    return gradient
  }

  /// The mean over what the behaviour does, exactly.
  private func mean(limit: Double, values: [Float]) -> [Float] {
    let rule = TruncatedImportance(limit: limit)
    var mean = [Float](repeating: 0, count: 4)
    for arm in 0..<3 {
      let gradient = gradient(rule, arm: arm, payment: payments[arm], values: values)
      for index in 0..<4 { mean[index] += expf(behaviour[arm]) * gradient[index] }
    }
    return mean
  }

  private func distance(_ one: [Float], _ other: [Float]) -> Float {
    zip(one, other).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  @Test("With the second term the mean over the behaviour is the gradient, to 1e-5", arguments: [0.5, 1, 5, 34, 1e6])
  func unbiased(limit: Double) {
    #expect(distance(mean(limit: limit, values: payments), truth) < 1e-5)
  }

  @Test("Without it the mean is wrong by more than 0.1: the second term is what puts it right")
  func biasedWithout() {
    // The greatest ratio is 35. Where Q is V for every arm, the second term is nothing.
    let rule = TruncatedImportance(limit: 5)
    var mean = [Float](repeating: 0, count: 4)
    let level = value(payments)
    for arm in 0..<3 {
      let flat = gradient(rule, arm: arm, payment: payments[arm], values: [level, level, level, level])
      for index in 0..<4 { mean[index] += expf(behaviour[arm]) * flat[index] }
    }
    #expect(distance(mean, truth) > 0.1)
  }

  @Test("A mean over 200,000 noisy payments is within five standard errors, which are below 0.02")
  func sampled() {
    let (rule, rounds) = (TruncatedImportance(limit: 2), 200_000)
    var generator = PCG64(seed: 21)
    var (sums, squares) = ([Double](repeating: 0, count: 3), [Double](repeating: 0, count: 3))
    for _ in 0..<rounds {
      let number = Float(generator.uniform())
      let arm = number < expf(behaviour[0]) ? 0 : number < expf(behaviour[0]) + expf(behaviour[1]) ? 1 : 2
      let payment = payments[arm] + Float(generator.normal())
      let gradient = gradient(rule, arm: arm, payment: payment, values: payments)
      for index in 0..<3 {
        sums[index] += Double(gradient[index])
        squares[index] += Double(gradient[index] * gradient[index])
      }
    }
    for index in 0..<3 {
      let mean = sums[index] / Double(rounds)
      let error = ((squares[index] / Double(rounds) - mean * mean) / Double(rounds)).squareRoot()
      #expect(error < 0.02)
      #expect(abs(mean - Double(truth[index])) < 5 * error)
    }
  }

  @Test("For a Box, too, a mean over 200,000 samples is within five standard errors, which are below 0.1")
  func sampledNumbers() {
    // π = N(0.5, 0.6²), μ = N(-1, 0.8²); a number pays -(a - 2)², so that J = -(0.5 - 2)² - 0.6².
    let family = DiagonalGaussian(dimensions: 1)
    let (policy, behaviour): ([Float], [Float]) = ([0.5, logf(0.6)], [-1, logf(0.8)])
    let truth = [3.0, -2 * 0.36]
    let value: Float = -(1.5 * 1.5) - 0.36
    let (rule, rounds) = (TruncatedImportance(limit: 3), 200_000)
    func ratio(_ action: Float) -> Float {
      expf(family.logProbability(policy, of: [action]) - family.logProbability(behaviour, of: [action]))
    }
    func worth(_ action: Float) -> Float { -(action - 2) * (action - 2) }
    var generator = PCG64(seed: 22)
    var (sums, squares) = ([0.0, 0], [0.0, 0])
    for _ in 0..<rounds {
      let action = behaviour[0] + 0.8 * Float(generator.normal())
      let other = policy[0] + 0.6 * Float(generator.normal())
      var gradient: [Float] = [0, 0]
      let (own, correction) = (rule.weight(ratio(action)), rule.correction(ratio(other)))
      #expect(own <= 3 && (0..<1).contains(correction))
      family.addGradient(policy, of: [action], weight: own * (worth(action) - value), entropyWeight: 0, into: &gradient)
      family.addGradient(
        policy, of: [other], weight: correction * (worth(other) - value), entropyWeight: 0, into: &gradient)
      for index in 0..<2 {
        sums[index] += Double(gradient[index])
        squares[index] += Double(gradient[index] * gradient[index])
      }
    }
    for index in 0..<2 {
      let mean = sums[index] / Double(rounds)
      let error = ((squares[index] / Double(rounds) - mean * mean) / Double(rounds)).squareRoot()
      #expect(error < 0.1)
      #expect(abs(mean - truth[index]) < 5 * error)
    }
  }

  @Test("The gradient is that of finite differences of min(c, ρ) ln π(a) Â + Σ [1 - c/ρ]₊ π ln π(b) (Q - V)")
  func finiteDifferences() {
    let rule = TruncatedImportance(limit: 2)
    var logits: [Float] = [0.4, -0.3, 0.9, -.infinity]
    let values: [Float] = [1, -1, 0.3, 7]
    let mu: [Float] = [logf(0.05), logf(0.15), logf(0.8), -.infinity]
    func logs() -> [Float] {
      let sum = logits.reduce(0) { $0 + expf($1) }
      return logits.map { $0 - logf(sum) }
    }
    let start = logs()
    for action in 0..<3 {
      let ratio = expf(start[action] - mu[action])
      var gradient = [Float](repeating: 0, count: 4)
      rule.addGradient(
        start, behaviour: mu, count: 4, action: action, ratio: ratio, values: values, advantage: 0.7, value: 0.2,
        into: &gradient)
      func loss() -> Float {
        let now = logs()
        var sum = min(2, ratio) * now[action] * 0.7
        for other in 0..<3 {
          let weight = max(0, 1 - 2 / expf(start[other] - mu[other]))
          sum += weight * expf(start[other]) * now[other] * (values[other] - 0.2)
        }
        return sum
      }
      #expect(gradient[3] == 0)
      for index in 0..<3 {
        logits[index] += 5e-3
        let up = loss()
        logits[index] -= 1e-2
        let down = loss()
        logits[index] += 5e-3
        #expect(abs((up - down) / 1e-2 - gradient[index]) < 2e-3)
      }
    }
  }

  @Test("What somebody unknown has done teaches by Q alone")
  func unknown() {
    var gradient = [Float](repeating: 0, count: 4)
    TruncatedImportance(limit: 10).addGradient(
      policy, behaviour: Array(repeating: -.infinity, count: 4), count: 4, action: 1, ratio: 0, values: payments,
      advantage: 1e6, value: value(payments), into: &gradient)
    #expect(distance(gradient, truth) < 1e-5)
  }
}
