import JSONLines

/// Goes through the members of a message, which names each of them once and in its order.
///
/// A ``JSONWriter`` writes them, a ``JSONScanner`` reads them in the one spelling that writers use, and a ``NamedMember``
/// reads the one whose name it has met, so that these three cannot disagree.
protocol MemberVisitor: ~Copyable {
  associatedtype Failure: Error

  /// Goes to a member; `prefix` is what stands before its value, such as `,"obs":`.
  mutating func visit(_ prefix: StaticString, _ value: some MemberValue) throws(Failure)

  /// Goes to two flags that stand beside each other in nearly every message.
  mutating func visit(_ prefix: StaticString, _ second: StaticString, _ flags: EndFlags) throws(Failure)
}

/// The value of a member, with the place where it is kept.
protocol MemberValue {
  /// Whether a message without it is no such message.
  var isRequired: Bool { get }
  /// Whether there is anything to write.
  var isThere: Bool { get }
  func write(to writer: inout JSONWriter)
  /// Reads the value as writers spell it; false, with the place as good as lost, for anything else.
  func readUsual(from scanner: inout JSONScanner) -> Bool
  /// Reads the value in any spelling.
  func read(from scanner: inout JSONScanner) throws(ValueError)
}

extension MemberValue {
  @inline(__always) var isRequired: Bool { true }
  @inline(__always) var isThere: Bool { true }

  @inline(__always)
  func readUsual(from scanner: inout JSONScanner) -> Bool {
    do throws(ValueError) { try read(from: &scanner) } catch { return false }
    return true
  }
}

extension JSONWriter: MemberVisitor {
  @inline(__always)
  mutating func visit(_ prefix: StaticString, _ value: some MemberValue) throws(Never) {
    guard value.isThere else { return }
    put(verbatim: prefix)
    value.write(to: &self)
  }

  @inline(__always)
  mutating func visit(_ prefix: StaticString, _ second: StaticString, _ flags: EndFlags) throws(Never) {
    write(flags)
  }
}

/// A line is spelled in another way than writers spell it.
struct UnusualSpelling: Error {}

extension JSONScanner: MemberVisitor {
  @inline(__always)
  mutating func visit(_ prefix: StaticString, _ value: some MemberValue) throws(UnusualSpelling) {
    if skip(verbatim: prefix) {
      guard value.readUsual(from: &self) else { throw UnusualSpelling() }
    } else if value.isRequired {
      throw UnusualSpelling()
    }
  }

  @inline(__always)
  mutating func visit(
    _ prefix: StaticString, _ second: StaticString, _ flags: EndFlags
  ) throws(UnusualSpelling) {
    guard readUsual(flags) else { throw UnusualSpelling() }
  }
}

/// Reads one member, which is visited until it is found, in any spelling.
struct NamedMember: MemberVisitor {
  let name: JSONName
  var scanner: JSONScanner
  /// How many members have been visited.
  private var count = 0
  /// The number of the member with this name; nil if no member has it.
  private(set) var found: Int?

  init(_ name: JSONName, at scanner: JSONScanner) {
    (self.name, self.scanner) = (name, scanner)
  }

  mutating func visit(_ prefix: StaticString, _ value: some MemberValue) throws(ValueError) {
    if find(prefix) { try value.read(from: &scanner) }
  }

  mutating func visit(_ prefix: StaticString, _ second: StaticString, _ flags: EndFlags) throws(ValueError) {
    if find(prefix) { flags.isTerminated = try scanner.flag() }
    if find(second) { flags.isTruncated = try scanner.flag() }
  }

  /// Notes the member that was read among those that have come, and steps behind it; false if none has this name.
  func note(in members: inout UInt64, scanner: inout JSONScanner) -> Bool {
    guard let found else { return false }
    members |= 1 << UInt64(found)
    scanner = self.scanner
    return true
  }

  private mutating func find(_ prefix: StaticString) -> Bool {
    defer { count += 1 }
    guard found == nil, name.isName(in: prefix) else { return false }
    found = count
    return true
  }
}

/// Looks for the first member that is required and has not come.
struct MissingMember: MemberVisitor {
  /// A bit for each member that has come.
  let found: UInt64
  private var count = 0
  private(set) var name: String?

  init(found: UInt64) { self.found = found }

  mutating func visit(_ prefix: StaticString, _ value: some MemberValue) throws(Never) {
    look(prefix, isRequired: value.isRequired)
  }

  mutating func visit(_ prefix: StaticString, _ second: StaticString, _ flags: EndFlags) throws(Never) {
    look(prefix, isRequired: true)
    look(second, isRequired: true)
  }

  private mutating func look(_ prefix: StaticString, isRequired: Bool) {
    if name == nil, isRequired, found >> UInt64(count) & 1 == 0 {
      name = String(prefix.description.dropFirst(2).dropLast(2))
    }
    count += 1
  }
}

extension JSONName {
  /// Whether it is the name in `,"name":`.
  fileprivate func isName(in prefix: StaticString) -> Bool {
    let name = UnsafeBufferPointer(start: prefix.utf8Start + 2, count: prefix.utf8CodeUnitCount - 4)
    return string.utf8.elementsEqual(name)
  }
}

// Every message begins with its id. A message in the usual spelling goes on with members that each begin with a comma.
extension JSONWriter {
  @inline(__always)
  mutating func beginUsual(_ id: Int64) {
    put(verbatim: "{\"id\":")
    write(id)
  }

  @inline(__always)
  mutating func beginUsual(_ id: Int64, _ operation: Operation) {
    beginUsual(id)
    put(verbatim: operation.member)
  }
}

extension JSONScanner {
  @inline(__always)
  mutating func beginUsual(expecting id: Int64) -> Bool { skip(verbatim: "{\"id\":") && usualInteger() == id }

  /// The id of a request for an operation; nil if it is none.
  @inline(__always)
  mutating func beginUsualRequest(_ operation: Operation) -> Int64? {
    guard skip(verbatim: "{\"id\":"), let id = usualInteger(), id >= 0, id <= ProtocolConstants.greatestInteger,
      skip(verbatim: operation.member)
    else { return nil }
    return id
  }

  @inline(__always)
  mutating func endUsual() -> Bool { skip(verbatim: "}") && isAtEnd }

  mutating func usualInteger() -> Int64? {
    do { return try readInteger() } catch { return nil }
  }

  mutating func usualFlag() -> Bool? {
    if skip(verbatim: "false") { return false }
    return skip(verbatim: "true") ? true : nil
  }
}
