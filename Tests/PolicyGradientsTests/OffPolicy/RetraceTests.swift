import Environments
import PolicyGradients
import Testing

/// Stretches of random numbers, with ends of every kind.
func randomStretches(
  seed: UInt64, observationWidth: Int = 2, actionWidth: Int = 1, choices: Int = 0, distributionWidth: Int = 0
) throws -> TrajectoryBatch {
  let layout = ReplayLayout(
    capacity: 300, observationWidth: observationWidth, actionWidth: actionWidth, distributionWidth: distributionWidth)
  let replay = try ReplayBuffer(layout)
  var generator = PCG64(seed: seed)
  func numbers(_ count: Int) -> [Float] { (0..<count).map { _ in Float(generator.normal()) } }
  for (steps, end) in [(7, EpisodeEnd.terminated), (4, .truncated), (23, .none), (1, .terminated), (9, .none)] {
    replay.begin(lane: 0, numbers(observationWidth))
    for step in 0..<steps {
      let action = choices > 0 ? [Float(generator.next() % UInt64(choices))] : numbers(actionWidth)
      replay.record(
        lane: 0, action: action, reward: Float(generator.normal()), end: step == steps - 1 ? end : .none,
        next: numbers(observationWidth), distribution: numbers(distributionWidth))
    }
  }
  let batch = TrajectoryBatch(layout)
  for _ in 0..<12 {
    let stretch = try #require(replay.drawTrajectory(length: 8, using: &generator))
    batch.append(stretch, of: replay)
  }
  return batch
}

@Suite("Retrace")
struct RetraceTests {
  private let discount = 0.9

  private func numbers(_ count: Int, _ generator: inout PCG64, _ range: ClosedRange<Double>) -> [Float] {
    (0..<count).map { _ in Float(generator.uniform(range.lowerBound, range.upperBound)) }
  }

  @Test("A return is that of the literal sum over all that follows", arguments: [false, true])
  func literal(hasTraces: Bool) throws {
    let batch = try randomStretches(seed: 4)
    var generator = PCG64(seed: 5)
    let values = numbers(batch.rows, &generator, -2...2)
    let actionValues = numbers(batch.rows, &generator, -2...2)
    let traces = numbers(batch.rows, &generator, 0...1)
    var targets = [Float](repeating: 77, count: batch.rows)
    traces.withUnsafeBufferPointer { traces in
      Retrace(discount: discount).estimate(
        batch, values: values, actionValues: actionValues, traces: hasTraces ? traces.baseAddress : nil, into: &targets)
    }
    for stretch in batch.stretches {
      let last = stretch.first + stretch.count
      #expect(targets[last] == 77)
      for row in stretch.first..<last {
        // Munos et al. 2016: Q + Σ_s γ^{s-t} (Π_{t<i≤s} c_i) (r_s + γ V(o_{s+1}) - Q(o_s, a_s)).
        var expected = Double(actionValues[row])
        for later in row..<last {
          var weight = 1.0
          for between in row..<later { weight *= discount * (hasTraces ? Double(traces[between + 1]) : 1) }
          let next = later + 1 == last && stretch.isTerminated ? 0 : Double(values[later + 1])
          expected += weight * (Double(batch.rewards[later]) + discount * next - Double(actionValues[later]))
        }
        #expect(abs(Double(targets[row]) - expected) < 1e-4)
      }
    }
  }

  @Test("Without a trace it looks one step ahead, and with a right Q it is Q, whatever the traces")
  func extremes() throws {
    let batch = try randomStretches(seed: 6)
    var generator = PCG64(seed: 7)
    let values = numbers(batch.rows, &generator, -1...1)
    var right = [Float](repeating: 0, count: batch.rows)
    for stretch in batch.stretches {
      for row in stretch.first..<stretch.first + stretch.count {
        let isEnd = stretch.isTerminated && row + 1 == stretch.first + stretch.count
        right[row] = batch.rewards[row] + Float(discount) * (isEnd ? 0 : values[row + 1])
      }
    }
    let wrong = numbers(batch.rows, &generator, -1...1)
    let none = [Float](repeating: 0, count: batch.rows)
    let some = numbers(batch.rows, &generator, 0...1)
    for (actionValues, traces) in [(wrong, none), (right, some)] {
      var targets = right
      Retrace(discount: discount).estimate(
        batch, values: values, actionValues: actionValues, traces: traces, into: &targets)
      for row in 0..<batch.rows { #expect(abs(targets[row] - right[row]) < 1e-5) }
    }
  }

  @Test("The latest steps of a lane are visited in order, once each, and never across an end")
  func latest() throws {
    let replay = try ReplayBuffer(ReplayLayout(capacity: 30, lanes: 1, observationWidth: 1, actionWidth: 1))
    var steps: [Float] = []
    for (first, count, end) in [(0, 13, EpisodeEnd.terminated), (100, 9, .truncated), (200, 6, .none)] {
      replay.begin(lane: 0, [Float(first)])
      for step in 0..<count {
        steps.append(Float(first + step))
        replay.record(
          lane: 0, action: [0], reward: Float(first + step), end: step == count - 1 ? end : .none,
          next: [Float(first + step + 1)])
      }
    }
    for count in 0...replay.count {
      let batch = TrajectoryBatch(replay.layout)
      replay.visitLatestTrajectories(lane: 0, count: count, length: 4) { batch.append($0, of: replay) }
      #expect(batch.steps == count)
      var rewards: [Float] = []
      for stretch in batch.stretches {
        #expect((1...4).contains(stretch.count))
        for row in stretch.first..<stretch.first + stretch.count {
          #expect(batch.isTransition[row] && batch.rewards[row] == batch.observations[row])
          #expect(batch.observations[row + 1] == batch.observations[row] + 1)
          rewards.append(batch.rewards[row])
        }
        let last = stretch.first + stretch.count
        #expect(!batch.isTransition[last] && batch.rewards[last] == 0)
        #expect(stretch.isTerminated == (batch.observations[last] == 13))
      }
      #expect(rewards == Array(steps.suffix(count)))
    }
    replay.visitLatestTrajectories(lane: 0, count: 1_000, length: 1_000) { #expect($0.count <= 13) }
  }
}
