import Environments
import JSONLines

// The places are not counted as owned: whoever makes a request keeps them while it is written or read.

/// The observations that a request asks a policy about, and which actions are legal: a driver's own, or a server's room.
struct AskedRows {
  fileprivate unowned(unsafe) let observations: ValueBatch?
  fileprivate unowned(unsafe) let masks: MaskBatch?
  fileprivate unowned(unsafe) let room: ActRows?
  /// Bytes of the line that is read.
  fileprivate let lineLength: Int

  /// What a driver asks about, from row 0 on.
  ///
  /// - Parameter masks: which actions are legal, in the same rows; nil tells nothing about that.
  @inline(__always)
  init(_ observations: ValueBatch, masks: MaskBatch? = nil) {
    (self.observations, self.masks) = (observations, masks)
    (room, lineLength) = (nil, 0)
  }

  /// Where a server puts what is read; there is no room before hello.
  @inline(__always)
  init(room: ActRows?, lineLength: Int) {
    (self.room, self.lineLength) = (room, lineLength)
    (observations, masks) = (nil, nil)
  }
}

/// The observations of ``AskedRows`` as a member of a request.
struct AskedObservations: MemberValue {
  private let asked: AskedRows
  private let count: Int
  private let form: ValueForm

  @inline(__always)
  init(_ asked: AskedRows, count: Int, form: ValueForm) {
    (self.asked, self.count, self.form) = (asked, count, form)
  }

  @inline(__always)
  func write(to writer: inout JSONWriter) {
    if let observations = asked.observations { writer.write(observations, rows: 0..<count, as: form) }
  }

  @inline(__always)
  func readUsual(from scanner: inout JSONScanner) -> Bool {
    guard let room = asked.room, room.reserve(count, lineLength: asked.lineLength) else { return false }
    return RowsMember(room.observations, 0..<count, form).readUsual(from: &scanner)
  }

  func read(from scanner: inout JSONScanner) throws(ValueError) {
    guard let room = asked.room, room.reserve(count, lineLength: asked.lineLength) else {
      throw ValueError("it cannot hold \(count) observations, as \"n\" has it")
    }
    try room.observations.read(rows: 0..<count, from: &scanner, as: form)
    try room.requireUsable(count)
  }
}

/// The masks of ``AskedRows`` as a member of a request.
struct AskedMasks: MemberValue {
  private let asked: AskedRows
  private let count: Int
  private let form: ValueForm

  @inline(__always)
  init(_ asked: AskedRows, count: Int, form: ValueForm) {
    (self.asked, self.count, self.form) = (asked, count, form)
  }

  @inline(__always) var isRequired: Bool { false }
  @inline(__always) var isThere: Bool { asked.masks != nil }

  @inline(__always)
  func write(to writer: inout JSONWriter) {
    if let masks = asked.masks { writer.write(masks, rows: 0..<count, as: form) }
  }

  @inline(__always)
  func readUsual(from scanner: inout JSONScanner) -> Bool { false }

  func read(from scanner: inout JSONScanner) throws(ValueError) {
    try asked.room?.readMasks(from: &scanner, count: count, form: form, lineLength: asked.lineLength)
  }
}
