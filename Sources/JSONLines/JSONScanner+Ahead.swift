import CText

// Arrays of floats that are read in parts, the first of them before the end of the text has arrived.
extension JSONScanner {
  /// Reads elements behind which a comma or bracket has arrived already, and stops some bytes before the end.
  ///
  /// The position is inside an array: at its first element, or at the comma before the next one.
  /// - Returns: how many were read; the rest of `target` is for later calls.
  public mutating func readFloatsAhead(into target: UnsafeMutableBufferPointer<Float>, isFirst: Bool) -> Int {
    var found = 0
    while found < target.count, end - position >= 64 {
      let start = position
      guard stepOverSeparator(isFirst: isFirst && found == 0) else { break }
      let run = readRun(into: target, from: found)
      found += run
      if run == 0 {
        guard let value = usualFloat(), position < end,
          position.pointee == UInt8(ascii: ",") || position.pointee == UInt8(ascii: "]")
        else {
          position = start
          break
        }
        target[found] = value
        found += 1
      }
    }
    return found
  }

  /// Reads all elements that are left, and the bracket behind them; false if there are more, fewer or others.
  public mutating func readLastFloats(into target: UnsafeMutableBufferPointer<Float>, isFirst: Bool) -> Bool {
    var found = 0
    while found < target.count {
      guard stepOverSeparator(isFirst: isFirst && found == 0) else { return false }
      let run = readRun(into: target, from: found)
      found += run
      if run == 0 {
        guard let value = usualFloat() else { return false }
        target[found] = value
        found += 1
      }
    }
    guard isAt(UInt8(ascii: "]")) else { return false }
    position += 1
    return true
  }

  private mutating func stepOverSeparator(isFirst: Bool) -> Bool {
    if isFirst { return true }
    guard isAt(UInt8(ascii: ",")) else { return false }
    position += 1
    return true
  }

  private mutating func usualFloat() -> Float? {
    do throws(JSONError) { return try readFloatHere() } catch { return nil }
  }

  private mutating func readRun(into target: UnsafeMutableBufferPointer<Float>, from index: Int) -> Int {
    guard let start = target.baseAddress else { return 0 }
    var cursor: UnsafePointer<UInt8>? = position
    let count = ctext_read_floats(&cursor, end, start + index, target.count - index, CTEXT_BEST)
    if count > 0, let cursor { position = cursor }
    return count
  }
}
