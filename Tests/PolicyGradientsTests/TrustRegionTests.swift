import Environments
import NeuralNetworks
import PolicyGradients
import Testing

@Suite("What trust regions are made of")
struct TrustRegionTests {
  /// A policy, what it saw, and the distributions that it computed.
  private final class Scene {
    let policy: PolicyNetwork
    let batch: RolloutBuffer
    let distributions: [Float]
    let distribution: ProductDistribution
    private let workspace = PolicyWorkspace()

    init(_ kind: PolicyKind, steps: Int = 60) throws {
      let settings = configuration("trpo") {
        $0.hiddenSizes = [6]
        $0.initialization = .torch
        $0.sigmaForm = kind.sigmaForm
      }
      policy = try onPolicyAgent(settings, observationWidth: 3, actionSpace: kind.actionSpace).learner.policy
      distribution = policy.distribution
      batch = randomBatch(for: policy, observationWidth: 3, steps: steps, masks: kind.masks)
      let parameters = policy.forward(batch.observations, rows: batch.rows, workspace)
      Self.prepare(parameters, batch, 0..<batch.rows, distribution)
      distributions = Array(UnsafeBufferPointer(start: parameters, count: batch.rows * distribution.parameterCount))
    }

    private static func prepare(
      _ parameters: UnsafeMutablePointer<Float>, _ batch: RolloutBuffer, _ rows: Range<Int>,
      _ distribution: ProductDistribution
    ) {
      for row in 0..<(batch.maskWidth > 0 ? rows.count : 0) {
        let mask = batch.masks + (rows.lowerBound + row) * batch.maskWidth
        _ = distribution.apply(mask: mask, to: parameters + row * distribution.parameterCount)
      }
      distribution.normalize(parameters, rows: rows.count)
    }

    /// The gradient of the mean KL from the recorded distributions to those of the policy as it is now.
    func divergenceGradient() -> [Float] {
      let (distribution, width) = (distribution, distribution.parameterCount)
      policy.parameters.zeroGradients()
      policy.accumulateGradients(batch.observations, rows: batch.rows, workspace) { block, parameters, gradient in
        Self.prepare(parameters, batch, block, distribution)
        distributions.withUnsafeBufferPointer { old in
          guard let old = old.baseAddress else { return }
          distribution.normalized.addDivergenceGradients(
            from: old + block.lowerBound * width, to: parameters, rows: block.count, weight: 1 / Float(batch.rows),
            into: gradient)
        }
      }
      return Array(policy.parameters.gradients)
    }

    func fisherProduct(_ direction: [Float]) -> [Float] {
      var product = [Float](repeating: .nan, count: direction.count)
      FisherVectorProduct().multiply(
        policy, batch.observations, distributions: distributions, rows: batch.rows, by: direction, into: &product)
      return product
    }

    func direction(seed: UInt64) -> [Float] {
      var generator = PCG64(seed: seed)
      return (0..<policy.parameters.count).map { _ in Float(generator.normal()) }
    }
  }

  @Test("F v is the difference of the gradients of KL on both sides of the policy", arguments: PolicyKind.all)
  func fisherProduct(kind: PolicyKind) throws {
    let scene = try Scene(kind)
    let (direction, step) = (scene.direction(seed: 1), Float(5e-3))
    let product = scene.fisherProduct(direction)
    let start = scene.policy.parameters.array
    func gradient(at length: Float) throws -> [Float] {
      try scene.policy.parameters.load(zip(start, direction).map { $0 + length * $1 })
      return scene.divergenceGradient()
    }
    let differences = try zip(gradient(at: step), gradient(at: -step)).map { ($0 - $1) / (2 * step) }
    let error = zip(product, differences).map { ($0 - $1) * ($0 - $1) }.reduce(0, +).squareRoot()
    let norm = product.map { $0 * $0 }.reduce(0, +).squareRoot()
    #expect(norm > 0.01)
    #expect(error < 2e-3 * norm, "\(error) of \(norm)")
  }

  @Test("F is symmetric and nowhere negative", arguments: PolicyKind.all)
  func symmetry(kind: PolicyKind) throws {
    let scene = try Scene(kind, steps: 5)
    let (u, v) = (scene.direction(seed: 2), scene.direction(seed: 3))
    let (one, other) = (dot(u, scene.fisherProduct(v)), dot(v, scene.fisherProduct(u)))
    #expect(abs(one - other) < 1e-4 * max(1, abs(one)))
    #expect(dot(v, scene.fisherProduct(v)) > 0)
  }

