import Environments
import JSONLines

/// Goes through the members of a request, which names each of them once and in its order.
///
/// A ``JSONWriter`` writes them, a ``JSONScanner`` reads them in the one spelling that drivers use, and a
/// ``RequestReader`` reads them in any spelling, so that these three cannot disagree.
protocol RequestVisitor: ~Copyable {
  associatedtype Failure: Error

  /// Goes to a single value; nil where the request does not have it.
  mutating func visit<Value: RequestValue>(
    _ member: RequestMember, _ value: inout Value?, isRequired: Bool
  ) throws(Failure)

  /// Goes to values of a space.
  mutating func visit(_ member: RequestMember, _ value: some MemberValue) throws(Failure)
}

/// A single value of a request, which is checked when it is made.
protocol RequestValue {
  /// Whether a fault in it is the last to be told (protocol/SPEC.md 7.3.8).
  static var isReadLast: Bool { get }
  func write(to writer: inout JSONWriter)
  /// Reads the value as drivers spell it; nil for anything else, and for values that they seldom write.
  static func readUsual(from scanner: inout JSONScanner) -> Self?
  /// Takes the value of a member.
  init(_ value: PlainValue, of member: RequestMember) throws(ErrorReply)
}

extension RequestValue {
  static var isReadLast: Bool { false }
  static func readUsual(from scanner: inout JSONScanner) -> Self? { nil }
}

extension JSONWriter: RequestVisitor {
  @inline(__always)
  mutating func visit<Value: RequestValue>(
    _ member: RequestMember, _ value: inout Value?, isRequired: Bool
  ) throws(Never) {
    guard let value else { return }
    put(verbatim: member.prefix)
    value.write(to: &self)
  }

  @inline(__always)
  mutating func visit(_ member: RequestMember, _ value: some MemberValue) throws(Never) { visit(member.prefix, value) }
}

extension JSONScanner: RequestVisitor {
  @inline(__always)
  mutating func visit<Value: RequestValue>(
    _ member: RequestMember, _ value: inout Value?, isRequired: Bool
  ) throws(UnusualSpelling) {
    if skip(verbatim: member.prefix) {
      guard let found = Value.readUsual(from: &self) else { throw UnusualSpelling() }
      value = found
    } else if isRequired {
      throw UnusualSpelling()
    }
  }

  @inline(__always)
  mutating func visit(_ member: RequestMember, _ value: some MemberValue) throws(UnusualSpelling) {
    try visit(member.prefix, value)
  }
}

/// A request that is described by the list of its members.
protocol ListedRequest {
  var operation: Operation { get }
  /// How its values of spaces are written.
  var form: ValueForm { get }
  /// Goes through the members in their order.
  mutating func visitMembers<Visitor: RequestVisitor & ~Copyable>(_ visitor: inout Visitor) throws(Visitor.Failure)
}

extension ListedRequest {
  /// Writes the request with its line end.
  @inline(__always)
  mutating func write(id: Int64, to writer: inout JSONWriter) {
    writer.beginUsual(id, operation)
    visitMembers(&writer)
    writer.endLine()
  }

  /// Reads what can be checked before hello: single values, and whether everything is there that is required.
  ///
  /// - Throws: `bad_message`.
  mutating func readMembers(_ members: Request.Members) throws(ErrorReply) { try read(members, .single) }

  /// Reads observations, masks and actions, and then the seed.
  ///
  /// - Throws: `bad_message` for observations and masks that cannot be used, `bad_action` and `bad_seed`.
  mutating func readValues(_ members: Request.Members) throws(ErrorReply) {
    try read(members, .ofSpaces)
    try read(members, .last)
  }

  private mutating func read(_ members: Request.Members, _ stage: RequestReader.Stage) throws(ErrorReply) {
    var reader = RequestReader(members: members, operation: operation, form: form, stage: stage)
    try visitMembers(&reader)
  }
}

extension Bool: RequestValue {
  init(_ value: PlainValue, of member: RequestMember) throws(ErrorReply) {
    guard case .boolean(let flag) = value else {
      throw ErrorReply(.badMessage, "\"\(member.name)\" has to be true or false")
    }
    self = flag
  }

  @inline(__always)
  func write(to writer: inout JSONWriter) { writer.write(self) }

  @inline(__always)
  static func readUsual(from scanner: inout JSONScanner) -> Bool? { scanner.usualFlag() }
}
