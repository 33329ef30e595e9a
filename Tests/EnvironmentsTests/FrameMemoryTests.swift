import Environments
import Testing

@Suite("Stacks of single observations")
struct FrameMemoryTests {
  private static let space = Space.dict([
    .init("box", .box(Box(shape: [2], low: .each([0, -1]), high: .same(9)))), .init("door", .discrete(Discrete(5))),
    .init("keys", .multiBinary(shape: [3])),
    .init("dials", .multiDiscrete(MultiDiscrete(shape: [2], nvec: .each([3, 9]), start: .same(0), type: .int32))),
  ])

  @Test("have the space of which the single ones are found again, and no other space has any", arguments: [2, 3, 7])
  func spaces(frames: Int) throws {
    let stacked = try StackedFrames.space(Self.space, frames)
    #expect(StackedFrames.single(stacked, frames) == Self.space)
    #expect(StackedFrames.single(stacked, frames + 1) == nil && StackedFrames.single(Self.space, frames) == nil)
    let uneven = Space.box(Box(shape: [frames], low: .each((0..<frames).map(Double.init)), high: .same(99)))
    #expect(StackedFrames.single(uneven, frames) == nil)
    #expect(throws: EnvironmentError.self) { try FrameMemory(uneven, frames: frames) }
    #expect(StackedFrames.single(.text(Text(maximumLength: 3)), frames) == nil)
  }

  @Test("are those that an environment of stacks shows, in several episodes at once")
  func stacks() throws {
    let single = Space.box(Box(shape: [2], low: .same(0), high: .same(100)))
    let memory = try FrameMemory(try StackedFrames.space(single, 3), frames: 3)
    #expect(memory.observationSpace == single)
    let episodes = [FrameEpisode(), FrameEpisode()]
    var expected = [[[Float]]](repeating: [], count: 2)
    let seen = ValueBatch(single, count: 1)
    for step in 0..<6 {
      for (index, episode) in episodes.enumerated() {
        if step == 4 {
          episode.reset()
          expected[index] = []
        }
        let numbers = [Float(10 * index + step), Float(step * step)]
        try numbers.store(in: seen, row: 0)
        expected[index] += Array(repeating: numbers, count: expected[index].isEmpty ? 3 : 1)
        // What is not kept has not happened.
        try [Float(77), 78].store(in: seen, row: 0)
        _ = memory.next(seen, in: episode)
        try numbers.store(in: seen, row: 0)
        let stack = memory.next(seen, in: episode)
        let floats = stack.floats(0..<1).map { Array($0) }
        #expect(floats == expected[index].suffix(3).flatMap { $0 }, "\(step)")
        memory.keep(in: episode)
      }
    }
  }

  @Test("of many rows each begin an episode")
  func rows() throws {
    let single = Space.discrete(Discrete(9, start: 2))
    let memory = try FrameMemory(try StackedFrames.space(single, 2), frames: 2)
    let batch = ValueBatch(single, count: 5)
    for row in 0..<5 { try (row + 2).store(in: batch, row: row) }
    let stacks = memory.first(batch, count: 5).flat.map { Array($0.array.numbers(as: Int64.self).prefix(10)) }
    #expect(stacks == [2, 2, 3, 3, 4, 4, 5, 5, 6, 6])
  }
}
