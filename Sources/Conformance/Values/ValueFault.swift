import Environments
import Gymwire
import JSONLines

/// Why a value, as it was written without batch and b64, is none of a space: the clause that it breaks.
struct ValueFault: Error {
  let clause: String
  /// What should be there, and where.
  let expected: String

  /// The first fault of a value; nil if it is one of the space.
  ///
  /// Numbers outside the bounds of a Box are legal (clause 9.4).
  static func find(in value: JSONValue, of space: Space, at path: String = "obs") -> ValueFault? {
    func fault(_ clause: String, _ expected: String) -> ValueFault {
      ValueFault(clause: clause, expected: "\(expected) at \(path)")
    }
    switch space {
    case .box, .discrete, .multiBinary, .multiDiscrete: return flat(value, space, path)
    case .text(let text):
      guard case .string(let string) = value else { return fault("10.1", "a string") }
      let scalars = string.unicodeScalars
      guard scalars.count >= text.minimumLength, scalars.count <= text.maximumLength else {
        return fault("10.5", "\(text.minimumLength) to \(text.maximumLength) Unicode scalars")
      }
      let alphabet = Set(text.alphabet.unicodeScalars)
      return scalars.allSatisfy(alphabet.contains) ? nil : fault("10.5", "only characters of the charset")
    case .tuple(let spaces):
      guard let elements = value.elements, elements.count == spaces.count else {
        return fault("10.1", "a list of \(spaces.count) values")
      }
      return zip(elements, spaces).enumerated().lazy
        .compactMap { find(in: $0.element.0, of: $0.element.1, at: "\(path).\($0.offset)") }.first
    case .dict(let spaces):
      guard case .object(let members) = value else { return fault("10.1", "an object") }
      guard Set(members.map(\.name)) == Set(spaces.map(\.key)), members.count == spaces.count else {
        return fault("10.6", "exactly the keys \(spaces.map(\.key))")
      }
      return spaces.lazy.compactMap { space in
        value[space.key].flatMap { find(in: $0, of: space.space, at: "\(path).\(space.key)") }
      }.first
    case .oneOf(let spaces):
      guard let pair = value.elements, pair.count == 2, case .integer(let index) = pair[0],
        spaces.indices.contains(Int(index))
      else { return fault("10.1", "[index, value] with an index below \(spaces.count)") }
      return find(in: pair[1], of: spaces[Int(index)], at: path + ".1")
    case .sequence(let element, _):
      guard let elements = value.elements else { return fault("10.1", "a list") }
      return elements.enumerated().lazy
        .compactMap { find(in: $0.element, of: element, at: "\(path).\($0.offset)") }.first
    case .graph: return graph(value, space, path)
    }
  }

  private static func graph(_ value: JSONValue, _ space: Space, _ path: String) -> ValueFault? {
    do {
      let batch = ValueBatch(space, count: 1)
      try Array(value.text.utf8).withUnsafeBytes { bytes in
        var scanner = JSONScanner(bytes)
        try batch.read(rows: 0..<1, from: &scanner, as: ValueForm())
      }
      return nil
    } catch {
      return ValueFault(clause: "10.8", expected: "a graph at \(path) (\(error))")
    }
  }

  private static func flat(_ value: JSONValue, _ space: Space, _ path: String) -> ValueFault? {
    guard let (type, shape) = space.flat else { return nil }
    if shape.isEmpty {
      if value.elements != nil { return ValueFault(clause: "9.2", expected: "a bare number at \(path)") }
      return number(value, type, space, 0, path)
    }
    guard let elements = value.elements, !elements.contains(where: { $0.elements != nil }) else {
      return ValueFault(clause: "9.1", expected: "one flat list at \(path)")
    }
    guard elements.count == shape.elementCount else {
      return ValueFault(clause: "9.3", expected: "\(shape.elementCount) numbers at \(path)")
    }
    return elements.enumerated().lazy
      .compactMap { number($0.element, type, space, $0.offset, "\(path).\($0.offset)") }.first
  }

  private static func number(
    _ value: JSONValue, _ type: ScalarType, _ space: Space, _ index: Int, _ path: String
  ) -> ValueFault? {
    func fault(_ clause: String, _ expected: String) -> ValueFault {
      ValueFault(clause: clause, expected: "\(expected) at \(path)")
    }
    if type.isFloatingPoint {
      let isNumber = value.double != nil || ["NaN", "Infinity", "-Infinity"].map(JSONValue.string).contains(value)
      return isNumber ? nil : fault("8.4", "a number, or \"NaN\", \"Infinity\" or \"-Infinity\"")
    }
    if case .boolean = value { return fault("8.7", "0 or 1") }
    let greatest = Int128(ProtocolConstants.greatestInteger)
    if case .number(let number) = value, number == number.rounded(), number.magnitude <= Double(greatest) {
      return fault("8.2", "an integer without fraction and exponent")
    }
    var integer = value.double.flatMap { Int128(exactly: $0) }
    if case .integer(let exact) = value { integer = Int128(exact) }
    if case .string(let text) = value {
      integer = Int128(text).flatMap { $0.magnitude > greatest.magnitude ? $0 : nil }
    } else if let wide = integer, wide.magnitude > greatest.magnitude {
      return fault("8.3", "an integer beyond 2^53-1 as a string")
    }
    guard let integer, type.integerRange?.contains(integer) == true else { return fault("10.4", "a number of \(type)") }
    let range: Range<Int128>
    switch space {
    case .discrete(let discrete): range = Int128(discrete.start)..<Int128(discrete.start) + Int128(discrete.n)
    case .multiDiscrete(let choices):
      range = Int128(choices.start[index])..<Int128(choices.start[index]) + Int128(choices.nvec[index])
    case .multiBinary: range = 0..<2
    default: return nil
    }
    return range.contains(integer)
      ? nil : fault("10.1", "an integer from \(range.lowerBound) to \(range.upperBound - 1)")
  }
}
