import Environments
import JSONLines

// The places are not counted as owned: whoever makes a message keeps them while it is written or read.

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
