import JSONLines

/// What drivers must do, one scene for each.
public enum AgentChecks {
  /// All scenes, in the order of the clauses.
  public static let all: [AgentCheck] = [
    AgentCheck("1.11", "works with a server that does section 1 and nothing else", minimal),
    AgentCheck(
      "2.2", "does not take U+2028 within a string for the end of a line",
      .written { $0.text.adding("\"x-note\":\"a\u{2028}b\u{85}c\"") + "\n" }),
    AgentCheck("2.3", "reads lines that end with CR LF", .written { $0.text + "\r\n" }),
    AgentCheck("2.4", "ignores blank lines", .written { "\n \n" + $0.text + "\n" }),
    AgentCheck(
      "2.14", "passes over a banner on standard output",
      .written { ($0.operation == "hello" ? "Welcome to the simulator 1.0\n" : "") + $0.text + "\n" }),
    AgentCheck(
      "3.4", "reads log and progress before a reply",
      .written {
        "{\"op\":\"log\",\"text\":\"hm\"}\n{\"op\":\"progress\",\"text\":\"loading\"}\n" + $0.text + "\n"
      }),
    AgentCheck(
      "3.6", "ignores notifications that it does not know", .written { "{\"op\":\"x-hm\",\"n\":1}\n\($0.text)\n" }),
    AgentCheck(
      "3.7", "stops after a reply with another id, and sends nothing more",
      .spoiled(.stops) { $0.text.replacing("\"id\":\($0.id)", with: "\"id\":\($0.id + 7)") }),
    AgentCheck(
      "4.4", "takes an error with a null id for the answer to its request",
      .spoiled(.beginsAnew) { _ in #"{"id":null,"error":{"code":"internal","message":"lost"}}"# }),
    AgentCheck("4.5", "reads members in any order, with white space", .written { $0.text.turnedRound + "\n" }),
    AgentCheck(
      "4.6", "ignores members that it does not know",
      .written { $0.text.adding(#""x-tag":{"id":9,"obs":[]},"future":[1]"#) + "\n" }),
    AgentCheck(
      "4.8", "stops after a reply without a member that it needs",
      .spoiled(.stops) { $0.text.replacing(",\"terminated\":false", with: "") }),
    AgentCheck(
      "7.6", "takes an error whose code it does not know for one of the server",
      .spoiled(.beginsAnew) { #"{"id":\#($0.id),"error":{"code":"x-melted","message":"too hot"}}"# }),
    AgentCheck(
      "7.9", "sends nothing more after a fatal error",
      .spoiled(.stops) { #"{"id":\#($0.id),"error":{"code":"internal","message":"the end","fatal":true}}"# }),
    AgentCheck(
      "7.11", "takes no step after the environment has failed, before it has reset it",
      .spoiled(.beginsAnew) { #"{"id":\#($0.id),"error":{"code":"env_error","message":"the motor is off"}}"# }),
    AgentCheck(
      "8.1", "reads a number however it is written",
      .written {
        $0.text.replacing("\"reward\":1", with: "\"reward\":10.0E-1").replacing("[0.5,1]", with: "[5e-1,1.0]") + "\n"
      }),
    AgentCheck(
      "9.3", "stops after an observation of a wrong length",
      .spoiled(.stops) { $0.text.replacing("[0.5,1]", with: "[0.5,1,2]") }),
    AgentCheck(
      "9.4", "uses an observation outside its bounds",
      .written { $0.text.replacing("[0.5,1]", with: "[100.5,-2000]") + "\n" }),
    AgentCheck("9.5", "clips its actions to the bounds of a Box", narrow),
    AgentCheck("10.9", "ends the conversation when it cannot use a space", strange),
  ]

  private static let minimal: AgentScene = {
    var scene = AgentScene()
    scene.isMinimal = true
    return scene
  }()

  private static let narrow: AgentScene = {
    var scene = AgentScene()
    scene.actionSpace = #"{"type":"Box","shape":[2],"dtype":"float32","low":-0.001,"high":0.001}"#
    return scene
  }()

  private static let strange: AgentScene = {
    var scene = AgentScene()
    scene.observationSpace = #"{"type":"Hologram","shape":[2]}"#
    scene.demand = .stops
    return scene
  }()
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
