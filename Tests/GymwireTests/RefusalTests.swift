import Environments
import Gymwire
import JSONLines
import Testing

/// Requests that are refused, with and without batch; each is sent in the middle of an episode.
private let refusedSingle = [
  "oops", "{", #"{"id":9}"#, #"{"op":"step","action":0}"#, #"{"id":9,"op":"jump"}"#,
  #"{"id":9,"op":"hello","versions":[1],"features":["batch"],"want":{"num_envs":3}}"#,
  #"{"id":9,"op":"step"}"#, #"{"id":9,"op":"step","action":3}"#, #"{"id":9,"op":"step","action":"left"}"#,
  #"{"id":9,"op":"step","action":[1]}"#, #"{"id":9,"op":"reset","seed":-1}"#, #"{"id":9,"op":"reset","seed":[1,2]}"#,
  #"{"id":9,"op":"reset","seed":5,"options":7}"#, #"{"id":9,"op":"reset","seed":5,"options":{"steps":-1}}"#,
]
private let refusedBatch = [
  "oops", #"{"id":9,"op":"step"}"#, #"{"id":9,"op":"step","action":[0,3,0]}"#, #"{"id":9,"op":"step","action":[0,0]}"#,
  #"{"id":9,"op":"step","action":[0,0,0,0]}"#, #"{"id":9,"op":"step","action":[0,0.5,0]}"#,
  #"{"id":9,"op":"step","action":0}"#, #"{"id":9,"op":"step","action":{"b64":"AAAA"}}"#,
  #"{"id":9,"op":"reset","envs":[]}"#, #"{"id":9,"op":"reset","envs":[0,0]}"#, #"{"id":9,"op":"reset","envs":[3]}"#,
  #"{"id":9,"op":"reset","envs":[-1]}"#, #"{"id":9,"op":"reset","envs":[0.5]}"#, #"{"id":9,"op":"reset","envs":1}"#,
  #"{"id":9,"op":"reset","envs":[0,"1"]}"#, #"{"id":9,"op":"reset","envs":[0,null]}"#,
  #"{"id":9,"op":"reset","seed":[1,2]}"#, #"{"id":9,"op":"reset","seed":[1,2,-3]}"#,
  #"{"id":9,"op":"reset","seed":[1,2,"3"]}"#, #"{"id":9,"op":"reset","seed":9007199254740990}"#,
  #"{"id":9,"op":"reset","envs":[2],"seed":9007199254740990}"#,
  #"{"id":9,"op":"reset","envs":[1],"seed":5,"options":{"steps":-1}}"#, #"{"id":9,"op":"reset","seed":5,"options":[]}"#,
]

