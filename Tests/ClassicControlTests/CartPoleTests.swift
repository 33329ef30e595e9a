import ClassicControl
import Environments
import Testing

@Suite("CartPole is Gymnasium's")
struct CartPoleTests {
  @Test(
    "a seeded reset starts from Gymnasium's state",
    arguments: [
      (0, [0.013696168732145436, -0.02302132862361297, -0.045902647606380534, -0.04834723644714709]),
      (1, [0.0011821624700256717, 0.045046369632593536, -0.03558403872803663, 0.04486494471372439]),
      (123, [0.018235186324814343, -0.04461789811977773, -0.027964012722738865, -0.03156281893013303]),
    ] as [(UInt64, [Double])]
  )
  func seededReset(seed: UInt64, expected: [Double]) throws {
    var environment = CartPole()
    let observation = try environment.reset(seed: seed, options: [:])
    #expect(environment.state == CartPoleState(expected))
    #expect(observation == CartPoleObservation(CartPoleState(expected)))
  }

  @Test("an unseeded environment starts anywhere within the bounds, and never twice at the same place")
  func unseededReset() throws {
    var one = CartPole()
    var other = CartPole()
    _ = try one.reset(seed: nil, options: [:])
    _ = try other.reset(seed: nil, options: [:])
    #expect(one.state != other.state)
    #expect(one.state.numbers.allSatisfy { $0 >= -0.05 && $0 < 0.05 })
  }

  @Test("the options low and high bound the start and do not stay")
  func bounds() throws {
    var environment = CartPole()
    _ = try environment.reset(seed: 0, options: ["low": .number(0.1), "high": .number(0.2)])
    #expect(environment.state.numbers.allSatisfy { $0 >= 0.1 && $0 < 0.2 })
    _ = try environment.reset(seed: nil, options: ["high": .number(-0.05)])
    #expect(environment.state.numbers == [-0.05, -0.05, -0.05, -0.05])
    _ = try environment.reset(seed: nil, options: [:])
    #expect(environment.state.numbers.allSatisfy { $0 >= -0.05 && $0 < 0.05 })
  }

  @Test("the option state sets the four numbers and draws nothing")
  func stateOption() throws {
    var environment = CartPole()
    let wanted = [0.5, -1, 0.1, 2]
    let observation = try environment.reset(seed: 0, options: ["state": .list(wanted.map { .number($0) })])
    #expect(environment.state.numbers == wanted)
    #expect(observation == CartPoleObservation(CartPoleState(wanted)))
    _ = try environment.reset(seed: nil, options: [:])
    #expect(environment.state.position == 0.013696168732145436)
  }

  @Test("options that nobody knows are ignored, as Gymnasium ignores them")
  func unknownOption() throws {
    var environment = CartPole()
    _ = try environment.reset(seed: 0, options: ["wind": .string("strong")])
    #expect(environment.state.position == 0.013696168732145436)
  }

  @Test(
    "an option that cannot be used is refused by name, before anything has changed",
    arguments: [
      ("low", ["low": .number(0.2)]),
      ("low", ["low": .number(1), "high": .number(-1)]),
      ("high", ["high": .string("0.1")]),
      ("low", ["low": .number(.nan)]),
      ("low", ["low": .number(-Double.greatestFiniteMagnitude), "high": .number(.greatestFiniteMagnitude)]),
      ("high", ["high": .null]),
      ("state", ["state": .number(1)]),
      ("state", ["state": .list([])]),
      ("state", ["state": .list([.number(0), .number(0), .number(0)])]),
      ("state", ["state": .list([.number(0), .number(0), .number(0), .number(.infinity)])]),
      ("state", ["state": .list([.number(0), .number(0), .number(0), .null])]),
      ("state", ["state": .list([.number(0), .number(0), .number(0), .number(0), .boolean(true)])]),
    ] as [(String, [String: PlainValue])]
  )
  func refusedOptions(name: String, options: [String: PlainValue]) throws {
    var environment = CartPole()
    _ = try environment.reset(seed: 5, options: [:])
    var untouched = environment
    let error = #expect(throws: EnvironmentError.self) { try environment.reset(seed: 6, options: options) }
    guard case .invalidOptions(let text)? = error else {
      Issue.record("the error is \(String(describing: error))")
      return
    }
    #expect(text.contains("option \(name)") || text.contains("options \(name)"))
    #expect(environment.state == untouched.state)
    #expect(try environment.reset(seed: nil, options: [:]) == untouched.reset(seed: nil, options: [:]))
  }

  @Test("an action that is neither 0 nor 1 is refused and moves nothing", arguments: [-1, 2, .max])
  func wrongAction(action: Int) throws {
    var environment = CartPole()
    _ = try environment.reset(seed: 5, options: [:])
    let before = environment.state
    #expect(throws: EnvironmentError.invalidValue("action \(action) is outside Discrete(n=2)")) {
      try environment.step(action)
    }
    #expect(environment.state == before)
  }

  @Test(
    "an episode ends strictly beyond the bounds",
    arguments: [
      ([2.4, 0, 0, 0], false), ([-2.4, 0, 0, 0], false), ([(2.4).nextUp, 0, 0, 0], true),
      ([-(2.4).nextUp, 0, 0, 0], true),
      ([0, 0, 0.20943951023931953, 0], false), ([0, 0, -0.20943951023931953, 0], false),
      ([0, 0, (0.20943951023931953).nextUp, 0], true), ([0, 0, -(0.20943951023931953).nextUp, 0], true),
    ] as [([Double], Bool)]
  )
  func bounds(state: [Double], isTerminated: Bool) throws {
    // Without velocities, one explicit Euler step leaves position and angle where they are.
    var environment = CartPole()
    _ = try environment.reset(seed: nil, options: ["state": .list(state.map { .number($0) })])
    let transition = try environment.step(1)
    #expect(transition.isTerminated == isTerminated)
    #expect(!transition.isTruncated)
    #expect(transition.reward == 1)
    #expect(transition.info.isEmpty)
  }

  @Test("by Sutton and Barto's convention only the end is rewarded, with −1", arguments: [0.0, 3.0])
  func suttonBartoReward(position: Double) throws {
    var environment = CartPole(usesSuttonBartoReward: true)
    _ = try environment.reset(seed: nil, options: ["state": .list([position, 0, 0, 0].map { .number($0) })])
    let transition = try environment.step(0)
    #expect(transition.reward == (transition.isTerminated ? -1 : 0))
    #expect(transition.isTerminated == (position > 2.4))
  }

  @Test("the spaces and the description are the registered ones")
  func description() {
    let about = CartPole().spec.about
    #expect(CartPole(.v0).spec == EnvironmentSpec(id: "CartPole-v0", rewardThreshold: 195, about: about))
    #expect(CartPole(.v1).spec == EnvironmentSpec(id: "CartPole-v1", rewardThreshold: 475, about: about))
    #expect(CartPole(.v0).limited().spec.maximumEpisodeSteps == 200)
    #expect(CartPole(.v1).limited().spec.maximumEpisodeSteps == 500)
    #expect(CartPole().actionSpace == .discrete(Discrete(2)))
    let high = [4.800000190734863, .infinity, 0.41887903213500977, .infinity]
    #expect(CartPole().observationSpace == .box(Box(shape: [4], low: .each(high.map { -$0 }), high: .each(high))))
  }
}
