import Environments
import Gymwire
import JSONLines
import Testing

@Suite("Many observations in one act")
struct PolicyBatchTests {
  @Test("SPEC 16.8: n rows give what n single acts give, row i with the seed seed + i", arguments: ["text", "b64"])
  func batch(form: String) throws {
    let dialogue = form == "b64" ? Dialogue.policy(Oracle(), "batch", "b64") : Dialogue.policy(Oracle(), "batch")
    let reply = dialogue.ask(#"{"id":1,"op":"act","n":3,"seed":4,"obs":[1,2,3,4,5,6]}"#)
    if form == "text" {
      #expect(reply == #"{"id":1,"action":[6,7,5],"logp":[-2,-4,-6],"value":[1,3,5],"policy_version":1}"#)
    } else {
      // int64 6, 7, 5; float32 -2, -4, -6; float32 1, 3, 5 (SPEC 13.2).
      let action = #"{"b64":"BgAAAAAAAAAHAAAAAAAAAAUAAAAAAAAA"}"#
      let logp = #"{"b64":"AAAAwAAAgMAAAMDA"}"#
      let value = #"{"b64":"AACAPwAAQEAAAKBA"}"#
      #expect(reply == #"{"id":1,"action":\#(action),"logp":\#(logp),"value":\#(value),"policy_version":1}"#)
    }
    for row in 0..<3 {
      let single = try dialogue.reply(
        #"{"id":2,"op":"act","seed":\#(4 + row),"obs":[\#(2 * row + 1),\#(2 * row + 2)]}"#)
      #expect(single["action"] == .integer([6, 7, 5][row]) && single["value"]?.double == Double(2 * row + 1))
    }
  }

  @Test("SPEC 16.8: n may be 1, which is batched all the same, and may differ from act to act")
  func sizes() throws {
    let dialogue = Dialogue.policy(Oracle(), "batch")
    for count in [1, 7, 2, 300, 1] {
      let observations = (0..<count).map { "\($0 % 6),0" }.joined(separator: ",")
      let reply = try dialogue.reply(
        #"{"id":1,"op":"act","n":\#(count),"deterministic":true,"obs":[\#(observations)]}"#)
      #expect(reply["value"]?.doubles == (0..<count).map { Double($0 % 6) })
      #expect(reply["action"]?.array?.count == count)
    }
  }

  @Test(
    "SPEC 16.8: a fault in one row refuses all, and says which", arguments: [("[1,2,\"NaN\",4]", 1), ("[1,2,8,4]", 1)])
  func faults(observations: String, row: Int64) throws {
    let dialogue = Dialogue.policy(Oracle(), "batch")
    let reply = try dialogue.reply(#"{"id":1,"op":"act","n":2,"obs":\#(observations)}"#)
    #expect(reply["error"]?["code"]?.string == "bad_message")
    #expect(reply["error"]?["data"]?["row"] == .integer(row))
  }

  @Test("SPEC 2.12, 7.10: an act whose reply the driver could not read is refused, and the next one is served")
  func longReply() throws {
    let dialogue = Dialogue.policy(Oracle(), "batch", maximumLine: 65_536)
    let observations = Array(repeating: "1,2", count: 20_000).joined(separator: ",")
    let reply = try dialogue.reply(#"{"id":1,"op":"act","n":20000,"obs":[\#(observations)]}"#)
    #expect(reply["id"] == .integer(1) && reply["error"]?["code"]?.string == "too_large")
    #expect(reply["error"]?["fatal"] == nil)
    #expect(try dialogue.reply(#"{"id":2,"op":"act","seed":4,"obs":[1,2]}"#)["action"] != nil)
  }

  @Test("a number of rows that the line cannot hold is refused, and takes no memory")
  func hostileCounts() throws {
    let dialogue = Dialogue.policy(Oracle(), "batch", "b64", "mask")
    for count in ["3", "9007199254740991", "9223372036854775807", "4000000000"] {
      for members in [#""obs":[1,2,3,4]"#, #""obs":{"b64":"AAAAAA=="}"#] {
        #expect(try dialogue.refusal(#"{"id":1,"op":"act","n":\#(count),\#(members)}"#) == "1 bad_message")
      }
    }
    #expect(
      try dialogue.refusal(#"{"id":1,"op":"act","n":2,"seed":9007199254740991,"obs":[1,2,3,4]}"#) == "1 bad_seed")
  }

  @Test("without the feature, n is a member like any other that nobody knows: SPEC 5.8")
  func notOn() throws {
    let reply = try Dialogue.policy().reply(#"{"id":1,"op":"act","n":2,"deterministic":true,"obs":[1,2]}"#)
    #expect(reply["action"] == .integer(5))
  }

  @Test("SPEC 16.9: what a mask forbids is not chosen, single and batched, in text and in base64")
  func masks() throws {
    let dialogue = Dialogue.policy(Oracle(), "batch", "b64", "mask")
    let single = #"{"id":1,"op":"act","deterministic":true,"obs":[1,2],"action_mask":"#
    for (mask, action) in [("[0,1,1]", 6), ("[0,0,1]", 7), (#"{"b64":"AAEB"}"#, 6), ("null", 5)] {
      #expect(try dialogue.reply(single + mask + "}")["action"] == .integer(Int64(action)))
    }
    // A mask holds for its own act alone.
    #expect(try dialogue.reply(#"{"id":2,"op":"act","deterministic":true,"obs":[1,2]}"#)["action"] == .integer(5))
    let batch = #"{"id":3,"op":"act","n":2,"deterministic":true,"obs":[1,2,3,4],"action_mask":"#
    for mask in ["[0,1,1,0,0,1]", #"{"b64":"AAEBAAAB"}"#] {
      #expect(
        try dialogue.reply(batch + mask + "}")["action"] == .object([.init("b64", .string("BgAAAAAAAAAHAAAAAAAAAA=="))])
      )
    }
    #expect(try dialogue.reply(#"{"id":4,"op":"act","deterministic":true,"obs":[1,2]}"#)["action"] == .integer(5))
  }

  @Test(
    "SPEC 16.9: a mask that cannot be used is bad_message",
    arguments: ["[0,0,0]", "[1,1]", "[1,1,1,1]", "[2,1,1]", "1", "\"111\"", "[true,1,1]", #"{"b64":"AAE="}"#])
  func unusableMasks(mask: String) throws {
    let dialogue = Dialogue.policy(Oracle(), "b64", "mask")
    #expect(try dialogue.refusal(#"{"id":1,"op":"act","obs":[1,2],"action_mask":\#(mask)}"#) == "1 bad_message")
    #expect(Dialogue.policy().code(#"{"id":1,"op":"act","obs":[1,2],"action_mask":\#(mask)}"#) == nil, "SPEC 5.8")
  }
}
