import Environments
import Gymwire
import Testing

@Suite("Hostile servers")
struct HostileServerTests {
  static let replies = [
    #"{"id":1,"obs":[0.5,-0.25,1,2],"reward":[1.5,2],"ended":[{"env":1,"terminated":true,"truncated":false,"final_obs":[8,9],"final_info":{"a":[1,null]}}],"info":[{},{"b":"\ud83c\udf88"}]}"#,
    #"{"id":1,"obs":{"b64":"AAAAPwAAgL4AAAAAAAAAAA=="},"reward":{"b64":"AAAAAAAA8D8AAAAAAADwPw=="},"ended":[]}"#,
    #"{"id":1,"error":{"code":"bad_action","message":"no","fatal":false,"data":{"env":0}}}"#,
    #"{"op":"log","level":"warning","text":"track.json has no checkpoints"}"#,
  ]
  private static let hello =
    #"{"id":0,"version":1,"role":"env","server":{"name":"s","version":"1"},"features":["batch"],"num_envs":2,"max_line":70000,"#
    + #""spec":{"id":"C","max_episode_steps":5},"obs_space":{"type":"Dict","spaces":[["a",{"type":"Box","shape":[2],"low":[0,"-Infinity"],"high":9}]]},"#
    + #""action_space":{"type":"MultiDiscrete","shape":[2],"nvec":[3,4]}}"#

  private func driver() throws -> Driver {
    var driver = Driver(count: 2)
    try driver.greet(#"["batch","b64"]"#, count: 2)
    driver.conversation.composeStep(driver.actions, rows: 0..<2)
    return driver
  }

  @Test("a reply cut at any byte is malformed")
  func truncated() throws {
    var driver = try driver()
    for reply in Self.replies {
      let bytes = Array(reply.utf8)
      for length in 0..<bytes.count {
        let error = try #require(throws: ReplyError.self) { _ = try driver.read(bytes: Array(bytes[..<length])) }
        guard case .malformed = error else { throw error }
      }
    }
    var greeting = Driver()
    for length in 0..<Self.hello.utf8.count {
      #expect(throws: ReplyError.self) { _ = try greeting.hello(String(Self.hello.prefix(length))) }
    }
    #expect(try greeting.hello(Self.hello) == .reply(isLax: false))
  }

  @Test("random changes of real replies are read or refused, and never stop a driver")
  func mutated() throws {
    var generator = Generator(seed: 9)
    var driver = try driver()
    var refusals = 0
    for _ in 0..<20_000 {
      var bytes = Array(Self.replies[Int.random(in: 0..<4, using: &generator)].utf8)
      for _ in 0..<Int.random(in: 1...4, using: &generator) { mutate(&bytes, &generator) }
      do { _ = try driver.read(bytes: bytes) } catch { refusals += 1 }
    }
    #expect(refusals > 5000 && refusals < 20_000)
    for _ in 0..<10_000 {
      var bytes = Array(Self.hello.utf8)
      for _ in 0..<Int.random(in: 1...4, using: &generator) { mutate(&bytes, &generator) }
      var greeting = Driver()
      _ = try? bytes.withUnsafeBytes { try greeting.conversation.readHello($0) }
    }
  }
}
