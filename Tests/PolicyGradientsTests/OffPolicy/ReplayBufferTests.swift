import Environments
import PolicyGradients
import Testing

@Suite("Replay")
struct ReplayBufferTests {
  /// A lane whose observations count its steps.
  private func recorded(
    _ episodes: [(first: Float, steps: Int, end: EpisodeEnd)], capacity: Int = 100, isPrioritized: Bool = false
  ) throws -> ReplayBuffer {
    let replay = try ReplayBuffer(
      ReplayLayout(capacity: capacity, observationWidth: 1, actionWidth: 1), isPrioritized: isPrioritized)
    for episode in episodes {
      replay.begin(lane: 0, [episode.first])
      for step in 0..<episode.steps {
        let now = episode.first + Float(step)
        let end = step == episode.steps - 1 ? episode.end : .none
        replay.record(lane: 0, action: [now / 100], reward: now, end: end, next: [now + 1])
      }
    }
    return replay
  }

  private func draw(_ replay: ReplayBuffer, _ rows: Int, steps: Int = 1, discount: Double = 0.5) -> ReplaySample {
    let sample = ReplaySample()
    var generator = PCG64(seed: 3)
    replay.sample(rows, steps: steps, discount: discount, into: sample, using: &generator)
    return sample
  }

  @Test("The observation after a transition is that of its own episode, at every kind of end")
  func nextObservations() throws {
    let replay = try recorded([(10, 3, .terminated), (20, 2, .truncated), (30, 2, .none), (40, 1, .none)])
    #expect(replay.count == 8)
    let sample = draw(replay, 400)
    var seen: Set<Float> = []
    for row in 0..<400 {
      let o = sample.observations[row]
      seen.insert(o)
      #expect(sample.nextObservations[row] == o + 1)
      #expect(sample.rewards[row] == o)
      #expect(sample.actions[row] == o / 100)
      #expect(sample.discounts[row] == (o == 12 ? 0 : 0.5))
    }
    #expect(seen == [10, 11, 12, 20, 21, 30, 31, 40])
  }

  @Test("n-step returns stop at the end of an episode, and where nothing is recorded yet")
  func nStepReturns() throws {
    let replay = try recorded([(10, 4, .terminated), (20, 4, .truncated), (30, 3, .none)])
    let sample = draw(replay, 600, steps: 3)
    /// First observation: rewards, discount, observation after.
    let expected: [Float: (Float, Float, Float)] = [
      10: (10 + 5.5 + 3, 0.125, 13), 11: (11 + 6 + 3.25, 0, 14), 12: (12 + 6.5, 0, 14), 13: (13, 0, 14),
      20: (20 + 10.5 + 5.5, 0.125, 23), 21: (21 + 11 + 5.75, 0.125, 24), 22: (22 + 11.5, 0.25, 24), 23: (23, 0.5, 24),
      30: (30 + 15.5 + 8, 0.125, 33), 31: (31 + 16, 0.25, 33), 32: (32, 0.5, 33),
    ]
    for row in 0..<600 {
      let (rewards, discount, next) = try #require(expected[sample.observations[row]])
      #expect(sample.rewards[row] == rewards)
      #expect(sample.discounts[row] == discount)
      #expect(sample.nextObservations[row] == next)
    }
  }

