/// Reads one JSON text (RFC 8259, nothing more and nothing less) in place, without building a tree.
///
/// The scanner is a value: a copy keeps the position, so a member can be read again later. It borrows the bytes, which
/// must stay in place while it is in use. Every value that is reached must be read, entered or skipped before the
/// next ``nextName()`` or ``nextElement()``. After an error the position is unspecified.
public struct JSONScanner {
  /// The deepest nesting that any scanner accepts.
  public static var deepestNesting: Int { 64 }

  /// Whether a bare `NaN`, `Infinity` or `-Infinity` was read, which only a tolerant scanner does.
  public internal(set) var sawNonFinite = false
  /// Whether an array inside a flat array of numbers was flattened, which only a tolerant scanner does.
  public var sawNestedArray = false

  let start: UnsafePointer<UInt8>
  @usableFromInline let end: UnsafePointer<UInt8>
  @usableFromInline var position: UnsafePointer<UInt8>
  let maximumDepth: Int
  let toleratesNonFinite: Bool
  /// Whether an array of numbers may come as nested ones.
  public let toleratesNestedArrays: Bool
  var depth = 0
  // True between the opening of a container and its first member or element: no comma is due.
  private var isFirst = false

  /// Makes a scanner at the start of a text.
  ///
  /// - Parameters:
  ///   - bytes: the text, which the scanner borrows.
  ///   - maximumDepth: how many arrays and objects may be open at once, 1 to 64.
  ///   - toleratesNonFinite: accept Python's bare `NaN`, `Infinity` and `-Infinity` as numbers.
  ///   - toleratesNestedArrays: let the readers of flat arrays flatten nested ones.
  public init(
    _ bytes: UnsafeRawBufferPointer,
    maximumDepth: Int = 64,
    toleratesNonFinite: Bool = false,
    toleratesNestedArrays: Bool = false
  ) {
    let empty: StaticString = ""
    start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? empty.utf8Start
    end = start + bytes.count
    position = start
    self.maximumDepth = min(max(1, maximumDepth), Self.deepestNesting)
    self.toleratesNonFinite = toleratesNonFinite
    self.toleratesNestedArrays = toleratesNestedArrays
  }

  /// The number of bytes before the position.
  public var offset: Int { position - start }

  /// The bytes from the position to that of a scanner of the same text which is further on.
  public func bytes(upTo end: JSONScanner) -> UnsafeRawBufferPointer {
    precondition(start == end.start && position <= end.position, "both scanners are of one text")
    return UnsafeRawBufferPointer(start: position, count: end.position - position)
  }

  /// The kind of the value at the position, judged by its first byte.
  public mutating func peek() throws(JSONError) -> JSONKind {
    skipWhiteSpace()
    guard position < end else { throw error(.unexpectedEnd) }
    switch position.pointee {
    case UInt8(ascii: "{"): return .object
    case UInt8(ascii: "["): return .array
    case UInt8(ascii: "\""): return .string
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
    case UInt8(ascii: "n"): return .null
    case UInt8(ascii: "N") where toleratesNonFinite, UInt8(ascii: "I") where toleratesNonFinite: return .number
    default: throw error(.expectedValue)
    }
  }

  /// Steps into an object.
  public mutating func enterObject() throws(JSONError) {
    if !isAt(UInt8(ascii: "{")) { try expect(.object) }
    try open()
  }

  /// Steps to the next member and stops at its value; nil once the `}` was consumed.
  public mutating func nextName() throws(JSONError) -> JSONName? {
    skipWhiteSpace()
    guard position < end else { throw error(.unexpectedEnd) }
    if position.pointee == UInt8(ascii: "}") {
      close()
      return nil
    }
    if isFirst {
      isFirst = false
    } else {
      guard position.pointee == UInt8(ascii: ",") else { throw error(.expectedCommaOrBrace) }
      position += 1
      skipWhiteSpace()
    }
    return try scanName()
  }

