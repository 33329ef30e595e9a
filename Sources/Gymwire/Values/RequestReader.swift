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
