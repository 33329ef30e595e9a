import Environments
import Testing

/// States that are kept, SPEC 15.5 and 15.6.
@Suite("The state of an environment")
struct StateCarrierTests {
  /// A place that is rolled, and a truth value.
  private struct Dice: Environment {
    var place = 0
    var isHigh = false
    var generator = PCG64(seed: 1)
    var spec: EnvironmentSpec { EnvironmentSpec(id: "Dice") }
    var observationSpace: Space { .discrete(Discrete(6)) }
    var actionSpace: Space { .discrete(Discrete(2)) }
    static var offersStates: Bool { true }

    mutating func reset(seed: UInt64?, options: [String: PlainValue]) -> Int {
      if let seed { generator = PCG64(seed: seed) }
      return roll()
    }
    mutating func step(_ action: Int) -> Transition<Int> { Transition(roll(), reward: Double(place)) }
    private mutating func roll() -> Int {
      place = Int(generator.next() % 6)
      isHigh = place > 3
      return place
    }
    mutating func carryState(_ carrier: inout StateCarrier) throws(EnvironmentError) {
      try carrier.carry(&place, in: 0...5)
      try carrier.carry(&isHigh)
      try carrier.carry(&generator)
    }
  }

  private let batch = EnvironmentArray(count: 2) { TimeLimit(Dice(), steps: 3) }
  private let outcome: StepBatch
  private let actions: ValueBatch

  init() throws {
    outcome = StepBatch(observationSpace: batch.observationSpace, count: 2)
    actions = ValueBatch(batch.actionSpace, count: 2)
    for index in 0..<2 { try batch.reset(index, seed: 7, options: [:], into: outcome.observations, row: index) }
  }

  /// The rewards of some steps of both, and where they were truncated.
  private func play() throws -> [[String]] {
    try (0..<3).map { _ in
      try batch.step(0..<2, actions: actions, into: outcome)
      return (0..<2).map { "\(outcome.rewards[$0]) \(outcome.isTruncated[$0])" }
    }
  }

  @Test("brings the same steps again, its limit of steps included, in the one that it is given to")
  func again() throws {
    try batch.step(0..<2, actions: actions, into: outcome)
    let state = try batch.state(of: 0)
    let first = try play()
    try batch.restore(1, to: state)
    let second = try play()
    #expect(second.map { $0[1] } == first.map { $0[0] })
    #expect(second.map { $0[0] } != first.map { $0[0] })
  }

  @Test("is refused as a whole where a part of it cannot be used")
  func refused() throws {
    let state = try batch.state(of: 0)
    let digits = state.dropFirst("Dice:".count)
    let odd = "Dice:" + String(repeating: "f", count: 16) + digits.dropFirst(16)
    let late = "Dice:" + digits.dropLast(16) + "0000000000000004"
    let even = "Dice:" + digits.dropLast(17) + "0" + digits.suffix(16)
    for text in [
      "", "Dice:", "Cards:" + digits, String(state.dropLast()), String(state.dropLast(16)),
      state + String(repeating: "0", count: 16), "Dice:+" + digits.dropFirst(), odd, late, even,
    ] {
      #expect(throws: EnvironmentError.self, "\(text)") { try batch.restore(0, to: text) }
      #expect(try batch.state(of: 0) == state)
    }
  }

  @Test("has no number that is not finite")
  func finite() {
    var number = 1.0
    var carrier = StateCarrier([Double.nan.bitPattern])
    #expect(throws: EnvironmentError.self) { try carrier.carry(&number) }
    var single: Float = 1
    var wide = StateCarrier([(0.1).bitPattern])
    #expect(throws: EnvironmentError.self) { try wide.carry(&single) }
    #expect(number == 1 && single == 1)
  }
}
