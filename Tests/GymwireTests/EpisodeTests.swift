import Environments
import Gymwire
import JSONLines
import Testing

@Suite("Episodes, seeds and options")
struct EpisodeTests {
  /// The replies to a reset and `steps` steps.
  private func episode(_ dialogue: Dialogue, _ reset: String = "", steps: Int = 4) -> [String] {
    [dialogue.ask(#"{"id":1,"op":"reset"\#(reset)}"#)]
      + (0..<steps).map { dialogue.ask(#"{"id":2,"op":"step","action":\#($0 % 2)}"#) }
  }

  @Test("SPEC 6.2: the same seed gives the same episode, other seeds others", arguments: [0, 9_007_199_254_740_991])
  func seeds(seed: Int) {
    let dialogue = Dialogue.greeted()
    let first = episode(dialogue, ",\"seed\":\(seed)")
    #expect(first != episode(dialogue, ",\"seed\":1"))
    #expect(first == episode(dialogue, ",\"seed\":\(seed)"))
    #expect(first == episode(Dialogue.greeted(), ",\"seed\":\(seed)"))
  }

  @Test("SPEC 6.3: an unseeded reset runs on, and differs from the one before")
  func unseeded() {
    let (one, other) = (Dialogue.greeted(), Dialogue.greeted())
    #expect(episode(one, ",\"seed\":3") == episode(other, ",\"seed\":3"))
    let second = episode(one)
    #expect(second == episode(other))
    #expect(second != episode(other))
  }

  @Test("SPEC 6.4: options hold for one reset only")
  func options() throws {
    let dialogue = Dialogue.greeted()
    func firstNumber(_ options: String) throws -> Double? {
      try dialogue.reply(#"{"id":1,"op":"reset"\#(options)}"#)["obs"]?.doubles?.first
    }
    #expect(try firstNumber(#","options":{"steps":3}"#) == 3)
    #expect(try firstNumber("") == 0)
    #expect(try firstNumber(#","options":{}"#) == 0)
  }

  @Test("SPEC 11.1, 11.3: unknown options and their strange values are not looked at")
  func unknownOptions() {
    let dialogue = Dialogue.greeted()
    #expect(
      dialogue.code(#"{"id":1,"op":"reset","options":{"x":"NaN","y":{"b64":"!"},"op":"close","z":[null]}}"#) == nil)
  }

  @Test("SPEC 6.1: a reset abandons a running episode")
  func abandons() {
    let dialogue = Dialogue.greeted()
    _ = episode(dialogue, ",\"seed\":1", steps: 2)
    #expect(episode(dialogue, ",\"seed\":1") == episode(Dialogue.greeted(), ",\"seed\":1"))
  }

  @Test("SPEC 6.5: two runs of one conversation are equal")
  func reproducible() {
    func run() -> [String] {
      let dialogue = Dialogue.batch(3, seed: 5)
      return (0..<30).map { dialogue.ask(#"{"id":\#($0),"op":"step","action":[0,\#($0 % 3),1]}"#) }
    }
    #expect(run() == run())
  }

  @Test("SPEC 6.7: an episode terminates, is truncated, or both at once")
  func flags() throws {
    func flags(_ action: Int, after steps: Int) throws -> [JSONValue?] {
      let dialogue = Dialogue.greeted()
      #expect(dialogue.code(#"{"id":1,"op":"reset","options":{"steps":\#(steps)}}"#) == nil)
      let reply = try dialogue.reply(#"{"id":2,"op":"step","action":\#(action)}"#)
      let isOver = try dialogue.reply(#"{"id":3,"op":"step","action":0}"#)["error"]?["code"]?.string == "needs_reset"
      #expect(isOver == (action == 2 || steps == 4), "SPEC 6.9")
      return [reply["terminated"], reply["truncated"]]
    }
    #expect(try flags(0, after: 0) == [.boolean(false), .boolean(false)])
    #expect(try flags(2, after: 0) == [.boolean(true), .boolean(false)])
    #expect(try flags(0, after: 4) == [.boolean(false), .boolean(true)])
    #expect(try flags(2, after: 4) == [.boolean(true), .boolean(true)])
  }
}
