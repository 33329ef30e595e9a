import ClassicControl
import Environments
import Testing

@Suite("A batch of any size is so many single environments")
struct BatchSizeTests {
  static let counts = [1, 2, 3, 7, 8, 9, 16, 17, 64, 1000]

  @Test(
    "every number and flag of every row is the single one's, bit for bit, through ends of both kinds",
    arguments: counts
  )
  func cartPole(count: Int) throws {
    var ends = Ends()
    try compare(count: count, steps: 420, &ends) {
      CartPole(.v0).limited()
    } policy: { row, seen in
      // Every third pole is held upright until the limit; the others soon fall.
      row % 3 == 0 ? (seen.angle + seen.angularVelocity / 2 + seen.velocity / 20 > 0 ? 1 : 0) : nil
    }
    #expect(ends.terminated > 0 || count == 1)
    #expect(ends.truncated > 0)
  }

  @Test("so it is with Sutton and Barto's reward", arguments: counts)
  func suttonBartoReward(count: Int) throws {
    var ends = Ends()
    try compare(count: count, steps: 100, &ends) {
      CartPole(usesSuttonBartoReward: true).limited()
    } policy: { _, _ in
      nil
    }
    #expect(ends.terminated > 0)
  }

  @Test("so it is with the pole that hangs", arguments: counts, CartPoleSwingUp.Version.allCases)
  func swingUp(count: Int, version: CartPoleSwingUp.Version) throws {
    var ends = Ends()
    try compare(count: count, steps: 520, &ends) {
      CartPoleSwingUp(version).limited()
    } policy: { row, seen in
      // Every third cart is only pushed back to the middle, and the others as it happens.
      row % 3 == 0 ? SwingUpAction(push: -seen.position - seen.velocity) : nil
    }
    #expect(ends.terminated > 0 || count < 8)
    #expect(ends.truncated > 0)
  }

  @Test("so it is with the pendulum", arguments: counts)
  func pendulum(count: Int) throws {
    var ends = Ends()
    try compare(count: count, steps: 220, &ends) {
      Pendulum().limited()
    } policy: { _, _ in
      nil
    }
    #expect(ends.truncated == count)
  }

  @Test("the rows of a part are stepped, and no others", arguments: [0..<3, 5..<6, 7..<60, 63..<64, 64..<64])
  func parts(rows: Range<Int>) throws {
    let array = EnvironmentArray(count: 64) { CartPole().limited() }
    let outcome = StepBatch(observationSpace: array.observationSpace, count: 64)
    for row in 0..<64 { try array.reset(row, seed: UInt64(row), options: [:], into: outcome.observations, row: row) }
    let before = try (0..<64).map { try CartPoleObservation.load(from: outcome.observations, row: $0) }
    try array.step(rows, actions: ValueBatch(array.actionSpace, count: 64), into: outcome)
    for row in 0..<64 {
      var single = CartPole()
      var expected = try single.reset(seed: UInt64(row), options: [:])
      #expect(before[row] == expected)
      if rows.contains(row) { expected = try single.step(0).observation }
      #expect(try CartPoleObservation.load(from: outcome.observations, row: row) == expected)
      #expect(outcome.rewards[row] == (rows.contains(row) ? 1 : 0))
    }
  }

  @Test("one wrong action among many is named, and then no pole has moved", arguments: [0, 1, 15, 16, 17])
  func wrongAction(row: Int) throws {
    let array = EnvironmentArray(count: 18) { CartPole().limited() }
    let outcome = StepBatch(observationSpace: array.observationSpace, count: 18)
    let actions = ValueBatch(array.actionSpace, count: 18)
    for row in 0..<18 { try array.reset(row, seed: 1, options: [:], into: outcome.observations, row: row) }
    try (-7).store(in: actions, row: row)
    #expect(throws: EnvironmentError.invalidValue("action -7 is outside Discrete(n=2)")) {
      try array.step(0..<18, actions: actions, into: outcome)
    }
    try 0.store(in: actions, row: row)
    try array.step(0..<18, actions: actions, into: outcome)
    var single = CartPole()
    _ = try single.reset(seed: 1, options: [:])
    let expected = try single.step(0).observation
    for row in 0..<18 { #expect(try CartPoleObservation.load(from: outcome.observations, row: row) == expected) }
  }
}

extension BatchSizeTests {
  private struct Ends {
    var terminated = 0
    var truncated = 0
  }

  /// Steps the batch and as many environments of its type one by one; where `policy` has no action, a random one.
  private func compare<Base: Environment>(
    count: Int, steps: Int, _ ends: inout Ends, _ make: @escaping () -> TimeLimit<Base>,
    policy: (_ row: Int, _ seen: Base.Observation) -> Base.Action?
  ) throws where Base.Observation: Equatable {
    let array = EnvironmentArray(count: count, make: make)
    var singles = (0..<count).map { _ in make() }
    let outcome = StepBatch(observationSpace: array.observationSpace, count: count)
    let actions = ValueBatch(array.actionSpace, count: count)
    var generator = PCG64(seed: UInt64(count))
    var seen: [Base.Observation] = []
    for row in 0..<count {
      try array.reset(row, seed: UInt64(row), options: [:], into: outcome.observations, row: row)
      seen.append(try singles[row].reset(seed: UInt64(row), options: [:]))
    }
    var differences = 0
    for _ in 0..<steps {
      try actions.fillUniformly(using: &generator)
      for row in 0..<count { try policy(row, seen[row])?.store(in: actions, row: row) }
      try array.step(0..<count, actions: actions, into: outcome)
      for row in 0..<count {
        let transition = try singles[row].step(Base.Action.load(from: actions, row: row))
        seen[row] = transition.observation
        let observation = try Base.Observation.load(from: outcome.observations, row: row)
        let isSame =
          observation == seen[row] && outcome.rewards[row] == transition.reward
          && outcome.isTerminated[row] == transition.isTerminated && outcome.isTruncated[row] == transition.isTruncated
        if !isSame { differences += 1 }
        if transition.isTerminated { ends.terminated += 1 }
        if transition.isTruncated { ends.truncated += 1 }
        guard transition.isTerminated || transition.isTruncated else { continue }
        try array.reset(row, seed: nil, options: [:], into: outcome.observations, row: row)
        seen[row] = try singles[row].reset(seed: nil, options: [:])
      }
    }
    #expect(differences == 0)
  }
}
