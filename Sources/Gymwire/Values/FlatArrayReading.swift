import Environments
import JSONLines

extension FlatSlice {
  /// Reads exactly these numbers: a bare number, a flat list, or base64 where that is on.
  func read(isScalar: Bool, from scanner: inout JSONScanner, as form: ValueForm) throws(ValueError) {
    if isScalar {
      if let fault = try readNumber(at: 0, from: &scanner) { throw ValueError("it is \(fault)") }
      return
    }
    if form.allowsBase64, try scanner.kind() == .object { return try readBase64(from: &scanner) }
    if readFast(from: &scanner) { return }
    var index = 0
    try scanner.enterList(expected: "a list of \(count) numbers")
    try readList(index: &index, from: &scanner)
    guard index == count else { throw ValueError("the array has \(index) elements instead of \(count)") }
  }

  /// Takes the path of nearly every message, a list of numbers in their usual spelling of the right length.
  ///
  /// False means that it is something else, and has changed nothing in `scanner`.
  private func readFast(from scanner: inout JSONScanner) -> Bool {
    if type == .float32 { return scanner.readUsual(numbers(as: Float.self)) }
    let start = scanner
    do throws(JSONError) {
      switch type {
      case .float64: try scanner.readDoubles(into: numbers(as: Double.self))
      case .int64: try scanner.readIntegers(into: numbers(as: Int64.self))
      default: return false
      }
      return true
    } catch {
      scanner = start
      return false
    }
  }

  private func readList(index: inout Int, from scanner: inout JSONScanner) throws(ValueError) {
    while try scanner.hasElement() {
      if try scanner.enterNestedList() {
        try readList(index: &index, from: &scanner)
        continue
      }
      // Elements beyond the end are counted, so that the error can tell both lengths.
      if index >= count {
        try scanner.skip()
      } else if let fault = try readNumber(at: index, from: &scanner) {
        throw ValueError("element \(index) is \(fault)", row: index)
      }
      index += 1
    }
  }

  /// Reads one number; if there is none that fits, says what there is instead.
  private func readNumber(at index: Int, from scanner: inout JSONScanner) throws(ValueError) -> String? {
    let kind = try scanner.kind()
    guard kind == .number || kind == .string else { return "\(kind.phrase) instead of a number" }
    if type.isFloatingPoint {
      guard let value = scanner.anyNumber() else {
        return kind == .string ? "\(try scanner.quotation()) instead of a number" : "not written as JSON writes numbers"
      }
      set(value, at: index)
      return nil
    }
    guard let value = try scanner.wholeNumber() else {
      if kind == .string { return "\(try scanner.quotation()) instead of an integer" }
      return "\(scanner.anyNumber().map { "\($0)" } ?? "a number") instead of an integer"
    }
    guard let range = type.integerRange, range.contains(value) else {
      return type == .bool ? "\(value) instead of 0 or 1" : "\(value), which does not fit \(type)"
    }
    set(value, at: index)
    return nil
  }
}

extension FlatArray {
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
    let count = try counter.countNumbers()
    guard width > 0, count % width == 0 else {
      throw ValueError("the array has \(count) elements, which is not a multiple of \(width)")
    }
    let array = FlatArray(type, count: count)
    try array.slice.read(isScalar: false, from: &scanner, as: form)
    return array
  }
}

extension JSONScanner {
  /// Enters a list in place of a number, which drivers tolerate (protocol/SPEC.md 8.5); false if there is none.
  fileprivate mutating func enterNestedList() throws(ValueError) -> Bool {
    guard toleratesNestedArrays, try kind() == .array else { return false }
    sawNestedArray = true
    try enterList(expected: "a list")
    return true
  }

  fileprivate mutating func countNumbers() throws(ValueError) -> Int {
    try enterList(expected: "a flat list of numbers")
    var count = 0
    while try hasElement() {
      if toleratesNestedArrays, try kind() == .array {
        count += try countNumbers()
      } else {
        try skip()
        count += 1
      }
    }
    return count
  }

  /// An integer, in quotes if it is beyond 2^53 - 1; nil, with the position unchanged, if there is none.
  fileprivate mutating func wholeNumber() throws(ValueError) -> Int128? {
    let start = self
    if let value = try? readInteger() { return Int128(value) }
    self = start
    // What Int64 does not hold may still be a uint64.
    if try kind() == .string, let value = try? readUnsignedInteger() { return Int128(value) }
    self = start
    return nil
  }

  /// A number, or what is not finite in quotes; nil, with the position unchanged, if there is none.
  fileprivate mutating func anyNumber() -> Double? {
    let start = self
    if let value = try? readDouble() { return value }
    self = start
    return nil
  }

  fileprivate mutating func quotation() throws(ValueError) -> String {
    "the string \"\(try text().abbreviated())\""
  }
}

extension JSONScanner {
  /// Reads a list of numbers in their usual spelling of the right length; false means that it is something else, and nothing was read.
  mutating func readUsual(_ floats: UnsafeMutableBufferPointer<Float>) -> Bool {
    let start = self
    if skip(verbatim: "["), readLastFloats(into: floats, isFirst: true) { return true }
    self = start
    do throws(JSONError) { try readFloats(into: floats) } catch {
      self = start
      return false
    }
    return true
  }
}
