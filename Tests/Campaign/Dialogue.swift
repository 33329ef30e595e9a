import Environments
import Foundation
import GymwireIO

/// What a server says to a driver from hello on, and the driver that hears it.
struct Dialogue: Sendable {
  let replies: [[UInt8]]
  private let driver: Driver

  private enum Driver {
    case environment(count: Int?, base64: Bool)
    case policy
  }

  /// All of it, as it should be.
  var text: [UInt8] { Array(replies.joined(separator: [0x0A]) + [0x0A]) }

  /// All of it with one line or some lines spoiled, which may still be good.
  func spoiled(by mutator: inout Mutator) -> [UInt8] {
    var replies = replies
    repeat {
      let index = mutator.happens(oneIn: 3) ? 0 : mutator.index(min(replies.count, 4))
      replies[index] = mutator.spoil(replies[index])
    } while mutator.happens(oneIn: 4)
    return Array(replies.joined(separator: [0x0A]) + [0x0A])
  }

  /// Drives a server until it says nothing more, which is an error in the end, or forever.
  func drive(_ command: [String]) throws -> Int {
    switch driver {
    case .environment(let count, let base64):
      var options = RemoteVectorEnvironment.Options(command: command)
      options.wantedEnvironments = count
      options.wantsBase64 = base64
      options.connection.warn = { _ in }
      options.connection.spinning = .never
      options.startLimit = Patience.duration
      options.stepLimit = Patience.duration
      let environment = try RemoteVectorEnvironment(options)
      defer { environment.close() }
      try environment.reset(seed: 1, options: [:])
      let actions = ValueBatch(environment.actionSpace, count: environment.count)
      for _ in 0..<replies.count { try environment.step(actions) }
    case .policy:
      var options = RemotePolicy.Options(command: command)
      options.connection.warn = { _ in }
      options.connection.spinning = .never
      options.startLimit = Patience.duration
      options.actLimit = Patience.duration
      let box = Space.box(Box(shape: [2], type: .float32, low: .same(-9), high: .same(9)))
      let discrete = Space.discrete(Discrete(3))
      let policy = try RemotePolicy(options, observationSpace: box, actionSpace: discrete)
      defer { policy.close() }
      let observations = ValueBatch(box, count: 1)
      let answers = ActionBatch(discrete, count: 1, withEstimates: true)
      for _ in 0..<replies.count {
        try policy.act(on: observations, count: 1, masks: nil, choice: .greedy, into: answers)
      }
    }
    return replies.count
  }

  // MARK: What is said

  static let all = [plain, batched, binary, zoo, policy]

  static let plain = Dialogue(
    hello:
      #""role":"env","server":{"name":"x","version":"1"},"features":[],"spec":{"id":"X-v1","max_episode_steps":9},"#
      + #""obs_space":{"type":"Box","shape":[2],"low":-9,"high":[9,9]},"action_space":{"type":"Discrete","n":3}"#,
    reset: #""obs":[0.5,-1.25],"info":{"a":["NaN",1]}"#,
    step: #""obs":[0.5,1e-3],"reward":1,"terminated":false,"truncated":false,"info":{}"#,
    .environment(count: nil, base64: false))

  private static let batched = Dialogue(
    hello:
      #""role":"env","features":["batch","mask"],"num_envs":2,"obs_space":{"type":"Box","shape":[2],"low":-9,"high":9},"#
      + #""action_space":{"type":"Discrete","n":3,"start":-1}"#,
    reset: #""obs":[0.5,-1.25,3,4],"action_mask":[1,1,0,0,1,1]"#,
    step: #""obs":[0.5,1e-3,0,1],"reward":[1,-0.5],"action_mask":[1,1,1,1,1,1],"#
      + #""ended":[{"env":1,"terminated":true,"truncated":false,"final_obs":[7,8],"final_info":{"x":1}}]"#,
    .environment(count: 2, base64: false))

  private static let binary = Dialogue(
    hello: #""role":"env","features":["batch","b64"],"num_envs":2,"max_line":65536,"#
      + #""obs_space":{"type":"Box","shape":[2],"dtype":"uint8","low":0,"high":255},"#
      + #""action_space":{"type":"Box","shape":[1],"low":-1,"high":1}"#,
    reset: #""obs":{"b64":"AAECAw=="}"#,
    step: #""obs":{"b64":"AAECAw=="},"reward":{"b64":"AAAAAAAA8D8AAAAAAADwPw=="},"ended":[]"#,
    .environment(count: 2, base64: true))

  private static let zoo = Dialogue(
    hello:
      #""role":"env","features":[],"obs_space":{"type":"Dict","spaces":[["a",{"type":"Box","shape":[],"low":-9,"high":9}],"#
      + #"["b",{"type":"MultiBinary","shape":[2]}],["c",{"type":"MultiDiscrete","shape":[2],"nvec":[2,3]}],"#
      + #"["d",{"type":"Text","max_length":5,"charset":"abä"}],["e",{"type":"Tuple","spaces":[{"type":"Discrete","n":4}]}],"#
      + #"["f",{"type":"OneOf","spaces":[{"type":"Discrete","n":2},{"type":"Box","shape":[1],"low":-9,"high":9}]}],"#
      + #"["g",{"type":"Sequence","space":{"type":"Discrete","n":9}}],["h",{"type":"Graph","node_space":{"type":"Box","#
      + #""shape":[1],"low":-9,"high":9},"edge_space":{"type":"Discrete","n":2}}],["i",{"type":"Box","shape":[1],"dtype":"uint64","low":0,"#
      + #""high":"18446744073709551615"}]]},"action_space":{"type":"MultiDiscrete","shape":[2],"nvec":[2,3]}"#,
    reset: zooObservation, step: zooObservation + #","reward":0.5,"terminated":false,"truncated":false"#,
    .environment(count: nil, base64: false))

  private static let zooObservation =
    #""obs":{"a":0.5,"b":[0,1],"c":[1,2],"d":"aä","e":[3],"f":[1,[0.5]],"g":[1,8],"#
    + #""h":{"nodes":[1,2],"edges":[1],"edge_links":[0,1]},"i":["9007199254740993"]}"#

  private static let policy = Dialogue(
    hello: #""role":"policy","features":["mask"],"obs_space":{"type":"Box","shape":[2],"low":-9,"high":9},"#
      + #""action_space":{"type":"Discrete","n":3}"#,
    reset: #""action":1,"logp":-0.5,"value":2.5,"policy_version":1"#,
    step: #""action":2,"logp":-1,"value":null,"policy_version":1"#, .policy)

  /// - Parameters:
  ///   - reset: the members of the second reply.
  ///   - step: the members of all that follow.
  private init(hello: String, reset: String, step: String, _ driver: Driver) {
    let members = ["\"version\":1," + hello, reset] + Array(repeating: step, count: 10)
    replies = members.enumerated().map { Array("{\"id\":\($0.offset),\($0.element)}".utf8) }
    self.driver = driver
  }
}
