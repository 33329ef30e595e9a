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

/// Reads the members of a request in any spelling, in the order in which their faults are told (protocol/SPEC.md 7.3).
struct RequestReader: RequestVisitor {
  /// What is read in one go through the members.
  enum Stage {
    /// Single values, and whether everything that is required is there: before it matters whether hello has come.
    case single
    /// Observations, masks and actions.
    case ofSpaces
    /// Seeds.
    case last
  }

  let members: Request.Members
  let operation: Operation
  let form: ValueForm
  let stage: Stage

  mutating func visit<Value: RequestValue>(
    _ member: RequestMember, _ value: inout Value?, isRequired: Bool
  ) throws(ErrorReply) {
    guard stage == (Value.isReadLast ? .last : .single) else { return }
    let found = try members[member].plain(member.name, otherwise: Value.isReadLast ? .badSeed : .badMessage)
    guard let found else {
      if isRequired { throw missing(member) }
      return
    }
    value = try Value(found, of: member)
  }

  mutating func visit(_ member: RequestMember, _ value: some MemberValue) throws(ErrorReply) {
    // An action that is null is one that cannot be used, and not one that is missing (protocol/SPEC.md 4.7).
    let isThere = member == .action ? members.action != nil : try members[member].isPresent(member.name)
    switch stage {
    case .single: if value.isRequired, !isThere { throw missing(member) }
    case .ofSpaces:
      guard isThere, var scanner = members[member] else { return }
      do throws(ValueError) { try value.read(from: &scanner) } catch {
        guard member != .action else {
          let row = operation == .step ? error.row : nil
          throw ErrorReply(
            .badAction, "the action cannot be used: \(error)", data: row.map { ["env": .number(Double($0))] } ?? [:])
        }
        throw ErrorReply(.badMessage, "\"\(member.name)\" cannot be used: \(error)", data: form.rowData(error.row))
      }
    case .last: break
    }
  }

  private func missing(_ member: RequestMember) -> ErrorReply {
    ErrorReply(.badMessage, "\(operation.rawValue) needs \"\(member.name)\"")
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
