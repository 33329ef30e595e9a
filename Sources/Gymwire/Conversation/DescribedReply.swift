import JSONLines

/// A reply whose members are described once; a ``MemberVisitor`` writes or reads them from that.
protocol DescribedReply: ReplyBody {
  /// A bit for each member that has been read, in the order of ``visitMembers(_:)``.
  var found: UInt64 { get set }

  /// Goes to each member, in their order.
  func visitMembers<Visitor: MemberVisitor & ~Copyable>(_ visitor: inout Visitor) throws(Visitor.Failure)
}

extension DescribedReply {
  /// Writes the reply with its line end.
  @inline(__always)
  func write(id: Int64, to writer: inout JSONWriter) {
    writer.beginUsual(id)
    visitMembers(&writer)
    writer.endLine()
  }

  /// Reads the reply to request `id` in the spelling that servers use; false for every other line, faulty ones included.
  @inline(__always)
  func readUsual(_ line: UnsafeRawBufferPointer, expecting id: Int64) -> Bool {
    var scanner = JSONScanner(line)
    guard scanner.beginUsual(expecting: id) else { return false }
    do throws(UnusualSpelling) { try visitMembers(&scanner) } catch { return false }
    return scanner.endUsual()
  }

  mutating func read(_ name: JSONName, from scanner: inout JSONScanner) throws(ValueError) -> Bool {
    var member = NamedMember(name, at: scanner)
    try visitMembers(&member)
    return member.note(in: &found, scanner: &scanner)
  }

  func missingMember() -> String? {
    var missing = MissingMember(found: found)
    visitMembers(&missing)
    return missing.name
  }
}
