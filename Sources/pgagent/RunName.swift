/// The name of a run's directory, made of what a server says, which must not lead anywhere else.
enum RunName {
  private static let longest = 100

  /// The environment's name as a part of a path: letters, digits and `-_.+=`; every other character becomes `-`.
  ///
  /// It neither begins with a dot nor is longer than 100 bytes.
  static func component(_ name: String?) -> String {
    var component = ""
    for scalar in (name ?? "").unicodeScalars {
      let isPlain = isPlain(scalar)
      if component.isEmpty, !isPlain || scalar == "." || scalar == "-" { continue }
      let next = isPlain ? String(Character(scalar)) : "-"
      guard component.utf8.count + next.utf8.count <= longest else { break }
      component += next
    }
    return component.isEmpty ? "environment" : component
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII {
      return scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "-_.+=".unicodeScalars.contains(scalar)
    }
    let properties = scalar.properties
    return (properties.isAlphabetic || properties.numericType != nil) && !properties.isDefaultIgnorableCodePoint
  }
}
