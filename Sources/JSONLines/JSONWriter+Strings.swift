extension JSONWriter {
  /// Writes a string; only quotes, backslashes and control characters are escaped.
  public mutating func write(_ value: String) {
    let wasContiguous: Void? = value.utf8.withContiguousStorageIfAvailable { writeString($0) }
    guard wasContiguous == nil else { return }
    var copy = value
    copy.withUTF8 { writeString($0) }
  }

  private mutating func writeString(_ utf8: UnsafeBufferPointer<UInt8>) {
    // A control character takes six bytes.
    var target = beginValue(reserving: 6 * utf8.count + 2)
    target.put(UInt8(ascii: "\""))
    for byte in utf8 { target.putEscaped(byte) }
    target.put(UInt8(ascii: "\""))
    end(target)
  }
}

extension JSONWriter.Cursor {
  @inline(__always)
  fileprivate mutating func putEscaped(_ byte: UInt8) {
    if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
      put(byte)
      return
    }
    put(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): put(byte)
    case 0x08: put(UInt8(ascii: "b"))
    case 0x09: put(UInt8(ascii: "t"))
    case 0x0A: put(UInt8(ascii: "n"))
    case 0x0C: put(UInt8(ascii: "f"))
    case 0x0D: put(UInt8(ascii: "r"))
    default:
      put(UInt8(ascii: "u"))
      put(UInt8(ascii: "0"))
      put(UInt8(ascii: "0"))
      put(UInt8(ascii: "0") + byte >> 4)
      let low = byte & 0x0F
      put(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
    }
  }
}
