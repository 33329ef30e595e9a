/// Elements of drawings.
enum SVG {
  /// An element; numbers are places in its drawing.
  static func element(
    _ name: String, class: String = "", _ places: KeyValuePairs<String, Double> = [:],
    _ attributes: KeyValuePairs<String, String> = [:], text: String? = nil
  ) -> String {
    var element = "<\(name)"
    if !`class`.isEmpty { element += " class=\"\(`class`)\"" }
    for (name, place) in places { element += " \(name)=\"\(HTML.coordinate(place))\"" }
    for (name, value) in attributes { element += " \(name)=\"\(HTML.text(value))\"" }
    return element + (text.map { ">\(HTML.text($0))</\(name)>" } ?? "/>")
  }

  /// What stands beside a number of an axis.
  static func tick(_ text: String, x: Double, y: Double, anchor: String) -> String {
    element("text", class: "tick", ["x": x, "y": y], ["text-anchor": anchor], text: text)
  }

  /// The description of a line through some places.
  static func path(_ places: [(x: Double, y: Double)]) -> String {
    "M" + places.map { "\(HTML.coordinate($0.x)) \(HTML.coordinate($0.y))" }.joined(separator: "L")
  }
}
