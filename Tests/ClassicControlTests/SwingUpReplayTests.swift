import ClassicControl
import Environments
import Testing

@Suite("CartPoleSwingUp replays what was recorded")
struct SwingUpReplayTests {
  @Test(
    "every state, observation, cosine reward and flag of whole episodes is equal, bit for bit",
    .enabled(if: hasRecordedSineAndCosine)
  )
  func wholeEpisodes() throws {
    let episodes = try GoldenFile("cartpole-swingup").records("episode")
    #expect(episodes.count == 17)
    for episode in episodes { try replay(episode) }
  }

  private func replay(_ episode: GoldenRecord) throws {
    let actions = try episode.swingUpActions()
    var environment = CartPoleSwingUp(.v0).limited()
    let start = try CartPoleState(episode.lines[0].doubles())
    var states = Digest()
    var observations = Digest()
    var rewards = Digest()
    observations.add(try environment.reset(seed: nil, options: start.option).numbers)
    states.add(environment.base.state.numbers)
    for (index, action) in actions.enumerated() {
      let transition = try environment.step(action)
      states.add(environment.base.state.numbers)
      observations.add(transition.observation.numbers)
      rewards.add([transition.reward])
      let end = index + 1 == actions.count ? try episode.field("end") : ""
      #expect(transition.isTerminated == end.contains("terminated"))
      #expect(transition.isTruncated == end.contains("truncated"))
      if episode.lines.count > 1 {
        try #require(try environment.base.state.numbers == episode.swingUpState(index + 1), "after step \(index + 1)")
      }
    }
    #expect(try states.value == episode.digest("states"), "some state differs")
    #expect(try observations.value == episode.digest("observations"), "some observation differs")
    #expect(try rewards.value == episode.digest("rewards"), "some reward differs")
  }

  @Test("from every recorded state, one step leads to the next one within 1e-12, with both rewards within 5e-6")
  func singleSteps() throws {
    var v0 = CartPoleSwingUp(.v0)
    var v1 = CartPoleSwingUp(.v1)
    var steps = 0
    for episode in try GoldenFile("cartpole-swingup").records("episode") where episode.lines.count > 1 {
      for (index, action) in try episode.swingUpActions().enumerated() {
        let option = try CartPoleState(episode.swingUpState(index)).option
        _ = try v0.reset(seed: nil, options: option)
        _ = try v1.reset(seed: nil, options: option)
        let transition = try v0.step(action)
        let reward = try Double(episode.lines[index + 1].split(separator: " ")[1].floats()[0])
        #expect(greatestDifference(v0.state.numbers, try episode.swingUpState(index + 1)) <= 1e-12)
        #expect(abs(transition.reward - reward) <= 5e-6)
        #expect(try abs(v1.step(action).reward - (1 + reward) / 2) <= 5e-6)
        #expect(v0.state == v1.state)
        steps += 1
      }
    }
    #expect(steps == 2393)
  }

  @Test(
    "episodes of the package's own float32 resets stay within 1e-6 of its observations and 5e-6 of its rewards",
    .enabled(if: hasRecordedSineAndCosine)
  )
  func asReset() throws {
    let episodes = try GoldenFile("cartpole-swingup-asreset").records("episode")
    #expect(episodes.count == 2)
    for episode in episodes {
      var environment = CartPoleSwingUp(.v0).limited()
      _ = try environment.reset(seed: nil, options: CartPoleState(episode.lines[0].doubles()).option)
      let actions = try episode.swingUpActions()
      for (action, line) in zip(actions, episode.lines.dropFirst()) {
        let transition = try environment.step(action)
        let words = line.split(separator: " ")
        #expect(greatestDifference(transition.observation.numbers, try words[0].floats()) <= 1e-6)
        #expect(try abs(transition.reward - Double(words[1].floats()[0])) <= 5e-6)
      }
      #expect(actions.count == episode.lines.count - 1)
    }
  }
}

extension GoldenRecord {
  func swingUpActions() throws -> [SwingUpAction] {
    try field("actions").split(separator: ",").map { SwingUpAction(push: try #require(Float($0)) / 1024) }
  }

  func swingUpState(_ index: Int) throws -> [Double] {
    try lines[index].split(separator: " ")[0].doubles()
  }
}