  @Test("the gradient of KL is the slope of KL, and 0 where nothing has changed", arguments: PolicyKind.all)
  func divergenceGradient(kind: PolicyKind) throws {
    let scene = try Scene(kind, steps: 5)
    #expect(scene.divergenceGradient().allSatisfy { abs($0) < 1e-6 })
    let (distribution, rows) = (scene.distribution.normalized, scene.batch.rows)
    let width = distribution.parameterCount
    // Normalised parameters of choices would no longer be so; a draw of other logits is normalised anew.
    var generator = PCG64(seed: 4)
    let other = scene.distributions.map { $0 + 0.5 * Float(generator.normal()) }
    func divergence(_ logits: [Float]) -> Float {
      var (new, sums) = (logits, [Float](repeating: 0, count: rows))
      scene.distribution.normalize(&new, rows: rows)
      distribution.divergences(from: scene.distributions, to: new, rows: rows, into: &sums)
      return sums.reduce(0, +)
    }
    var (normalized, gradient) = (other, [Float](repeating: 0, count: rows * width))
    scene.distribution.normalize(&normalized, rows: rows)
    distribution.addDivergenceGradients(
      from: scene.distributions, to: normalized, rows: rows, weight: 1, into: &gradient)
    for index in gradient.indices where other[index] > -.infinity {
      var (above, below) = (other, other)
      above[index] += 1e-2
      below[index] -= 1e-2
      let slope = (divergence(above) - divergence(below)) / 2e-2
      #expect(abs(slope - gradient[index]) < 2e-3 * max(1, abs(slope)), "number \(index)")
    }
  }

  private func dot(_ left: [Float], _ right: [Float]) -> Float { zip(left, right).map { $0 * $1 }.reduce(0, +) }
}

@Suite("Conjugate gradient")
struct ConjugateGradientTests {
  // A symmetric, positive definite matrix and the solution of A x = b, worked out by hand: A (1, −2, 3) = (4, −5, 10).
  static let matrix: [[Float]] = [[3, 1, 1], [1, 4, 0.666_666_7], [1, 0.666_666_7, 3.444_444_4]]
  static let solution: [Float] = [1, -2, 3]

  private func multiply(_ vector: UnsafePointer<Float>, into product: UnsafeMutablePointer<Float>) {
    for (row, numbers) in Self.matrix.enumerated() {
      product[row] = numbers.indices.map { numbers[$0] * vector[$0] }.reduce(0, +)
    }
  }

  @Test("solves a system of three equations in three steps, and again with the same memory")
  func solves() {
    let solver = ConjugateGradient(count: 3)
    defer { withExtendedLifetime(solver) {} }
    for scale in [Float(1), -7] {
      var target = [Float](repeating: 0, count: 3)
      multiply(Self.solution, into: &target)
      target = target.map { scale * $0 }
      var products = 0
      let solution = solver.solve(target, iterations: 3) {
        multiply($0, into: $1)
        products += 1
      }
      for index in 0..<3 { #expect(abs(solution[index] - scale * Self.solution[index]) < 1e-4 * abs(scale)) }
      #expect(products <= 3)
    }
  }

  @Test("comes nearer with every step, and stops where nothing is left to solve")
  func stops() {
    let solver = ConjugateGradient(count: 3)
    defer { withExtendedLifetime(solver) {} }
    let target: [Float] = [4, -5, 10]
    var errors: [Float] = []
    for iterations in 0...2 {
      let solution = solver.solve(target, iterations: iterations) { multiply($0, into: $1) }
      // The error in the norm of A, which is what each step makes least.
      let error = (0..<3).map { solution[$0] - Self.solved(target)[$0] }
      var product = [Float](repeating: 0, count: 3)
      multiply(error, into: &product)
      errors.append(zip(error, product).map { $0 * $1 }.reduce(0, +))
    }
    #expect(errors[0] > errors[1] && errors[1] > errors[2])
    var products = 0
    let nothing = solver.solve([0, 0, 0] as [Float], iterations: 10) {
      multiply($0, into: $1)
      products += 1
    }
    #expect(products == 0 && nothing[0] == 0)
  }

  /// Cramer's rule.
  private static func solved(_ target: [Float]) -> [Float] {
    func determinant(_ m: [[Float]]) -> Float {
      m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
        + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    }
    return (0..<3).map { column in
      var replaced = matrix
      for row in 0..<3 { replaced[row][column] = target[row] }
      return determinant(replaced) / determinant(matrix)
    }
  }
}

@Suite("A line search")
struct LineSearchTests {
  @Test("takes the first length that is accepted", arguments: [(1, Float(8)), (2, 4), (4, 1)])
  func accepted(trial: Int, length: Float) throws {
    let parameters = Parameters(count: 3)
    try parameters.load([1, 2, 3])
    var tried = 0
    let direction: [Float] = [1, 0, -2]
    let taken = LineSearch(tries: 4, factor: 0.5).move(parameters, along: direction, longest: 8) {
      tried += 1
      return tried == trial
    }
    #expect(taken == trial)
    #expect(parameters.array == [1 + length, 2, 3 - 2 * length])
  }

  @Test("leaves every bit as it was if no length is accepted")
  func refused() throws {
    let parameters = Parameters(count: 3)
    let start: [Float] = [0.1, -0.2, 1e-30]
    try parameters.load(start)
    var tried = 0
    let direction: [Float] = [1, 1e8, 3]
    let taken = LineSearch(tries: 10, factor: 0.8).move(parameters, along: direction, longest: 1) {
      tried += 1
      return false
    }
    #expect(taken == nil && tried == 10)
    #expect(parameters.array.map(\.bitPattern) == start.map(\.bitPattern))
  }
}
