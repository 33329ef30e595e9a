import Environments
import JSONLines

extension FlatArray {
  /// Reads exactly the elements of `range`: a bare number, a flat list, or base64 where that is on.
  func read(
    _ range: Range<Int>,
    isScalar: Bool,
    from scanner: inout JSONScanner,
    as form: ValueForm
  ) throws(ValueError) {
    if isScalar {
      let kind = try scanner.kind()
      guard kind == .number || kind == .string else {
        throw ValueError("a bare number was expected, but there is \(kind.phrase)")
      }
      return try readNumber(at: range.lowerBound, from: &scanner)
    }
    if form.allowsBase64, try scanner.kind() == .object { return try readBase64(range, from: &scanner) }
    if readFast(range, from: &scanner) { return }
    var index = range.lowerBound
    try scanner.enterList(expected: "a list of \(range.count) numbers")
    try readList(into: range, index: &index, from: &scanner)
    guard index == range.upperBound else {
      throw ValueError("the array has \(index - range.lowerBound) elements instead of \(range.count)")
    }
  }

  /// Reads a list of any number of rows.
  static func readRows(
    _ type: ScalarType,
    width: Int,
    from scanner: inout JSONScanner,
    as form: ValueForm
  ) throws(ValueError) -> FlatArray {
    if form.allowsBase64, try scanner.kind() == .object {
      return try readRowsBase64(type, width: width, from: &scanner)
    }
    // The length is only known at the end, so the list is counted first.
    var counter = scanner
    var count = 0
    try counter.enterList(expected: "a flat list of numbers")
    while try counter.hasElement() {
      try ValueError.wrap { () throws(JSONError) in try counter.skipValue() }
      count += 1
    }
    guard width > 0, count % width == 0 else {
      throw ValueError("the array has \(count) elements, which is not a multiple of \(width)")
    }
    let array = FlatArray(type, count: count)
    try array.read(0..<count, isScalar: false, from: &scanner, as: form)
    return array
  }

  /// Takes the path of nearly every message, a list of plain numbers of the right length.
  ///
  /// False means that it is something else, and has changed nothing in `scanner`.
  private func readFast(_ range: Range<Int>, from scanner: inout JSONScanner) -> Bool {
    let start = scanner
    do throws(JSONError) {
      switch type {
      case .float32: try scanner.readFloats(into: .init(rebasing: numbers(as: Float.self)[range]))
      case .float64: try scanner.readDoubles(into: .init(rebasing: numbers(as: Double.self)[range]))
      case .int64: try scanner.readIntegers(into: .init(rebasing: numbers(as: Int64.self)[range]))
      default: return false
      }
      return true
    } catch {
      scanner = start
      return false
    }
  }

  private func readList(
    into range: Range<Int>, index: inout Int, from scanner: inout JSONScanner
  ) throws(ValueError) {
    while try scanner.hasElement() {
      if scanner.toleratesNestedArrays, try scanner.kind() == .array {
        scanner.sawNestedArray = true
        try scanner.enterList(expected: "a list")
        try readList(into: range, index: &index, from: &scanner)
        continue
      }
      // Elements beyond the end are counted, so that the error can tell both lengths.
      if index < range.upperBound {
        try readNumber(at: index, from: &scanner)
      } else {
        try ValueError.wrap { () throws(JSONError) in try scanner.skipValue() }
      }
      index += 1
    }
  }

  private func readNumber(at index: Int, from scanner: inout JSONScanner) throws(ValueError) {
    let kind = try scanner.kind()
    guard kind == .number || kind == .string else {
      throw ValueError("element \(index) is \(kind.phrase) instead of a number")
    }
    if type.isFloatingPoint {
      set(try kind == .number ? scanner.floatingPoint() : scanner.nonFinite(element: index), at: index)
      return
    }
    let value = try kind == .number ? scanner.wholeNumber(element: index) : scanner.longInteger(element: index)
    guard let range = type.integerRange, range.contains(value) else {
      throw ValueError("element \(index) is \(value), which does not fit \(type)")
    }
    set(value, at: index)
  }
}

extension JSONScanner {
  fileprivate mutating func floatingPoint() throws(ValueError) -> Double {
    do { return try readDouble() } catch { throw ValueError(error) }
  }

  fileprivate mutating func nonFinite(element: Int) throws(ValueError) -> Double {
    switch try ValueError.wrap({ () throws(JSONError) in try readString() }) {
    case "NaN": return .nan
    case "Infinity": return .infinity
    case "-Infinity": return -.infinity
    case let text: throw ValueError("element \(element) is the string \"\(text.prefix(40))\" instead of a number")
    }
  }

  fileprivate mutating func wholeNumber(element: Int) throws(ValueError) -> Int128 {
    let start = self
    do {
      return Int128(try readInteger())
    } catch {
      self = start
      let number = try floatingPoint()
      throw ValueError("element \(element) is \(number), which is not a usable integer")
    }
  }

  /// An integer beyond 2^53 - 1, written as a decimal string.
  fileprivate mutating func longInteger(element: Int) throws(ValueError) -> Int128 {
    let text = try ValueError.wrap { () throws(JSONError) in try readString() }
    let digits = text.utf8.first == UInt8(ascii: "-") ? text.dropFirst() : Substring(text)
    guard !digits.isEmpty, digits.utf8.count <= 20, digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
      let value = Int128(text)
    else { throw ValueError("element \(element) is the string \"\(text.prefix(40))\" instead of an integer") }
    guard value.magnitude > UInt128(ProtocolConstants.greatestInteger) else {
      throw ValueError("element \(element) is an integer in quotes, which only one beyond 2^53 - 1 may be")
    }
    return value
  }
}
