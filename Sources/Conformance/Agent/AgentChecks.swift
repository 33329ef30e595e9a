import JSONLines

/// What drivers must do, one scene for each.
public enum AgentChecks {
  /// All scenes, in the order of the clauses.
  public static let all: [AgentCheck] = lines + limits + messages + values + spaces + features

  /// Not judged: replies as slow as those of ``limits``, and nothing else that is unusual.
  ///
  /// Who ends here by itself may have done so there too, whatever it made of the notifications.
  static let control = AgentCheck(
    "3.5", "goes on for as long without notifications",
    AgentScene().with { scene in
      scene.demand = .lasts
      scene.needsPatience = true
      scene.write = { [.init(pause: $0.patience / 3, bytes: Array(($0.text + "\n").utf8))] }
    })

  /// All that can be played, by place.
  static let playable = all + [control]

  /// Sections 1 to 3: lines, and who speaks when.
  private static let lines = [
    AgentCheck(
      "1.11", "works with a server that does section 1 and nothing else", AgentScene().with { $0.isMinimal = true }),
    AgentCheck(
      "2.2", "does not take U+2028 within a string for the end of a line",
      .written { $0.text.adding("\"x-note\":\"a\u{2028}b\u{85}c\"") + "\n" }),
    AgentCheck("2.3", "reads lines that end with CR LF", .written { $0.text + "\r\n" }),
    AgentCheck("2.4", "ignores blank lines", .written { "\n \n" + $0.text + "\n" }),
    AgentCheck(
      "2.5", "stops when the output is cut off within a message",
      .disturbed(.stops) { draft in
        [
          .init(
            bytes: Array(draft.text.replacing(",\"terminated\"", with: "\u{0}").utf8.prefix { $0 != 0 }),
            endsOutput: true)
        ]
      }),
    AgentCheck(
      "2.8", "does not take broken UTF-8 for a message",
      .disturbed(.stops) { draft in
        let parts = draft.text.adding("\"x-note\":\"a?b\"").split(separator: "?").map { Array($0.utf8) }
        return [.init(bytes: parts[0] + [0xC3, 0x28, 0xFF] + parts[1] + [0x0A])]
      }),
    AgentCheck(
      "2.14", "passes over a banner on standard output",
      .written { ($0.operation == "hello" ? "Welcome to the simulator 1.0\n" : "") + $0.text + "\n" }),
    AgentCheck(
      "2.14", "stops when noise shares a line with a message", .spoiled(.stops) { "loading map 7... " + $0.text }),
    AgentCheck(
      "2.15", "reads replies that come in pieces, cut at every byte",
      AgentScene().with { scene in
        // Each reply is cut at another byte; a pause at every byte of one would try a short time limit.
        scene.write = { draft in
          let bytes = Array((draft.text + "\n").utf8)
          let cut = 1 + draft.id * 7 % (bytes.count - 1)
          return [.init(bytes: Array(bytes[..<cut])), .init(pause: .milliseconds(2), bytes: Array(bytes[cut...]))]
        }
      }),
    AgentCheck(
      "3.4", "reads log and progress before a reply",
      .written {
        "{\"op\":\"log\",\"text\":\"hm\"}\n{\"op\":\"progress\",\"text\":\"loading\"}\n" + $0.text + "\n"
      }),
  ]

  /// Section 3: time limits.
  private static let limits = [
    AgentCheck(
      "3.9", "does not wait for ever for a reply",
      AgentScene.disturbed(.givesUp) { _ in [] }.with { $0.needsPatience = true }),
    AgentCheck(
      "3.5", "waits longer where notifications put off its time limit",
      AgentScene.disturbed(.carriesOn) { draft in
        (0..<9).map { _ in .progress(after: draft.patience / 3) } + [.text(draft.text + "\n")]
      }.with { $0.needsPatience = true }),
    AgentCheck(
      "3.5", "does not wait for ever, however many notifications come",
      AgentScene.disturbed(.givesUp) { draft in (0..<30).map { _ in .progress(after: draft.patience / 2) } }
        .with { $0.needsPatience = true }),
    AgentCheck(
      "3.6", "ignores notifications that it does not know", .written { "{\"op\":\"x-hm\",\"n\":1}\n\($0.text)\n" }),
    AgentCheck("3.10", "gives its server time to end before it kills it", AgentScene().with { $0.demand = .waits }),
  ]

