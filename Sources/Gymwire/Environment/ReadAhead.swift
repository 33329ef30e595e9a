import JSONLines

/// How far a step's reply has been read before its end has arrived.
///
/// Only the observations are, since they come first and are most of a long reply. Whatever looks unusual ends it: the
/// whole line is then read from its beginning once it is there.
struct ReadAhead {
  /// Bytes of the line that are done with, if any elements are.
  private(set) var offset = 0
  /// Elements of the observations that have been read.
  private(set) var elements = 0
  private var isPossible = true

  /// Reads what can be read of the beginning of the reply to request `id`.
  mutating func read(
    _ part: UnsafeRawBufferPointer, expecting id: Int64, into target: UnsafeMutableBufferPointer<Float>
  ) {
    guard isPossible, part.count >= 64 else { return }
    if offset == 0 {
      var scanner = JSONScanner(part)
      guard scanner.beginUsual(expecting: id), scanner.skip(verbatim: StepReply.observationPrefix),
        scanner.skip(verbatim: "[")
      else {
        isPossible = false
        return
      }
      offset = scanner.offset
    }
    var scanner = JSONScanner(UnsafeRawBufferPointer(rebasing: part[offset...]))
    elements += scanner.readFloatsAhead(
      into: UnsafeMutableBufferPointer(rebasing: target[elements...]), isFirst: elements == 0)
    offset += scanner.offset
  }
}