  /// Steps into an array.
  public mutating func enterArray() throws(JSONError) {
    if !isAt(UInt8(ascii: "[")) { try expect(.array) }
    try open()
  }

  /// Steps to the next element; false once the `]` was consumed.
  public mutating func nextElement() throws(JSONError) -> Bool {
    skipWhiteSpace()
    guard position < end else { throw error(.unexpectedEnd) }
    if position.pointee == UInt8(ascii: "]") {
      close()
      return false
    }
    if isFirst {
      isFirst = false
    } else {
      guard position.pointee == UInt8(ascii: ",") else { throw error(.expectedCommaOrBracket) }
      position += 1
    }
    return true
  }

  /// Reads `true` or `false`.
  public mutating func readBool() throws(JSONError) -> Bool {
    if !isAt(UInt8(ascii: "t")), !isAt(UInt8(ascii: "f")) { try expect(.boolean) }
    if position.pointee == UInt8(ascii: "t") {
      try consume("true")
      return true
    }
    try consume("false")
    return false
  }

  /// Reads `null`.
  public mutating func readNull() throws(JSONError) {
    try expect(.null)
    try consume("null")
  }

  /// Checks that nothing but white space is left.
  public mutating func finish() throws(JSONError) {
    skipWhiteSpace()
    guard position == end else { throw error(.trailingBytes) }
    guard depth == 0 else { throw error(.unexpectedEnd) }
  }
}

extension JSONScanner {
  func error(_ reason: JSONError.Reason) -> JSONError { JSONError(reason, offset: offset) }

  func error(_ reason: JSONError.Reason, at place: UnsafePointer<UInt8>) -> JSONError {
    JSONError(reason, offset: place - start)
  }

  @inline(__always)
  mutating func skipWhiteSpace() {
    while position < end, position.pointee <= 0x20 {
      guard position.pointee.isWhiteSpace else { return }
      position += 1
    }
  }

  @inline(__always)
  func isAt(_ byte: UInt8) -> Bool { position < end && position.pointee == byte }

  /// Steps over the comma between two elements if one stands right here, which ``nextElement()`` also does but slower.
  @inline(__always)
  mutating func stepOverComma() -> Bool {
    guard !isFirst, isAt(UInt8(ascii: ",")) else { return false }
    position += 1
    return true
  }

  /// Skips white space and refuses a value of another kind.
  mutating func expect(_ kind: JSONKind) throws(JSONError) {
    let found = try peek()
    guard found == kind else { throw error(.wrongKind(expected: kind, found: found)) }
  }

  @inline(__always)
  mutating func consume(_ literal: StaticString) throws(JSONError) {
    for index in 0..<literal.utf8CodeUnitCount {
      guard position + index < end else { throw error(.unexpectedEnd, at: end) }
      guard position[index] == literal.utf8Start[index] else { throw error(.expectedValue) }
    }
    position += literal.utf8CodeUnitCount
  }

  /// Reads a name and its colon, and stops at the value.
  mutating func scanName() throws(JSONError) -> JSONName {
    guard position < end else { throw error(.unexpectedEnd) }
    guard position.pointee == UInt8(ascii: "\"") else { throw error(.expectedName) }
    let name = JSONName(try scanString())
    skipWhiteSpace()
    guard position < end else { throw error(.unexpectedEnd) }
    guard position.pointee == UInt8(ascii: ":") else { throw error(.expectedColon) }
    position += 1
    return name
  }

  private mutating func open() throws(JSONError) {
    guard depth < maximumDepth else { throw error(.tooDeep(maximum: maximumDepth)) }
    depth += 1
    position += 1
    isFirst = true
  }

  private mutating func close() {
    depth -= 1
    position += 1
    isFirst = false
  }
}

extension UInt8 {
  @inline(__always)
  var isWhiteSpace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }

  @inline(__always)
  var isDigit: Bool { self &- UInt8(ascii: "0") <= 9 }
}
