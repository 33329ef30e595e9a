import ClassicControl
import Environments
import Testing

@Suite("CartPoleSwingUp is the registered task")
struct CartPoleSwingUpTests {
  @Test("an episode starts hanging: normal numbers of deviation 0.2 around (0, 0, π, 0), rounded to Float")
  func start() throws {
    var environment = CartPoleSwingUp()
    var sums = [0.0, 0, 0, 0]
    var squares = [0.0, 0, 0, 0]
    let count = 20_000
    for index in 0..<count {
      let observation = try environment.reset(seed: index == 0 ? 9 : nil, options: [:])
      let state = environment.state
      #expect(state.numbers == state.numbers.map { Double(Float($0)) })
      #expect(observation.numbers[0] == Float(state.position))
      let deviations = zip(state.numbers, [0, 0, Double.pi, 0]).map { $0 - $1 }
      for number in 0..<4 {
        sums[number] += deviations[number]
        squares[number] += deviations[number] * deviations[number]
      }
    }
    for number in 0..<4 {
      #expect(abs(sums[number] / Double(count)) < 0.006)
      #expect(abs((squares[number] / Double(count)).squareRoot() - 0.2) < 0.005)
    }
  }

  @Test("a seed gives the same start again")
  func seeds() throws {
    var one = CartPoleSwingUp()
    var other = CartPoleSwingUp(.v1)
    #expect(try one.reset(seed: 1, options: [:]) == other.reset(seed: 1, options: [:]))
    #expect(try one.reset(seed: nil, options: [:]) == other.reset(seed: nil, options: [:]))
    #expect(try one.reset(seed: 1, options: [:]) != other.reset(seed: 2, options: [:]))
  }

  @Test(
    "upright and at rest is an equilibrium that earns 1 in both versions", arguments: CartPoleSwingUp.Version.allCases)
  func upright(version: CartPoleSwingUp.Version) throws {
    var environment = CartPoleSwingUp(version)
    let start = CartPoleState([0.5, 0, 0, 0])
    let first = try environment.reset(seed: nil, options: start.option)
    #expect(first.numbers == [0.5, 0, 1, 0, 0])
    for _ in 0..<10 {
      let transition = try environment.step(SwingUpAction(push: 0))
      #expect(transition.reward == 1)
      #expect(!transition.isTerminated && !transition.isTruncated)
    }
    #expect(environment.state == start)
  }

  @Test("tells what part of an episode's steps ended upright, also from where a state was kept: SPEC 11.9, 15.6")
  func uprightPart() throws {
    let batch = EnvironmentArray { TimeLimit(CartPoleSwingUp(), steps: 4) }
    let outcome = StepBatch(observationSpace: batch.observationSpace, count: 1)
    let actions = ValueBatch(batch.actionSpace, count: 1)
    // After one step the cosine is 0.9026, after two 0.8954.
    try batch.reset(
      0, seed: nil, options: CartPoleState([0, 0, 0.43, 1.5]).option, into: outcome.observations, row: 0)
    for _ in 0..<2 { try batch.step(0..<1, actions: actions, into: outcome) }
    #expect(outcome.infos.isEmpty)
    let state = try batch.state(of: 0)
    for _ in 0..<2 { try batch.step(0..<1, actions: actions, into: outcome) }
    #expect(outcome.infos == [0: ["upright": .number(0.25)]])
    outcome.clearInfos()
    try batch.restore(0, to: state)
    for _ in 0..<2 { try batch.stepAndReset(0..<1, actions: actions, into: outcome) }
    #expect(outcome.infos.isEmpty && outcome.finalInfos == [0: ["upright": .number(0.25)]])
  }

  @Test("hanging at rest earns −1 in v0 and 0 in v1")
  func hanging() throws {
    for (version, reward) in [(CartPoleSwingUp.Version.v0, -1.0), (.v1, 0)] {
      var environment = CartPoleSwingUp(version)
      _ = try environment.reset(seed: nil, options: CartPoleState([0, 0, .pi, 0]).option)
      #expect(try environment.step(SwingUpAction(push: 0)).reward == reward)
    }
  }

  @Test("a first push from rest accelerates the cart and the pole by the equations' closed form")
  func closedForm() throws {
    // At rest and upright, s = 0 and c = 1: ẍ = 4F / (4M − 3m), θ̈ = 6F / (4lM − 3ml).
    var environment = CartPoleSwingUp()
    _ = try environment.reset(seed: nil, options: CartPoleState([0, 0, 0, 0]).option)
    _ = try environment.step(SwingUpAction(push: 0.5))
    #expect(abs(environment.state.velocity - 0.01 * 20 / 2.5) < 1e-15)
    #expect(abs(environment.state.angularVelocity - 0.01 * 30 / 1.5) < 1e-15)
    #expect(environment.state.position == 0)
    #expect(environment.state.angle == 0)
  }

  @Test("a push beyond ±1 is clipped", arguments: [(1.5, 1), (-7, -1), (.infinity, 1)] as [(Float, Float)])
  func clipping(push: Float, clipped: Float) throws {
    var one = CartPoleSwingUp()
    var other = CartPoleSwingUp()
    let start = CartPoleState([0, 0.1, 3, 0.2]).option
    _ = try one.reset(seed: nil, options: start)
    _ = try other.reset(seed: nil, options: start)
    _ = try one.step(SwingUpAction(push: push))
    _ = try other.step(SwingUpAction(push: clipped))
    #expect(one.state == other.state)
  }

  @Test(
    "an episode ends strictly beyond ±2.4 m and at no angle",
    arguments: [
      ([2.4, 0, 0, 0], false), ([-2.4, 0, 7, 0], false), ([(2.4).nextUp, 0, 0, 0], true),
      ([-(2.4).nextUp, 0, 0, 0], true),
    ] as [([Double], Bool)]
  )
  func bounds(state: [Double], isTerminated: Bool) throws {
    var environment = CartPoleSwingUp()
    _ = try environment.reset(seed: nil, options: CartPoleState(state).option)
    #expect(try environment.step(SwingUpAction(push: 0)).isTerminated == isTerminated)
  }

  @Test("the spaces and the limit are the registered ones, and there is no threshold")
  func description() {
    let environment = CartPoleSwingUp(.v1).limited()
    let spec = environment.spec
    #expect(spec == EnvironmentSpec(id: "CartPoleSwingUp-v1", maximumEpisodeSteps: 500, about: spec.about))
    #expect(environment.actionSpace == .box(Box(shape: [1], low: .same(-1), high: .same(1))))
    let limit = 3.4028234663852886e38
    #expect(environment.observationSpace == .box(Box(shape: [5], low: .same(-limit), high: .same(limit))))
  }
}
