import Environments
import JSONLines

extension MaskBatch {
  /// Reads `action_mask` into rows that forbid nothing yet (protocol/SPEC.md, "mask").
  ///
  /// Whether it leaves anything to choose is another question, see ``fault(in:isBatched:)``.
  func read(
    rows: Range<Int>,
    from scanner: inout JSONScanner,
    as form: ValueForm
  ) throws(ValueError) {
    guard let actions else { return try scanner.skip() }
    try read(rows: rows, of: actions, at: 0, from: &scanner, as: form)
  }

  /// Refuses masks that forbid everything.
  func requireChoices(in rows: Range<Int>, isBatched: Bool) throws(ValueError) {
    if let fault = fault(in: rows, isBatched: isBatched) { throw ValueError(fault) }
  }

  /// Reads the masks of a part of the action, which begin with number `column` of each row.
  private func read(
    rows: Range<Int>,
    of part: Space,
    at column: Int,
    from scanner: inout JSONScanner,
    as form: ValueForm
  ) throws(ValueError) {
    if try scanner.kind() == .null { return try scanner.skip() }
    if part.choices != nil { return try readNumbers(rows: rows, of: part, at: column, from: &scanner, as: form) }
    switch part {
    case .tuple(let parts):
      try scanner.readListed(count: parts.count) { (index, scanner) throws(ValueError) in
        let start = column + parts[..<index].reduce(0) { $0 + $1.maskWidth }
        try read(rows: rows, of: parts[index], at: start, from: &scanner, as: form)
      }
    case .dict(let members):
      try scanner.readKeyed(members.map(\.key), of: "Dict") { (index, scanner) throws(ValueError) in
        let start = column + members[..<index].reduce(0) { $0 + $1.space.maskWidth }
        try read(rows: rows, of: members[index].space, at: start, from: &scanner, as: form)
      }
    default: throw ValueError("the mask of a \(part.kind) can only be null, but there is \(try scanner.kind().phrase)")
    }
  }

  private func readNumbers(
    rows: Range<Int>,
    of part: Space,
    at column: Int,
    from scanner: inout JSONScanner,
    as form: ValueForm
  ) throws(ValueError) {
    let numberCount = part.maskWidth
    if numberCount == width {
      try array[rows.lowerBound * width..<rows.upperBound * width].read(isScalar: false, from: &scanner, as: form)
    } else {
      // The rows of one member of several do not lie behind each other here as they do on the wire.
      let member = FlatArray(.bool, count: rows.count * numberCount)
      try member.slice.read(isScalar: false, from: &scanner, as: form)
      for (index, row) in rows.enumerated() {
        array.copy(member, from: index * numberCount, count: numberCount, at: row * width + column)
      }
    }
  }

  /// What is wrong with masks that forbid everything, as a clause; nil if each leaves something to choose.
  func fault(in rows: Range<Int>, isBatched: Bool) -> String? {
    guard width > 0, let actions else { return nil }
    for row in rows {
      let place = isBatched ? " in row \(row - rows.lowerBound)" : ""
      if let fault = fault(of: actions, from: row * width, place: place) { return fault }
    }
    return nil
  }

  private func fault(of part: Space, from start: Int, place: String) -> String? {
    switch part {
    case .tuple(let parts):
      firstFault(in: parts.enumerated().map { ("part \($0.offset)", $0.element) }, from: start, place: place)
    case .dict(let members): firstFault(in: members.map { ($0.key, $0.space) }, from: start, place: place)
    default:
      forbiddenElement(of: part, from: start).map { element in
        let what = if case .discrete = part { "every action" } else { "every choice of element \(element)" }
        return "it forbids \(what)\(place); where there is nothing to choose, leave the mask out"
      }
    }
  }

  private func firstFault(in parts: [(name: String, space: Space)], from start: Int, place: String) -> String? {
    var start = start
    for part in parts {
      if let fault = fault(of: part.space, from: start, place: place) { return "\(part.name): \(fault)" }
      start += part.space.maskWidth
    }
    return nil
  }

  /// The first element of an action that has no legal choice, given where its mask begins; nil if there is none.
  private func forbiddenElement(of part: Space, from start: Int) -> Int? {
    guard let (elements, counts) = part.choices else { return nil }
    var first = start
    for element in 0..<elements {
      guard numbers[first..<first + counts[element]].contains(1) else { return element }
      first += counts[element]
    }
    return nil
  }
}
