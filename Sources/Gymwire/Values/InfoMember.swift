import Environments
import JSONLines

// The places are not counted as owned: whoever makes a message keeps them while it is written or read.

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
