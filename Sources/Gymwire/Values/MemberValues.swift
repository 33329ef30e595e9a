import Environments
import JSONLines

/// One value of a space for each of some rows: observations, actions.
struct RowsMember: MemberValue {
  let batch: ValueBatch
  let rows: Range<Int>
  let form: ValueForm

  @inline(__always)
  init(_ batch: ValueBatch, _ rows: Range<Int>, _ form: ValueForm) {
    (self.batch, self.rows, self.form) = (batch, rows, form)
  }

  @inline(__always)
  func write(to writer: inout JSONWriter) { writer.write(batch, rows: rows, as: form) }

  @inline(__always)
  func readUsual(from scanner: inout JSONScanner) -> Bool {
    if !form.isBatched, batch.isScalar, let integers = batch.integers(rows) {
      guard let value = scanner.usualInteger() else { return false }
      integers[0] = value
      return true
    }
    do throws(ValueError) { try batch.read(rows: rows, from: &scanner, as: form) } catch { return false }
    return true
  }

  func read(from scanner: inout JSONScanner) throws(ValueError) {
    try batch.read(rows: rows, from: &scanner, as: form)
  }
}

/// What else was told with observations: one object, or with batch a list of one for each row.
struct InfoMember: MemberValue {
  let outcome: StepBatch
  let rows: Range<Int>
  let form: ValueForm

  @inline(__always) var isRequired: Bool { false }
  @inline(__always) var isThere: Bool { outcome.hasInfos }

  func write(to writer: inout JSONWriter) {
    if form.isBatched { writer.beginArray() }
    for row in rows { writer.write(.object(outcome.infos[row] ?? [:])) }
    if form.isBatched { writer.endArray() }
  }

  func read(from scanner: inout JSONScanner) throws(ValueError) {
    let value = try scanner.plain()
    guard let objects = form.isBatched ? value.list : [value] else {
      throw ValueError("a list of objects was expected")
    }
    guard objects.count == rows.count else {
      throw ValueError("there are \(objects.count) objects instead of \(rows.count)")
    }
    for (row, object) in zip(rows, objects) { outcome.infos[row] = try object.info() }
  }
}

/// Which actions are legal; absent where none is forbidden.
///
/// Whether anything is left to choose is looked at when the whole reply has been read.
struct MaskMember: MemberValue {
  let masks: MaskBatch
  let rows: Range<Int>
  let actions: Space
  let form: ValueForm

  @inline(__always) var isRequired: Bool { false }

  func write(to writer: inout JSONWriter) { writer.write(masks, rows: rows, of: actions, as: form) }

  func readUsual(from scanner: inout JSONScanner) -> Bool {
    // Judging it takes the whole reply, which is left to the general reader.
    false
  }

  func read(from scanner: inout JSONScanner) throws(ValueError) {
    try masks.read(rows: rows, of: actions, from: &scanner, as: form)
  }
}

/// An estimate about actions, one number for each.
struct EstimateMember: MemberValue {
  enum Kind { case logProbability, value }

  let answers: ActionBatch
  let kind: Kind
  let count: Int
  let form: ValueForm

  @inline(__always)
  init(_ answers: ActionBatch, _ kind: Kind, count: Int, form: ValueForm) {
    (self.answers, self.kind, self.count, self.form) = (answers, kind, count, form)
  }

  @inline(__always) var isRequired: Bool { false }
  @inline(__always) var isThere: Bool {
    switch kind {
    case .logProbability: answers.hasLogProbabilities && answers.logProbabilities != nil
    case .value: answers.hasValues && answers.values != nil
    }
  }
  /// Where the numbers are kept; nil where nobody asked for them.
  @inline(__always) private var numbers: FlatArray? {
    kind == .logProbability ? answers.logProbabilities : answers.values
  }

  @inline(__always)
  func write(to writer: inout JSONWriter) {
    guard let numbers else { return }
    if form.isBatched {
      writer.write(numbers, 0..<count, asBase64: form.allowsBase64)
    } else {
      writer.write(numbers, element: 0)
    }
  }

  @inline(__always)
  func read(from scanner: inout JSONScanner) throws(ValueError) {
    guard let numbers else { return try scanner.skip() }
    try numbers.read(0..<count, isScalar: !form.isBatched, from: &scanner, as: form)
    switch kind {
    case .logProbability: answers.hasLogProbabilities = true
    case .value: answers.hasValues = true
    }
  }
}

/// The version of the policy that answers, which nobody but people reads.
struct PolicyVersionMember: MemberValue {
  let version: Int

  @inline(__always) var isRequired: Bool { false }

  @inline(__always)
  func write(to writer: inout JSONWriter) { writer.write(version) }

  @inline(__always)
  func readUsual(from scanner: inout JSONScanner) -> Bool { scanner.usualInteger() != nil }

  func read(from scanner: inout JSONScanner) throws(ValueError) { try scanner.skip() }
}
