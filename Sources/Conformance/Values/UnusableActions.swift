import Environments
import Gymwire
import JSONLines

/// Values that are no actions of a space, as they are written on the wire.
enum UnusableActions {
  /// Values of every wrong JSON type, and some of the right type that lie outside.
  static func texts(for space: Space) -> [String] {
    var texts = ["null", "true", "{}", #"{"b64":"AQAAAAAAAAA="}"#]
    switch space {
    case .discrete(let discrete):
      texts += [
        "\(discrete.start + discrete.n)", "\(discrete.start - 1)", JSONValue.number(Double(discrete.start) + 0.5).text,
        "999999999", "1e300",
        "\"left\"", "\"\(discrete.start)\"", "[]", "[\(discrete.start)]", "\"NaN\"",
      ]
    case .box(let box): texts += boxes(box)
    case .multiBinary(let shape) where !shape.isEmpty:
      texts +=
        ["0", "\"left\""] + lists(count: shape.elementCount, good: "0", bad: ["2", "-1", "0.5", "\"1\"", "null"])
    case .multiDiscrete(let choices) where !choices.shape.isEmpty && choices.shape.elementCount > 0:
      let start = choices.start[0]
      texts += ["0", "\"left\""]
      // Beyond the last choice of every element, since each has its own.
      let beyond = (0..<choices.shape.elementCount).map { choices.start[$0] + choices.nvec[$0] }.max() ?? 0
      texts += lists(
        count: choices.shape.elementCount, good: "\(start)", bad: ["\(beyond)", "\(start - 1)", "0.5", "\"1\"", "null"])
    case .text(let text):
      texts += ["7", "[]", "\"" + String(repeating: "a", count: text.maximumLength + 1) + "\""]
      if !text.alphabet.contains("\u{7}") { texts.append(#""\u0007""#) }
    case .tuple(let spaces): texts += ["7", "\"left\""] + (spaces.isEmpty ? ["[0]"] : ["[]"])
    case .dict(let members): return ["null", "true", "7", "\"left\"", "[]"] + (members.isEmpty ? [] : ["{}"])
    case .oneOf(let spaces): texts += ["7", "[]", "[0]", "[\(spaces.count),0]", "[-1,0]", "[0.5,0]"]
    case .sequence: texts += ["7", "\"left\"", "[null]"]
    case .graph: texts += ["7", "[]", #"{"nodes":[]}"#]
    case .multiBinary, .multiDiscrete: texts += ["\"left\"", "[]", "2e9"]
    }
    return texts
  }

  private static func boxes(_ box: Box) -> [String] {
    let (low, _) = box.nearbyBounds(0)
    let good = box.type.isFloatingPoint ? JSONValue.number(low).text : "\(Int(low.rounded(.up)))"
    var bad = ["\"NaN\"", "\"Infinity\"", "\"-Infinity\"", "\"left\"", "null", "true", "[0]"]
    let (lowest, highest) = (box.low[0], box.high[0])
    if highest.isFinite, highest < 1e15 {
      bad.append(JSONValue.number((highest + max(1, highest.magnitude)).rounded()).text)
    }
    if lowest.isFinite, lowest > -1e15 {
      bad.append(JSONValue.number((lowest - max(1, lowest.magnitude)).rounded()).text)
    }
    if !box.type.isFloatingPoint { bad.append("0.5") }
    if box.shape.isEmpty { return bad.filter { $0 != "null" && $0 != "true" } + ["[]", "[\(good)]"] }
    return [good, "\"left\""] + lists(count: box.shape.elementCount, good: good, bad: bad)
  }

  /// Lists of a wrong length, and lists whose first element is bad.
  private static func lists(count: Int, good: String, bad: [String]) -> [String] {
    func list(_ elements: [String]) -> String { "[" + elements.joined(separator: ",") + "]" }
    let rest = Array(repeating: good, count: max(0, count - 1))
    guard count > 0 else { return [list([good])] }
    return [list(rest), list(rest + [good, good])] + bad.map { list([$0] + rest) }
  }
}