  @Test("Each transition is drawn as often as any other, and the oldest are forgotten")
  func evenDraws() throws {
    let replay = try recorded([(0, 50, .terminated), (100, 7, .truncated), (200, 1, .terminated)], capacity: 20)
    let sample = draw(replay, 34_000)
    var counts: [Float: Int] = [:]
    for row in 0..<34_000 { counts[sample.observations[row], default: 0] += 1 }
    #expect(counts.count == replay.count)
    #expect(counts.keys.min() == 41)
    let expected = 34_000.0 / Double(replay.count)
    for count in counts.values { #expect(abs(Double(count) - expected) < 6 * expected.squareRoot()) }
  }

  @Test("A priority twice as high is drawn twice as often, and weights make up for it")
  func priorities() throws {
    let replay = try recorded([(0, 3, .none)], isPrioritized: true)
    var generator = PCG64(seed: 5)
    let sample = ReplaySample()
    replay.samplePrioritized(30, discount: 1, importance: 1, into: sample, using: &generator)
    // Observations 0, 1, 2 get the priorities 1, 2, 5.
    replay.updatePriorities(
      of: sample, errors: (0..<30).map { [1, 2, 5][Int(sample.observations[$0])] }, exponent: 1)
    replay.samplePrioritized(8_000, discount: 1, importance: 1, into: sample, using: &generator)
    for (observation, share) in [(0, 1.0), (1, 2.0), (2, 5.0)] {
      let rows = (0..<8_000).filter { sample.observations[$0] == Float(observation) }
      #expect(abs(Double(rows.count) - share * 1_000) <= 1)
      for row in rows { #expect(abs(Double(sample.weights[row]) - 1 / share) < 1e-5) }
    }
  }

  @Test("A forgotten row has no priority, and an infinite error changes none")
  func forgottenPriorities() throws {
    let replay = try recorded([(0, 30, .terminated), (50, 3, .terminated)], capacity: 10, isPrioritized: true)
    let sample = ReplaySample()
    var generator = PCG64(seed: 6)
    replay.samplePrioritized(64, discount: 1, importance: 0.4, into: sample, using: &generator)
    replay.updatePriorities(of: sample, errors: Array(repeating: .infinity, count: 64), exponent: 0.6)
    replay.samplePrioritized(600, discount: 1, importance: 1, into: sample, using: &generator)
    #expect(Set((0..<600).map { sample.observations[$0] }).count == replay.count)
    #expect((0..<600).allSatisfy { abs(sample.weights[$0] - 1) < 1e-4 })
  }

  @Test("Bytes stay bytes, and a million transitions of CartPole take less than 60 MB")
  func compactness() throws {
    let bytes = ReplayLayout(capacity: 100, observationWidth: 50, hasByteObservations: true, actionWidth: 1)
    let replay = try ReplayBuffer(bytes)
    #expect(replay.capacityInBytes < 100 * (50 + 4 + 4 + 1) + 6 * 64)
    replay.begin(lane: 0, (0..<50).map { Float($0 * 5) })
    replay.record(lane: 0, action: [0], reward: 1, end: .terminated, next: Array(repeating: 255, count: 50))
    let sample = draw(replay, 1)
    #expect((0..<50).allSatisfy { sample.observations[$0] == Float($0 * 5) && sample.nextObservations[$0] == 255 })
    // Episodes of ten steps, shorter than those of a random policy.
    let cartPole = ReplayLayout(capacity: 1_100_000, observationWidth: 4, actionWidth: 1, maskWidth: 2)
    #expect(try ReplayBuffer(cartPole).capacityInBytes < 60_000_000)
  }

  @Test("What is written is read to the same bits, and sampled alike", arguments: [false, true])
  func roundTrip(isPrioritized: Bool) throws {
    let replay = try recorded([(0, 25, .terminated), (50, 3, .truncated)], capacity: 20, isPrioritized: isPrioritized)
    let file = MemoryFile()
    replay.write(to: file.append)
    let other = try ReplayBuffer(replay.layout, isPrioritized: isPrioritized)
    try other.read(from: file.next)
    let second = MemoryFile()
    other.write(to: second.append)
    #expect(file.bytes == second.bytes)
    let (one, two) = (draw(replay, 50, steps: 2), draw(other, 50, steps: 2))
    for row in 0..<50 {
      #expect(one.observations[row] == two.observations[row] && one.rewards[row] == two.rewards[row])
    }
    #expect(other.count == replay.count)
  }

  @Test("A file that is damaged anywhere, cut off or of another layout is refused and leaves nothing")
  func damage() throws {
    let replay = try recorded([(0, 25, .terminated)], capacity: 20)
    let file = MemoryFile()
    replay.write(to: file.append)
    for position in stride(from: 0, to: file.bytes.count, by: 7) {
      let damaged = MemoryFile(file.bytes)
      damaged.bytes[position] ^= 0x10
      #expect(throws: (any Error).self) { try replay.read(from: damaged.next) }
      #expect(replay.count == 0)
    }
    #expect(throws: (any Error).self) { try replay.read(from: MemoryFile(Array(file.bytes.dropLast())).next) }
    let other = try ReplayBuffer(ReplayLayout(capacity: 21, observationWidth: 1, actionWidth: 1))
    #expect(throws: (any Error).self) { try other.read(from: MemoryFile(file.bytes).next) }
    try replay.read(from: MemoryFile(file.bytes).next)
    #expect(replay.count > 0)
  }

  @Test(
    "A file with an action that there is not is refused, however good its checksum",
    arguments: [(Float(2), true), (3, false), (-1, false), (0.5, false), (.nan, false), (.infinity, false)])
  func impossibleActions(action: Float, isPossible: Bool) throws {
    func replay(choices: Int) throws -> ReplayBuffer {
      try ReplayBuffer(ReplayLayout(capacity: 20, observationWidth: 1, actionWidth: 1, choices: choices))
    }
    let written = try replay(choices: 0)
    written.begin(lane: 0, [0])
    written.record(lane: 0, action: [action], reward: 1, end: .none, next: [1])
    let file = MemoryFile()
    written.write(to: file.append)
    let read = try replay(choices: 3)
    if isPossible {
      try read.read(from: MemoryFile(file.bytes).next)
    } else {
      #expect(throws: TrainingError.self) { try read.read(from: MemoryFile(file.bytes).next) }
    }
    #expect(read.count == (isPossible ? 1 : 0))
    guard !action.isFinite else { return }
    #expect(throws: TrainingError.self) { try replay(choices: 0).read(from: MemoryFile(file.bytes).next) }
  }

  @Test("Lanes are apart, and a trajectory stays in its episode")
  func trajectories() throws {
    let replay = try ReplayBuffer(ReplayLayout(capacity: 60, lanes: 3, observationWidth: 1, actionWidth: 1))
    for lane in 0..<3 {
      replay.begin(lane: lane, [Float(100 * lane)])
      for step in 0..<(lane + 4) {
        let next = Float(100 * lane + step + 1)
        replay.record(lane: lane, action: [0], reward: 1, end: step == lane + 3 ? .terminated : .none, next: [next])
      }
    }
    var generator = PCG64(seed: 1)
    for _ in 0..<200 {
      let trajectory = try #require(replay.drawTrajectory(length: 3, using: &generator))
      var (observations, actions, rewards) = (
        [Float](repeating: 0, count: 4), [Float](repeating: 0, count: 3), [Float](repeating: 0, count: 3)
      )
      replay.copy(
        trajectory, observations: &observations, actions: &actions, rewards: &rewards, distributions: nil, masks: nil)
      for step in 0..<trajectory.count { #expect(observations[step + 1] == observations[step] + 1) }
      let lane = (observations[0] / 100).rounded(.down)
      #expect(trajectory.isTerminated == (observations[trajectory.count] == 100 * lane + lane + 4))
    }
  }
}

/// Bytes that are written and read in pieces.
final class MemoryFile {
  var bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8] = []) { self.bytes = bytes }

  func append(_ piece: UnsafeRawBufferPointer) { bytes += piece }

  func next(_ piece: UnsafeMutableRawBufferPointer) throws(TrainingError) {
    guard bytes.count - position >= piece.count else { throw TrainingError.unusableFile(what: "file", reason: "short") }
    piece.copyBytes(from: bytes[position..<position + piece.count])
    position += piece.count
  }
}
