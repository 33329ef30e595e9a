import Environments
import Foundation
import PolicyGradients
import Testing

@Suite("Squashed Gaussian")
struct SquashedGaussianTests {
  private let family = SquashedGaussian(dimensions: 1)

  @Test(
    "The density integrates to 1", arguments: [(0.0, -0.5), (0.8, 0.3), (-1.5, -2.0), (0.3, 0.6)] as [(Float, Float)])
  func density(parameters: (Float, Float)) {
    // In steps of x rather than u, so that the ends, where the density may be steep, are seen finely.
    var total = 0.0
    let step: Float = 0.001
    for index in -9_000..<9_000 {
      let x = (Float(index) + 0.5) * step
      let u = tanhf(x)
      let slope = 1 - Double(u) * Double(u)
      guard slope > 0 else { continue }
      total += Double(expf(family.logProbability([parameters.0, parameters.1], of: [u]))) * slope * Double(step)
    }
    #expect(abs(total - 1) < 5e-3)
  }

  @Test("ln π of what was drawn is the same from its noise and from the action")
  func logarithmsAgree() {
    var generator = PCG64(seed: 1)
    for _ in 0..<500 {
      let z: [Float] = [Float(generator.uniform(-1, 1)), Float(generator.uniform(-2, 0.3))]
      var (action, log): ([Float], [Float]) = ([0], [0])
      family.sample(
        z, noise: [Float(generator.uniform(-2, 2))], rows: 1, into: &action, stride: 1, logProbabilities: &log)
      #expect(abs(family.logProbability(z, of: action) - log[0]) < 2e-3)
    }
  }

  @Test("ln(1 - tanh²x) is right where the formula as it stands is not")
  func slope() {
    #expect(abs(SquashedGaussian.logSlope(20) - (2 * 0.693_147_2 - 40)) < 1e-4)
    #expect(abs(SquashedGaussian.logSlope(-20) - (2 * 0.693_147_2 - 40)) < 1e-4)
    #expect(abs(SquashedGaussian.logSlope(0)) < 1e-6)
  }

  @Test("The reparameterised gradient is that of finite differences")
  func gradient() {
    let family = SquashedGaussian(dimensions: 2)
    var generator = PCG64(seed: 2)
    for _ in 0..<50 {
      let z = (0..<4).map { Float(generator.uniform(-1, 1) - ($0 > 1 ? 0.5 : 0)) }
      let noise = (0..<2).map { _ in Float(generator.normal()) }
      let slopes = (0..<2).map { _ in Float(generator.normal()) }
      let weight: Float = 0.3
      func value(_ z: [Float]) -> Double {
        var (u, log): ([Float], [Float]) = ([0, 0], [0])
        family.sample(z, noise: noise, rows: 1, into: &u, stride: 2, logProbabilities: &log)
        return Double(slopes[0]) * Double(u[0]) + Double(slopes[1]) * Double(u[1]) + Double(weight) * Double(log[0])
      }
      var (u, gradient): ([Float], [Float]) = ([0, 0], [0, 0, 0, 0])
      family.sample(z, noise: noise, rows: 1, into: &u, stride: 2, logProbabilities: nil)
      family.reparameterizedGradient(
        z, noise: noise, rows: 1, actions: u, stride: 2, actionGradients: slopes, logWeight: weight, into: &gradient)
      for index in 0..<4 {
        var (up, down) = (z, z)
        up[index] += 1e-2
        down[index] -= 1e-2
        let difference = (value(up) - value(down)) / Double(up[index] - down[index])
        #expect(abs(difference - Double(gradient[index])) < 2e-3 * (1 + abs(difference)))
      }
    }
  }

  @Test("Box actions are scaled to their bounds and back, and unbounded ones are refused in a sentence")
  func scaling() throws {
    let space = Space.box(Box(shape: [2], low: .each([-2, 1]), high: .each([2, 5])))
    let scaling = try ActionScaling(space)
    var actions: [Float] = [0, 0, 0, 0, 0, 0]
    scaling.scale([-1, 1, 0, 0, 0.5, -3], rows: 3, into: &actions)
    #expect(actions == [-2, 5, 0, 3, 1, 1])
    var units: [Float] = [0, 0, 0, 0]
    scaling.unscale([-2, 5, 1, 9], rows: 2, into: &units)
    #expect(units == [-1, 1, 0.5, 1])
    #expect(abs(scaling.logVolume - 2 * 0.693_147_2) < 1e-6)
    #expect(throws: TrainingError.self) {
      try ActionScaling(.box(Box(shape: [1], low: .same(-.infinity), high: .same(1))))
    }
  }

  @Test("Ornstein-Uhlenbeck noise hangs together in time, Gaussian noise does not", arguments: NoiseKind.allCases)
  func noise(kind: NoiseKind) {
    var noise = ExplorationNoise(kind, deviation: 0.01, width: 1)
    var generator = PCG64(seed: 4)
    noise.reset(stream: 2)
    let values = (0..<20_000).map { _ in
      var action: [Float] = [0]
      noise.add(to: &action, stream: 2, using: &generator)
      return Double(action[0])
    }
    let variance = values.reduce(0) { $0 + $1 * $1 } / 20_000
    let together = zip(values, values.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / 20_000 / variance
    #expect(abs(together - (kind == .ou ? 0.85 : 0)) < 0.05)
    // σ² / (1 - 0.85²) of the process.
    #expect(abs(variance / (kind == .ou ? 1e-4 / (1 - 0.7225) : 1e-4) - 1) < 0.15)
  }
}
