import Environments
import JSONLines

// The places are not counted as owned: whoever makes a message keeps them while it is written or read.

/// One value of a space for each of some rows: observations, actions.
struct RowsMember: MemberValue {
  private unowned(unsafe) let batch: ValueBatch
  /// The values where their space is flat, as nearly every one is.
  private let numbers: FlatSlice?
  private let isScalar: Bool
  private let rows: Range<Int>
  private let form: ValueForm

  @inline(__always)
  init(_ batch: ValueBatch, _ rows: Range<Int>, _ form: ValueForm) {
    (self.batch, self.rows, self.form) = (batch, rows, form)
    (numbers, isScalar) = (batch.slice(rows), !form.isBatched && batch.isScalar)
  }

  /// The numbers of type float32, which most observations are; nil for every other.
  @inline(__always) var floats: UnsafeMutableBufferPointer<Float>? {
    numbers.flatMap { $0.type == .float32 ? $0.numbers(as: Float.self) : nil }
  }

  @inline(__always)
  func write(to writer: inout JSONWriter) {
    if let floats, !isScalar, !form.allowsBase64 {
      writer.write(floats: UnsafeBufferPointer(floats))
    } else if let numbers {
      writer.write(numbers, isScalar: isScalar, asBase64: form.allowsBase64)
    } else {
      writer.write(batch, rows: rows, as: form)
    }
  }

  @inline(__always)
  func readUsual(from scanner: inout JSONScanner) -> Bool {
    if let floats, !isScalar, !form.allowsBase64 { return scanner.readUsual(floats) }
    guard let numbers else {
      do throws(ValueError) { try batch.read(rows: rows, from: &scanner, as: form) } catch { return false }
      return true
    }
    if isScalar, numbers.type == .int64 {
      guard let value = scanner.usualInteger() else { return false }
      numbers.numbers(as: Int64.self)[0] = value
      return true
    }
    do throws(ValueError) { try numbers.read(isScalar: isScalar, from: &scanner, as: form) } catch { return false }
    return true
  }

  func read(from scanner: inout JSONScanner) throws(ValueError) {
    try batch.read(rows: rows, from: &scanner, as: form)
  }
}

/// What else was told with observations: one object, or with batch a list of one for each row.
struct InfoMember: MemberValue {
  unowned(unsafe) let outcome: StepBatch
  let rows: Range<Int>
  let form: ValueForm
  let isThere: Bool

  @inline(__always) var isRequired: Bool { false }

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
  unowned(unsafe) let masks: MaskBatch
  let rows: Range<Int>
  let form: ValueForm

  @inline(__always) var isRequired: Bool { false }

  func write(to writer: inout JSONWriter) { writer.write(masks, rows: rows, as: form) }

  func readUsual(from scanner: inout JSONScanner) -> Bool {
    // Judging it takes the whole reply, which is left to the general reader.
    false
  }

  func read(from scanner: inout JSONScanner) throws(ValueError) {
    try masks.read(rows: rows, from: &scanner, as: form)
  }

  /// What is wrong if everything is forbidden; nil if something is left to choose.
  func fault() -> ReplyError? {
    masks.fault(in: rows, isBatched: form.isBatched).map { .invalid(member: "action_mask", reason: $0) }
  }
}

/// An estimate about actions, one number for each.
struct EstimateMember: MemberValue {
  enum Kind { case logProbability, value }

  unowned(unsafe) let answers: ActionBatch
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
      writer.write(numbers[0..<count], asBase64: form.allowsBase64)
    } else {
      writer.write(numbers.slice, isScalar: true, asBase64: false)
    }
  }

  @inline(__always)
  func read(from scanner: inout JSONScanner) throws(ValueError) {
    guard let numbers else { return try scanner.skip() }
    try numbers[0..<count].read(isScalar: !form.isBatched, from: &scanner, as: form)
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
