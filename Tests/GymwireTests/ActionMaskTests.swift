import Environments
import Gymwire
import JSONLines
import Testing

/// A space of actions and its description on the wire.
private struct ActionSpace: Sendable {
  let space: Space
  let wire: String

  static let discrete = ActionSpace(
    space: .discrete(Discrete(3, start: -1)), wire: #"{"type":"Discrete","n":3,"start":-1}"#)
  static let multiDiscrete = ActionSpace(
    space: .multiDiscrete(MultiDiscrete(shape: [2], nvec: .each([2, 3]), start: .same(7))),
    wire: #"{"type":"MultiDiscrete","shape":[2],"nvec":[2,3],"start":7}"#)
  static let box = ActionSpace(
    space: .box(Box(shape: [2], low: .same(0), high: .same(1))),
    wire: #"{"type":"Box","shape":[2],"low":0,"high":1}"#)
  static let tuple = ActionSpace(
    space: .tuple([box.space, discrete.space]), wire: #"{"type":"Tuple","spaces":[\#(box.wire),\#(discrete.wire)]}"#)
  static let dict = ActionSpace(
    space: .dict([.init("turn", discrete.space), .init("push", tuple.space), .init("pair", multiDiscrete.space)]),
    wire:
      #"{"type":"Dict","spaces":[["turn",\#(discrete.wire)],["push",\#(tuple.wire)],["pair",\#(multiDiscrete.wire)]]}"#
  )

  /// A driver whose last composed request is a step, in a conversation with some features on.
  func driver(_ features: String = #"["mask"]"#, count: Int = 1) throws -> Driver {
    var driver = Driver(count: count, action: space)
    driver.outcome = StepBatch(observationSpace: Driver.observation, maskedActions: space, count: count)
    _ = try driver.hello(
      #"{"id":0,"version":1,"role":"env","features":\#(features),"num_envs":\#(count),"#
        + #""obs_space":{"type":"Box","shape":[2],"low":-1,"high":1},"action_space":\#(wire)}"#)
    driver.conversation.composeStep(driver.actions, rows: driver.rows)
    return driver
  }
}

/// A plain reply of one row, and one of two batched rows, with further members.
private func single(_ members: String) -> String {
  #"{"id":ID,"obs":[0,0],"reward":1,"terminated":false,"truncated":false\#(members)}"#
}

private func batched(_ members: String) -> String {
  #"{"id":ID,"obs":[0,0,0,0],"reward":[1,1],"ended":[]\#(members)}"#
}

@Suite("What a driver makes of action masks")
struct ActionMaskTests {
  @Test("the width of a mask counts the choices of every Discrete and MultiDiscrete")
  func widths() {
    let spaces: [ActionSpace] = [.discrete, .multiDiscrete, .box, .tuple, .dict]
    #expect(spaces.map(\.space.maskWidth) == [3, 5, 0, 3, 11])
    let huge = Space.discrete(Discrete(.max))
    #expect(Space.tuple([huge, huge]).maskWidth == .max)
    #expect(Space.multiDiscrete(MultiDiscrete(shape: [4], nvec: .same(.max))).maskWidth == .max)
  }

  @Test("SPEC 14.4: no mask is looked at where the episode is over, in whatever order the members come")
  func terminalMask() throws {
    for members in [
      #""terminated":true,"truncated":false,"action_mask":[0,0,0]"#,
      #""action_mask":[0,0,0],"truncated":true,"terminated":false"#,
    ] {
      var driver = try ActionSpace.discrete.driver()
      #expect(try driver.step(#"{"id":ID,"obs":[0,0],"reward":1,\#(members)}"#) == .reply(isLax: false))
    }
  }

  @Test("SPEC 14.2: it has the structure of the action space, and null restricts nothing")
  func structure() throws {
    let cases: [(ActionSpace, String, [UInt8])] = [
      (.discrete, "[0,1,0]", [0, 1, 0]),
      (.discrete, "[ 1.0, -0 ,1e0]", [1, 0, 1]),
      (.multiDiscrete, "[0,1,1,0,0]", [0, 1, 1, 0, 0]),
      (.tuple, "[null,[0,0,1]]", [0, 0, 1]),
      (.tuple, "[null,null]", [1, 1, 1]),
      (.dict, #"{"turn":[1,0,0],"push":null,"pair":[0,1,0,1,0]}"#, [1, 0, 0, 1, 1, 1, 0, 1, 0, 1, 0]),
      (.dict, #"{"pair":null,"push":[null,[0,1,0]],"turn":null}"#, [1, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1]),
      (.box, "null", []),
    ]
    for (action, mask, expected) in cases {
      var driver = try action.driver()
      #expect(try driver.again(single(#","action_mask":\#(mask)"#)) == .reply(isLax: false))
      #expect(Array(driver.outcome.masks.numbers) == expected, "\(mask)")
    }
  }

  @Test("SPEC 14.3, 13.1: batched, it has a row for each sub-environment, and base64 may stand for every list")
  func batches() throws {
    let cases: [(ActionSpace, String, [UInt8])] = [
      (.discrete, "[0,1,0,1,1,0]", [0, 1, 0, 1, 1, 0]),
      (.discrete, #"{"b64":"AAEAAQEA"}"#, [0, 1, 0, 1, 1, 0]),
      (.discrete, "null", [1, 1, 1, 1, 1, 1]),
      (.tuple, "[null,[0,1,0,1,1,0]]", [0, 1, 0, 1, 1, 0]),
      (
        .dict, #"{"turn":{"b64":"AAEAAQEA"},"push":null,"pair":[0,1,0,0,1,1,0,1,1,0]}"#,
        [0, 1, 0, 1, 1, 1, 0, 1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 0]
      ),
    ]
    for (action, mask, expected) in cases {
      var driver = try action.driver(#"["batch","b64","mask"]"#, count: 2)
      #expect(try driver.again(batched(#","action_mask":\#(mask)"#)) == .reply(isLax: false))
      #expect(Array(driver.outcome.masks.numbers) == expected, "\(mask)")
    }
  }

  @Test("SPEC 14.1: it belongs to one observation: the next reply without a mask forbids nothing")
  func absent() throws {
    for next in ["", #","action_mask":null"#, #","info":{}"#] {
      var driver = try ActionSpace.discrete.driver()
      _ = try driver.again(single(#","action_mask":[0,1,0]"#))
      #expect(try driver.again(single(next)) == .reply(isLax: false))
      #expect(Array(driver.outcome.masks.numbers) == [1, 1, 1])
    }
  }

  @Test("only the rows of its process change, also with a reset")
  func rows() throws {
    var driver = try ActionSpace.tuple.driver(count: 3)
    driver.outcome.masks.numbers.update(repeating: 0)
    driver.conversation.composeReset(ResetRequest())
    let kind = try Array(#"{"id":2,"obs":[0,0],"action_mask":[null,[0,1,1]]}"#.utf8).withUnsafeBytes {
      try driver.conversation.readReset($0, into: driver.outcome, rows: 1..<2)
    }
    #expect(kind == .reply(isLax: false))
    #expect(Array(driver.outcome.masks.numbers) == [0, 0, 0, 0, 1, 1, 0, 0, 0])
  }

  @Test("SPEC 4.6: without the feature it is a member that nobody knows")
  func off() throws {
    var driver = try ActionSpace.discrete.driver("[]")
    #expect(try driver.again(single(#","action_mask":"none""#)) == .reply(isLax: false))
    #expect(Array(driver.outcome.masks.numbers) == [1, 1, 1])
  }

  @Test("SPEC 14.4: one that forbids everything, in any part and any sub-environment, is an error that says where")
  func nothingLegal() throws {
    let advice = "; where there is nothing to choose, leave the mask out"
    let singles: [(ActionSpace, String, String)] = [
      (.discrete, "[0,0,0]", "it forbids every action"),
      (.multiDiscrete, "[1,1,0,0,0]", "it forbids every choice of element 1"),
      (.tuple, "[null,[0,0,0]]", "part 1: it forbids every action"),
      (.dict, #"{"turn":null,"push":null,"pair":[0,0,1,1,1]}"#, "pair: it forbids every choice of element 0"),
    ]
    for (action, mask, reason) in singles {
      try expectError(action, "[\"mask\"]", 1, single(#","action_mask":\#(mask)"#), reason + advice)
    }
    let reason = "it forbids every action in row 1" + advice
    for mask in ["[0,1,0,0,0,0]", #"{"b64":"AAEAAAAA"}"#] {
      try expectError(.discrete, #"["batch","b64","mask"]"#, 2, batched(#","action_mask":\#(mask)"#), reason)
    }
  }

  @Test("SPEC 14.2: whatever is no mask of the space is an error that says what was expected")
  func unusable() throws {
    let cases: [(ActionSpace, String, String)] = [
      (.discrete, "[0,1]", "the array has 2 elements instead of 3"),
      (.discrete, "[0,1,1,1]", "the array has 4 elements instead of 3"),
      (.discrete, "[0,2,1]", "element 1 is 2 instead of 0 or 1"),
      (.discrete, "[0,-1,1]", "element 1 is -1 instead of 0 or 1"),
      (.discrete, "[0,0.5,1]", "element 1 is 0.5 instead of an integer"),
      (.discrete, "[0,true,1]", "element 1 is a boolean instead of a number"),
      (.discrete, "1", "a list of 3 numbers was expected, but there is a number"),
      (.discrete, #"{"b64":"AAEB"}"#, "a list of 3 numbers was expected, but there is an object"),
      (.box, "[1,1]", "the mask of a Box can only be null, but there is an array"),
      (.tuple, "[null]", "the Tuple has 1 of its 2 parts"),
      (.tuple, "[[1,1],null]", "part 0: the mask of a Box can only be null, but there is an array"),
      (.dict, #"{"turn":null,"push":null}"#, "the key \"pair\" is missing"),
      (.dict, #"{"turn":null,"push":null,"pair":null,"jump":null}"#, "the key \"jump\" is not one of the Dict's"),
      (.dict, "[null,null,null]", "an object with the keys of the Dict was expected, but there is an array"),
    ]
    for (action, mask, reason) in cases {
      try expectError(action, #"["mask"]"#, 1, single(#","action_mask":\#(mask)"#), reason)
    }
    try expectError(
      .discrete, #"["batch","b64","mask"]"#, 2, batched(#","action_mask":{"b64":"AAIAAQEA"}"#),
      "a number of type bool is 2 instead of 0 or 1")
    try expectError(
      .discrete, #"["batch","mask"]"#, 2, batched(#","action_mask":[0,1,0]"#), "the array has 3 elements instead of 6")
  }

  private func expectError(
    _ action: ActionSpace, _ features: String, _ count: Int, _ reply: String, _ reason: String
  ) throws {
    var driver = try action.driver(features, count: count)
    let error = try #require(throws: ReplyError.self) { _ = try driver.again(reply) }
    #expect("\(error)" == "the reply's \"action_mask\" cannot be used: \(reason)")
  }
}
