import ClassicControl
import Environments
import Testing

@Suite("CartPole replays what Gymnasium recorded")
struct CartPoleReplayTests {
  @Test(
    "every state, observation, reward and flag of whole episodes is equal, bit for bit",
    .enabled(if: hasRecordedSineAndCosine),
    arguments: [("cartpole-v0", .v0, 14), ("cartpole-v1", .v1, 20)] as [(String, CartPole.Version, Int)]
  )
  func wholeEpisodes(file: String, version: CartPole.Version, count: Int) throws {
    let episodes = try GoldenFile(file).records("episode")
    #expect(episodes.count == count)
    for episode in episodes { try replay(episode, version) }
  }

  private func replay(_ episode: GoldenRecord, _ version: CartPole.Version) throws {
    let usesSuttonBartoReward = try episode.field("rewards") == "sutton-barto"
    let actions = try episode.field("actions").map { try #require($0.wholeNumberValue) }
    var environment = CartPole(version, usesSuttonBartoReward: usesSuttonBartoReward).limited()
    var states = Digest()
    var observations = Digest()
    for step in 0...actions.count {
      let observation: CartPoleObservation
      if step == 0 {
        observation = try environment.reset(seed: episode.seed(), options: [:])
      } else {
        let transition = try environment.step(actions[step - 1])
        observation = transition.observation
        let end = step == actions.count ? try episode.field("end") : ""
        #expect(transition.isTerminated == end.contains("terminated"))
        #expect(transition.isTruncated == end.contains("truncated"))
        #expect(transition.reward == (usesSuttonBartoReward ? (transition.isTerminated ? -1 : 0) : 1))
      }
      states.add(environment.base.state.numbers)
      observations.add(observation.numbers)
      if !episode.lines.isEmpty {
        try #require(try environment.base.state.numbers == episode.lines[step].doubles(), "after step \(step)")
      }
    }
    #expect(try states.value == episode.digest("states"), "some state differs")
    #expect(try observations.value == episode.digest("observations"), "some observation differs")
  }

  @Test("from every recorded state, one step leads to the next one within 1e-12 on any platform")
  func singleSteps() throws {
    var environment = CartPole()
    var steps = 0
    for episode in try GoldenFile("cartpole-v1").records("episode") where !episode.lines.isEmpty {
      let states = try episode.lines.map { try $0.doubles() }
      for (index, action) in try episode.field("actions").enumerated() {
        _ = try environment.reset(seed: nil, options: CartPoleState(states[index]).option)
        let transition = try environment.step(action == "1" ? 1 : 0)
        #expect(greatestDifference(environment.state.numbers, states[index + 1]) <= 1e-12)
        #expect(greatestDifference(transition.observation.numbers, states[index + 1].map { Float($0) }) <= 1e-6)
        steps += 1
      }
    }
    #expect(steps == 3926)
  }

  @Test("sixty seeds give the recorded outputs, states and observations")
  func seeds() throws {
    let lines = try GoldenFile("cartpole-reset-seeds").lines
    #expect(lines.count == 60)
    for line in lines {
      let words = line.split(separator: " ")
      let seed = try #require(UInt64(words[1]))
      var generator = PCG64(seed: seed)
      for output in words[3...] { #expect(try generator.next() == #require(UInt64(output, radix: 16))) }
      #expect(words[3...].count == 8)
      var environment = CartPole()
      let observation = try environment.reset(seed: seed, options: [:])
      #expect(try environment.state.numbers == words[2].doubles())
      #expect(try observation.numbers == words[2].doubles().map { Float($0) })
    }
  }

  @Test("resets without a seed continue the recorded stream, and steps in between draw nothing")
  func streams() throws {
    let streams = try GoldenFile("cartpole-reset-streams").records("resets")
    #expect(streams.count == 2)
    for stream in streams {
      var environment = CartPole()
      for (index, line) in stream.lines.enumerated() {
        let observation = try environment.reset(seed: index == 0 ? stream.seed() : nil, options: [:])
        #expect(try environment.state.numbers == line.doubles())
        #expect(try observation.numbers == line.doubles().map { Float($0) })
        for _ in 0..<index { _ = try environment.step(1) }
      }
      #expect(stream.lines.count == 6)
    }
  }
}
