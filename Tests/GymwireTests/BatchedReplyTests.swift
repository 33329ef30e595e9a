import Environments
import Gymwire
import Testing

@Suite("What a driver makes of batched replies")
struct BatchedReplyTests {
  private func driver() throws -> Driver {
    var driver = Driver(count: 3)
    try driver.greet(#"["batch","b64"]"#, count: 3)
    return driver
  }
  private static let good =
    #"{"id":ID,"obs":[0,1,2,3,4,5],"reward":[1,2,3],"ended":[{"env":1,"terminated":true,"truncated":false,"final_obs":[8,9],"final_info":{"a":1}}],"info":[{},{},{"b":2}]}"#

  @Test("SPEC 12.5, 12.6, 12.13: rows, ends, final observations and infos go to their places")
  func members() throws {
    var driver = try driver()
    driver.outcome.isTerminated[0] = true
    driver.outcome.isTruncated[2] = true
    #expect(
      try driver.step(Self.good.replacing("{\"id\"", with: "{\"terminated\":true,\"truncated\":5,\"id\""))
        == .reply(isLax: false))
    #expect(driver.outcome.observations.flat?.array == .of(.float32, [0, 1, 2, 3, 4, 5]))
    #expect(driver.outcome.finalObservations.flat?.array.double(at: 3) == 9)
    #expect(Array(driver.outcome.rewards) == [1, 2, 3])
    #expect(Array(driver.outcome.isTerminated) == [false, true, false])
    #expect(Array(driver.outcome.isTruncated) == [false, false, false])
    #expect(driver.outcome.finalInfos == [1: ["a": .number(1)]] && driver.outcome.infos == [2: ["b": .number(2)]])
  }

  @Test("SPEC 12.6: the figures of an ended episode are read in the usual order of members and in another one")
  func finalInfos() throws {
    let usual =
      #"{"id":ID,"obs":[0,1,2,3,4,5],"reward":[1,2,3],"ended":[{"env":0,"terminated":true,"truncated":false,"#
      + #""final_obs":[6,7]},{"env":1,"terminated":false,"truncated":true,"final_obs":[8,9],"final_info":{"a":[1,"x"]}}]}"#
    let info = #""final_info":{"a":[1,"x"]}"#
    let other = usual.replacing("," + info, with: "").replacing(#"{"env":1"#, with: "{" + info + #","env":1"#)
    for line in [usual, other] {
      var driver = try driver()
      #expect(try driver.step(line) == .reply(isLax: false))
      #expect(driver.outcome.finalInfos == [1: ["a": .list([.number(1), .string("x")])]])
      #expect(driver.outcome.finalObservations.flat?.array.double(at: 2) == 8)
    }
  }

  @Test("SPEC 13.1: lists may be base64")
  func base64() throws {
    var driver = try driver()
    let line =
      #"{"id":ID,"obs":{"b64":"mpkZP83MzD3NzIy/zczMvZqZmT4AAAAA"},"reward":{"b64":"AAAAAAAA8D8AAAAAAADwPwAAAAAAAPA/"},"#
      + #""ended":[{"env":2,"terminated":true,"truncated":false,"final_obs":{"b64":"mpkRQc3MTD4="}}]}"#
    #expect(try driver.step(line) == .reply(isLax: false))
    #expect(driver.outcome.observations.flat?.array == .of(.float32, [0.6, 0.1, -1.1, -0.1, 0.3, 0]))
    #expect(Array(driver.outcome.rewards) == [1, 1, 1])
    #expect(driver.outcome.finalObservations.flat?.array.floats?[4] == 9.1)
  }

  @Test("SPEC 3.7, 12.6, 13.3: what a batched reply may get wrong")
  func invalid() throws {
    let entry = #"{"env":1,"terminated":true,"truncated":false,"final_obs":[8,9],"final_info":{"a":1}}"#
    for (old, new, reason) in [
      ("[1,2,3]", "[1,2]", "\"reward\" cannot be used: the array has 2 elements instead of 3"),
      ("[1,2,3]", "1", "\"reward\" cannot be used: a list of 3 numbers was expected"),
      ("[1,2,3]", "[1,2,\"NaN\"]", "\"reward\" cannot be used: it is nan in sub-environment 2"),
      ("[0,1,2,3,4,5]", "[0,1]", "\"obs\" cannot be used: the array has 2 elements instead of 6"),
      (
        "[0,1,2,3,4,5]", "{\"b64\":\"AAAA\"}",
        "\"obs\" cannot be used: the base64 of 6 numbers of type float32, which take 24 bytes"
      ),
      ("\"ended\"", "\"end\"", "the reply has no \"ended\""),
      (entry, "\(entry),\(entry)", "\"ended\" cannot be used: env 1 is out of order or beyond the last, 2"),
      ("\"env\":1", "\"env\":3", "env 3 is out of order or beyond the last, 2"),
      ("\"env\":1", "\"env\":-1", "env -1 is out of order"),
      ("\"env\":1", "\"env\":9007199254740993", "is out of order"),
      ("\"env\":1,", "", "an entry needs env, terminated, truncated and final_obs"),
      ("\"final_obs\"", "\"x\"", "an entry needs env, terminated, truncated and final_obs"),
      ("\"terminated\":true", "\"terminated\":false", "env 1 is listed, but neither of its flags is true"),
      ("[8,9]", "[8]", "the final_obs of env 1 cannot be used: the array has 1 elements instead of 2"),
      ("{\"a\":1}", "7", "an object was expected"), (entry, "5", "an object for each ended episode was expected"),
      ("[{},{},{\"b\":2}]", "[{}]", "\"info\" cannot be used: there are 1 objects instead of 3"),
      ("[{},{},{\"b\":2}]", "{}", "\"info\" cannot be used: a list of objects was expected"),
      ("{\"b\":2}", "2", "\"info\" cannot be used: an object was expected"),
    ] {
      var driver = try driver()
      let error = try #require(throws: ReplyError.self) {
        _ = try driver.step(Self.good.replacing(old, with: new))
      }
      #expect("\(error)".contains(reason), "\(error)")
    }
  }

  @Test("replies of several processes go to their own rows")
  func otherRows() throws {
    var driver = try driver()
    driver.conversation.composeStep(driver.actions, rows: 1..<3)
    let line =
      #"{"id":1,"obs":[5,6,7,8],"reward":[3,4],"ended":[{"env":1,"terminated":false,"truncated":true,"final_obs":[1,1]}]}"#
    _ = try Array(line.utf8).withUnsafeBytes { try driver.conversation.readStep($0, into: driver.outcome, rows: 1..<3) }
    #expect(driver.outcome.observations.flat?.array == .of(.float32, [0, 0, 5, 6, 7, 8]))
    #expect(Array(driver.outcome.isTruncated) == [false, false, true])
    #expect(Array(driver.outcome.rewards) == [0, 3, 4])
  }
}