@Suite("What a refusal leaves behind")
struct RefusalTests {
  @Test("SPEC 7.7, 7.10: after each refusal the episode and the random numbers go on as if it had not been sent")
  func nothingChanged() throws {
    let dialogue = Dialogue.greeted()
    let twin = Dialogue.greeted()
    func both(_ line: String) { #expect(dialogue.ask(line) == twin.ask(line)) }
    both(#"{"id":1,"op":"reset","seed":11}"#)
    for (index, line) in refusedSingle.enumerated() {
      #expect(try dialogue.refusal(line).hasPrefix("null ") || dialogue.refusal(line).hasPrefix("9 "))
      both(#"{"id":2,"op":"step","action":\#(index % 2)}"#)
      if index % 4 == 3 { both(#"{"id":3,"op":"reset"}"#) }
    }
  }

  @Test("SPEC 7.7, 12.14: a refused request has changed no sub-environment")
  func nothingChangedInBatch() throws {
    let dialogue = Dialogue.batch(3, seed: 11)
    let twin = Dialogue.batch(3, seed: 11)
    for (index, line) in refusedBatch.enumerated() {
      _ = try dialogue.refusal(line)
      let step = #"{"id":2,"op":"step","action":[\#(index % 3),1,0]}"#
      #expect(dialogue.ask(step) == twin.ask(step), "after \(line)")
    }
  }

  @Test("SPEC 12.14: data tells in which sub-environment the fault is")
  func faultyRow() throws {
    let dialogue = Dialogue.batch(3)
    for (action, row) in [("[0,3,0]", 1), ("[3,3,3]", 0), ("[0,0,0.5]", 2), ("[0,\"x\",0]", 1), ("[null,0,0]", 0)] {
      let reply = try dialogue.reply(#"{"id":9,"op":"step","action":\#(action)}"#)
      #expect(reply["error"]?["data"]?["env"]?.double == Double(row), "\(action)")
    }
  }

  @Test("SPEC 7.2: messages say what came and what was expected")
  func messages() throws {
    func message(_ line: String, _ dialogue: Dialogue) throws -> String? {
      try dialogue.reply(line)["error"]?["message"]?.string
    }
    let dialogue = Dialogue.greeted()
    #expect(
      try message(#"{"id":1,"op":"step","action":0}"#, dialogue)
        == "no episode is running: send reset before step")
    #expect(dialogue.code(#"{"id":1,"op":"reset"}"#) == nil)
    #expect(try message(#"{"id":1,"op":"step","action":7}"#, dialogue) == "action 7 is outside Discrete(n=3)")
    #expect(
      try message(#"{"id":1,"op":"step","action":"left"}"#, dialogue)
        == #"the action cannot be used: it is the string "left" instead of an integer"#)
    #expect(
      try message(#"{"id":1,"op":"step","action":0.5}"#, dialogue)
        == "the action cannot be used: it is 0.5 instead of an integer")
    #expect(
      try message(#"{"id":1,"op":"step","action":[1]}"#, dialogue)
        == "the action cannot be used: it is an array instead of a number")
    #expect(
      try message(#"{"id":1,"op":"step","action":[0,0]}"#, Dialogue.batch(3))
        == "the action cannot be used: the array has 2 elements instead of 3")
    #expect(
      try message(#"{"id":1,"op":"jump"}"#, dialogue) == #"this server has no op "jump""#)
    #expect(try message("oops", dialogue) == "the line does not begin with {")
    #expect(
      try message(#"{"id":1"#, dialogue) == "the line is not one JSON object: The JSON text ends too early, at byte 7")
    #expect(
      try message(#"{"id":1,"op":"reset","seed":-1}"#, dialogue)
        == "a seed has to be an integer from 0 to 9007199254740991")
  }
}

@Suite("An environment that fails")
struct EnvironmentFailureTests {
  @Test("SPEC 7.5.3, 7.8: what it throws in a step is passed on with its type, and a reset is needed")
  func step() throws {
    let dialogue = Dialogue.greeted()
    #expect(dialogue.code(#"{"id":1,"op":"reset","options":{"breaks_at":1}}"#) == nil)
    let reply = try dialogue.reply(#"{"id":2,"op":"step","action":0}"#)
    #expect(reply["error"]?["code"]?.string == "env_error")
    #expect(reply["error"]?["message"]?.string == "the drum is stuck")
    #expect(reply["error"]?["data"]?["type"]?.string == "EnvironmentError")
    #expect(reply["error"]?["fatal"] == nil)
    #expect(try dialogue.refusal(#"{"id":3,"op":"step","action":0}"#) == "3 needs_reset")
    #expect(dialogue.code(#"{"id":4,"op":"reset"}"#) == nil)
    #expect(dialogue.code(#"{"id":5,"op":"step","action":0}"#) == nil)
  }

  @Test("SPEC 7.8: what it throws in a reset needs another one")
  func reset() throws {
    let dialogue = Dialogue.greeted()
    #expect(dialogue.code(#"{"id":1,"op":"reset"}"#) == nil)
    #expect(try dialogue.refusal(#"{"id":2,"op":"reset","options":{"broken":true}}"#) == "2 env_error")
    #expect(try dialogue.refusal(#"{"id":3,"op":"step","action":0}"#) == "3 needs_reset")
  }

  @Test("SPEC 7.8: one that fails within a batch costs all that were addressed, and a partial reset no others")
  func batch() throws {
    let dialogue = Dialogue.batch(3)
    #expect(dialogue.code(#"{"id":2,"op":"reset","envs":[1],"options":{"breaks_at":1}}"#) == nil)
    #expect(try dialogue.refusal(#"{"id":3,"op":"step","action":[0,0,0]}"#) == "3 env_error")
    #expect(dialogue.code(#"{"id":4,"op":"reset","envs":[0,2]}"#) == nil)
    let reply = try dialogue.reply(#"{"id":5,"op":"step","action":[0,0,0]}"#)
    #expect(reply["error"]?["code"]?.string == "needs_reset")
    #expect(reply["error"]?["data"]?["env"]?.double == 1)
    #expect(dialogue.code(#"{"id":6,"op":"reset","envs":[1]}"#) == nil)
    #expect(dialogue.code(#"{"id":7,"op":"step","action":[0,0,0]}"#) == nil)
    #expect(try dialogue.refusal(#"{"id":8,"op":"reset","envs":[2],"options":{"broken":true}}"#) == "8 env_error")
    #expect(dialogue.code(#"{"id":9,"op":"reset","envs":[2]}"#) == nil)
    #expect(dialogue.code(#"{"id":10,"op":"step","action":[0,0,0]}"#) == nil)
  }

  @Test("options that only a later sub-environment refuses are no bad_options, which would have changed nothing")
  func lateRefusal() throws {
    let count = Fussy.Count()
    let dialogue = Dialogue { Fussy(count) }
    dialogue.greet(["batch"], want: 2)
    #expect(dialogue.code(#"{"id":1,"op":"reset"}"#) == nil)
    #expect(try dialogue.refusal(#"{"id":2,"op":"reset","envs":[1],"options":{"odd":1}}"#) == "2 bad_options")
    #expect(dialogue.code(#"{"id":3,"op":"step","action":[0,0]}"#) == nil)
    #expect(try dialogue.refusal(#"{"id":4,"op":"reset","options":{"odd":1}}"#) == "4 env_error")
    #expect(try dialogue.refusal(#"{"id":5,"op":"step","action":[0,0]}"#) == "5 needs_reset")
  }

  @Test("a message of a megabyte is cut, so that every driver can read it")
  func longMessage() throws {
    struct Wordy: Environment {
      let spec = EnvironmentSpec()
      let observationSpace = Space.discrete(Discrete(2))
      let actionSpace = Space.discrete(Discrete(2))
      mutating func reset(seed: UInt64?, options: [String: PlainValue]) throws -> Int {
        throw EnvironmentError.failed(String(repeating: "no ", count: 1 << 20))
      }
      mutating func step(_ action: Int) -> Transition<Int> { Transition(0, reward: 0) }
    }
    let dialogue = Dialogue { Wordy() }
    dialogue.greet()
    #expect(dialogue.ask(#"{"id":1,"op":"reset"}"#).utf8.count < 65536)
  }
}