  /// Sections 3 to 7: replies and errors.
  private static let messages = [
    AgentCheck(
      "3.7", "stops after a reply with another id, and sends nothing more",
      .spoiled(.stops) { $0.text.replacing("\"id\":\($0.id)", with: "\"id\":\($0.id + 7)") }),
    AgentCheck(
      "3.7", "stops after a reply without an id", .spoiled(.stops) { $0.text.replacing("\"id\":\($0.id),", with: "") }),
    AgentCheck(
      "3.7", "stops after a line that is no JSON", .spoiled(.stops) { $0.text.replacing("\"obs\"", with: "obs") }),
    AgentCheck(
      "4.4", "takes an error with a null id for the answer to its request",
      .spoiled(.beginsAnew) { _ in #"{"id":null,"error":{"code":"internal","message":"lost"}}"# }),
    AgentCheck("4.5", "reads members in any order, with white space", .written { $0.text.turnedRound + "\n" }),
    AgentCheck(
      "4.6", "ignores members that it does not know",
      .written { $0.text.adding(#""x-tag":{"id":9,"obs":[]},"future":[1]"#) + "\n" }),
    AgentCheck(
      "4.7", "takes null for an optional member that is absent",
      .written { $0.text.adding(#""info":null,"error":null,"action_mask":null,"render_mode":null"#) + "\n" }),
    AgentCheck(
      "4.8", "stops after a reply without a member that it needs",
      .spoiled(.stops) { $0.text.replacing(",\"terminated\":false", with: "") }),
    AgentCheck(
      "4.8", "stops after a step without a reward", .spoiled(.stops) { $0.text.replacing(",\"reward\":1", with: "") }),
    AgentCheck(
      "4.8", "stops after a step without an observation",
      .spoiled(.stops) { $0.text.replacing("\"obs\"", with: "\"seen\"") }),
    AgentCheck(
      "4.8", "stops after a hello without an action space",
      .spoiledHello { $0.text.replacing("\"action_space\"", with: "\"moves\"") }),
    AgentCheck(
      "4.8", "stops after a hello of another role", .spoiledHello { $0.text.replacing("\"env\"", with: "\"policy\"") }),
    AgentCheck(
      "5.1", "stops after a version that it does not speak",
      .spoiledHello { $0.text.replacing("\"version\":1,", with: "\"version\":99,") }),
    AgentCheck(
      "5.5", "stops after a feature that it did not ask for",
      .spoiledHello { $0.text.replacing("\"features\":[]", with: "\"features\":[\"x-teleport\"]") }),
    AgentCheck(
      "6.7", "stops after flags that are no truth values",
      .spoiled(.stops) { $0.text.replacing("\"truncated\":false", with: "\"truncated\":0") }),
    AgentCheck(
      "6.7", "stops after a flag that is null",
      .spoiled(.stops) { $0.text.replacing("\"truncated\":false", with: "\"truncated\":null") }),
    AgentCheck(
      "7.6", "takes an error whose code it does not know for one of the server",
      .spoiled(.beginsAnew) { #"{"id":\#($0.id),"error":{"code":"x-melted","message":"too hot"}}"# }),
    AgentCheck(
      "7.9", "sends nothing more after a fatal error",
      .spoiled(.stops) { #"{"id":\#($0.id),"error":{"code":"internal","message":"the end","fatal":true}}"# }),
    AgentCheck(
      "7.11", "takes no step after the environment has failed, before it has reset it",
      .spoiled(.beginsAnew) { #"{"id":\#($0.id),"error":{"code":"env_error","message":"the motor is off"}}"# }),
  ]

  /// Sections 8 and 9: numbers and arrays.
  private static let values = [
    AgentCheck(
      "8.1", "reads a number however it is written",
      .written {
        $0.text.replacing("\"reward\":1", with: "\"reward\":10.0E-1").replacing("[0.5,1]", with: "[5e-1,1.0]") + "\n"
      }),
    AgentCheck(
      "8.3", "reads integers beyond 2^53-1 that are written as strings",
      AgentScene().with {
        $0.observationSpace =
          #"{"type":"Box","shape":[2],"dtype":"int64","low":"-9223372036854775808","high":"9223372036854775807"}"#
        $0.observation = #""9223372036854775807",-5"#
        $0.mayDecline = true
      }),
    AgentCheck(
      "8.4", "stops after a reward that is no number",
      .spoiled(.stops) { $0.text.replacing("\"reward\":1", with: "\"reward\":\"one\"") }),
    AgentCheck(
      "8.4", "stops after a reward that is a truth value",
      .spoiled(.stops) { $0.text.replacing("\"reward\":1", with: "\"reward\":true") }),
    AgentCheck(
      "9.1", "reads arrays of several dimensions as flat lists",
      AgentScene().with {
        $0.observationSpace = #"{"type":"Box","shape":[2,1,2],"dtype":"float32","low":-100,"high":100}"#
        $0.observation = "0.5,1,0.25,-1"
        $0.mayDecline = true
      }),
    AgentCheck(
      "9.2", "reads a value of shape [] as a bare number",
      AgentScene().with {
        $0.observationSpace = #"{"type":"Discrete","n":5}"#
        $0.observation = "3"
        $0.isBare = true
        $0.mayDecline = true
      }),
    AgentCheck(
      "9.3", "stops after an observation of a wrong length",
      .spoiled(.stops) { $0.text.replacing("[0.5,1]", with: "[0.5,1,2]") }),
    AgentCheck(
      "9.3", "stops after an observation that is too short",
      .spoiled(.stops) { $0.text.replacing("[0.5,1]", with: "[0.5]") }),
    AgentCheck(
      "9.3", "stops after an observation with a word in it",
      .spoiled(.stops) { $0.text.replacing("[0.5,1]", with: "[0.5,\"far\"]") }),
    AgentCheck(
      "9.4", "uses an observation outside its bounds",
      .written { $0.text.replacing("[0.5,1]", with: "[100.5,-2000]") + "\n" }),
    AgentCheck(
      "9.4", "stops after a choice that there is not",
      AgentScene.spoiled(.stops) { $0.text.replacing("\"obs\":3", with: "\"obs\":7") }.with {
        $0.observationSpace = #"{"type":"Discrete","n":5}"#
        $0.observation = "3"
        $0.isBare = true
        $0.mayDecline = true
      }),
    AgentCheck(
      "9.5", "clips its actions to the bounds of a Box",
      AgentScene().with { $0.actionSpace = #"{"type":"Box","shape":[2],"dtype":"float32","low":-0.001,"high":0.001}"# }),
  ]

  /// Section 10: spaces, which an agent may decline.
  private static let spaces = [
    acting("10.1", "takes actions of a Discrete with a start", #"{"type":"Discrete","n":3,"start":-1}"#),
    acting(
      "10.1", "takes actions of a MultiDiscrete",
      #"{"type":"MultiDiscrete","shape":[2],"nvec":[2,3],"start":[0,5]}"#),
    acting(
      "10.3", "reads bounds that are lists",
      #"{"type":"Box","shape":[2],"dtype":"float32","low":[-0.5,2],"high":[-0.25,3]}"#),
    AgentCheck(
      "10.4", "reads both ends of a dtype",
      AgentScene().with {
        $0.observationSpace = #"{"type":"Box","shape":[2],"dtype":"int8","low":-128,"high":127}"#
        $0.observation = "-128,127"
        $0.mayDecline = true
      }),
    AgentCheck(
      "10.6", "reads the keys of a Dict in any order",
      AgentScene().with {
        $0.observationSpace =
          #"{"type":"Dict","spaces":[["a",{"type":"Box","shape":[2],"low":-1,"high":1}],["b",{"type":"Discrete","n":3}]]}"#
        $0.observation = #"{"b":2,"a":[0.5,1]}"#
        $0.isBare = true
        $0.mayDecline = true
      }),
    AgentCheck(
      "10.9", "ends the conversation when it cannot use a space",
      AgentScene().with {
        $0.observationSpace = #"{"type":"Hologram","shape":[2]}"#
        $0.demand = .stops
        $0.hasUnusableSpace = true
      }),
    AgentCheck(
      "10.9", "ends the conversation when there is no such dtype",
      AgentScene().with {
        $0.observationSpace = #"{"type":"Box","shape":[2],"dtype":"float31","low":-1,"high":1}"#
        $0.demand = .stops
        $0.hasUnusableSpace = true
      }),
  ]

  /// Sections 12 to 14, for agents that ask for these features.
  private static let features = [
    AgentCheck(
      "11.1", "does not read a meaning into what is in info",
      .written {
        $0.text.replacing(",\"obs\"", with: #","info":{"a":"NaN","b":{"b64":"?"},"c":[null,{"b64":7}]},"obs""#) + "\n"
      }),
    AgentCheck(
      "12.1", "stops after more environments than it wanted",
      AgentScene.spoiledHello { $0.text.replacing("\"num_envs\":1", with: "\"num_envs\":1000003") }
        .with { $0.features = ["batch"] }),
    AgentCheck("12.2", "works with one environment that is batched", .featured("batch")),
    AgentCheck(
      "12.3", "stops after a batched observation of a wrong length",
      .spoiledFeature("batch") { $0.text.replacing("\"obs\":[0.5,1]", with: "\"obs\":[0.5,1,0.5,1]") }),
    AgentCheck(
      "12.4", "stops after a batch whose reward is a number",
      .spoiledFeature("batch") { $0.text.replacing("\"reward\":[1]", with: "\"reward\":1") }),
    AgentCheck(
      "12.6", "works with episodes that end one by one and together",
      AgentScene.featured("batch").with { $0.environments = 2 }),
    AgentCheck(
      "12.6", "stops after a batch without ended",
      .spoiledFeature("batch") { $0.text.replacing(",\"ended\":[]", with: "") }),
    AgentCheck(
      "12.6", "stops after an entry of ended without a final observation",
      .spoiledFeature("batch") {
        $0.text.replacing(
          "\"ended\":[]", with: #""ended":[{"env":0,"terminated":true,"truncated":false}]"#)
      }),
    AgentCheck(
      "13.2", "reads arrays as bytes",
      AgentScene.featured("b64").with { scene in
        scene.write = { [.text($0.text.replacing("[0.5,1]", with: #"{"b64":"AAAAPwAAgD8="}"#) + "\n")] }
      }),
    AgentCheck(
      "13.3", "stops after bytes of a wrong number",
      .spoiledFeature("b64") { $0.text.replacing("[0.5,1]", with: #"{"b64":"AAAAPwAAgD8AAAAA"}"#) }),
    AgentCheck(
      "13.3", "stops after bytes that are written wrongly",
      .spoiledFeature("b64") { $0.text.replacing("[0.5,1]", with: #"{"b64":"AAAAPw*AgD8="}"#) }),
    AgentCheck(
      "14.2", "takes null for a mask that restricts nothing", .masked("null") { _ in }),
    AgentCheck(
      "14.2", "reads a mask with a member that is not restricted",
      .masked("[[1,1],null]") {
        $0.actionSpace = #"{"type":"Tuple","spaces":[{"type":"Discrete","n":2},{"type":"Discrete","n":3}]}"#
        $0.mayDecline = true
      }),
    AgentCheck(
      "14.2", "stops after a mask of a wrong length",
      .spoiledFeature("mask") { $0.text.replacing("\"reward\"", with: "\"action_mask\":[1,0,1],\"reward\"") }),
    AgentCheck(
      "14.4", "stops after a mask that forbids everything",
      .spoiledFeature("mask") { $0.text.replacing("\"reward\"", with: "\"action_mask\":[0,0],\"reward\"") }),
    AgentCheck(
      "14.4", "does not look at the mask of an episode that is over",
      AgentScene.featured("mask").with { scene in
        scene.write = { draft in
          let isOver = draft.text.contains(":true")
          guard draft.operation != "hello" else { return [.text(draft.text + "\n")] }
          return [.text(draft.text.adding("\"action_mask\":\(isOver ? "[0,0]" : "[1,1]")") + "\n")]
        }
      }),
  ]

  private static func acting(_ clause: String, _ title: String, _ space: String) -> AgentCheck {
    AgentCheck(
      clause, title,
      AgentScene().with {
        $0.actionSpace = space
        $0.mayDecline = true
      })
  }
}

extension AgentScene {
  /// A scene with a feature on.
  fileprivate static func featured(_ feature: String) -> AgentScene { AgentScene().with { $0.features = [feature] } }

  /// A scene in which every observation has this mask.
  fileprivate static func masked(_ mask: String, _ change: (inout AgentScene) -> Void) -> AgentScene {
    featured("mask").with { scene in
      change(&scene)
      scene.write = { draft in
        [.text((draft.operation == "hello" ? draft.text : draft.text.adding("\"action_mask\":\(mask)")) + "\n")]
      }
    }
  }

  /// A scene with a feature on in which the reply to the third step is spoiled.
  fileprivate static func spoiledFeature(
    _ feature: String, _ spoil: @escaping @Sendable (Draft) -> String
  ) -> AgentScene {
    spoiled(.stops, spoil).with { $0.features = [feature] }
  }
}

extension AgentScene.Piece {
  /// A notification that comes after a while.
  fileprivate static func progress(after pause: Duration) -> Self {
    .init(pause: pause, bytes: Array("{\"op\":\"progress\",\"text\":\"still at it\"}\n".utf8))
  }
}

extension String {
  /// A reply with more members behind its first one.
  fileprivate func adding(_ members: String) -> String {
    guard let comma = firstIndex(of: ",") else { return self }
    return self[..<comma] + "," + members + self[comma...]
  }

  /// The same object with its members in the opposite order, and white space between them.
  fileprivate var turnedRound: String {
    guard case .object(let members)? = try? JSONValue(parsing: self) else { return self }
    let texts = members.reversed().map { JSONValue.string($0.name).text + " : " + $0.value.text }
    return "{ " + texts.joined(separator: " ,\t") + " }"
  }
}
