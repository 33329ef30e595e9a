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
        "\(Int128(discrete.values.upperBound) + 1)", "\(Int128(discrete.start) - 1)",
        JSONValue.number(Double(discrete.start) + 0.5).text,
        "999999999", "1e300",
        "\"left\"", "\"\(discrete.start)\"", "[]", "[\(discrete.start)]", "\"NaN\"",
      ]
    case .box(let box): texts += types(box)
    case .multiBinary(let shape) where !shape.isEmpty:
      texts +=
        ["0", "\"left\""] + lists(count: shape.elementCount, good: "0", bad: ["2", "-1", "0.5", "\"1\"", "null"])
    case .multiDiscrete(let choices) where !choices.shape.isEmpty && choices.shape.elementCount > 0:
      let start = Int128(choices.start[0])
      texts += ["0", "\"left\""]
      // Beyond the last choice of every element, since each has its own.
      let beyond = (0..<choices.shape.elementCount).map { Int128(choices.values(of: $0).upperBound) + 1 }.max() ?? 0
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

  /// Values that no policy can take for an observation; those outside the bounds of a Box are legal (clause 16.2).
  static func observations(for space: Space) -> [String] {
    guard case .box(let box) = space, box.shape.elementCount > 0 else { return texts(for: space) }
    var numbers = ["\"NaN\"", "\"Infinity\"", "\"-Infinity\""]
    // Too large for a double, and for the type of the space: both are infinities (clause 9.3).
    numbers += ["1e400", "-1e400"] + (box.type == .float32 || box.type == .float16 ? ["1e39", "-3.5e38"] : [])
    return texts(for: space)
      + (box.shape.isEmpty ? numbers : lists(count: box.shape.elementCount, good: good(box), bad: numbers))
  }

  /// Values that are of a Box's type and no actions of it (clause 9.6); none for a space that is no Box.
  static func boxes(in space: Space) -> [String] {
    guard case .box(let box) = space, box.shape.elementCount > 0 else { return [] }
    var bad = ["\"NaN\"", "\"Infinity\"", "\"-Infinity\""]
    func beyond(_ bound: Double, _ sign: Double) -> String {
      JSONValue.number((bound + sign * max(1, bound.magnitude)).rounded()).text
    }
    if box.high[0].isFinite, box.high[0] < 1e15 { bad.append(beyond(box.high[0], 1)) }
    if box.low[0].isFinite, box.low[0] > -1e15 { bad.append(beyond(box.low[0], -1)) }
    if !box.type.isFloatingPoint { bad.append("0.5") }
    return box.shape.isEmpty ? bad : lists(count: box.shape.elementCount, good: good(box), bad: bad)
  }

  private static func types(_ box: Box) -> [String] {
    if box.shape.isEmpty { return ["\"left\"", "[]", "[\(good(box))]"] }
    let count = box.shape.elementCount
    // A list without an element of a wrong type would be one of a wrong length.
    return [good(box), "\"left\""]
      + lists(count: count, good: good(box), bad: ["\"left\"", "null", "true", "[0]"]).suffix(4)
  }

  private static func good(_ box: Box) -> String {
    let low = box.nearbyBounds(0).low
    return box.type.isFloatingPoint ? JSONValue.number(low).text : "\(Int(low.rounded(.up)))"
  }

  /// Lists of a wrong length, and lists whose first element is bad.
  private static func lists(count: Int, good: String, bad: [String]) -> [String] {
    func list(_ elements: [String]) -> String { "[" + elements.joined(separator: ",") + "]" }
    let rest = Array(repeating: good, count: max(0, count - 1))
    guard count > 0 else { return [list([good])] }
    return [list(rest), list(rest + [good, good])] + bad.map { list([$0] + rest) }
  }
}
