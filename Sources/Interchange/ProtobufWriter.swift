/// Writes the fields of one Protocol Buffers message.
///
/// Source: the encoding of Protocol Buffers, proto2 and proto3 alike. Fields come in the order in which they are written,
/// and repeated numbers are packed.
public struct ProtobufWriter {
  private enum WireType: UInt64 {
    case varint = 0
    case eightBytes = 1
    case lengthDelimited = 2
    case fourBytes = 5
  }

  /// The message so far.
  public private(set) var bytes: [UInt8] = []

  /// Begins an empty message.
  public init() {}

  /// Writes an integer, a truth value or an enumeration's case.
  public mutating func write(_ field: UInt64, _ value: Int) {
    tag(field, .varint)
    varint(UInt64(bitPattern: Int64(value)))
  }

  /// Writes a `float`.
  public mutating func write(_ field: UInt64, _ value: Float) {
    tag(field, .fourBytes)
    append(value.bitPattern)
  }

  /// Writes a `double`.
  public mutating func write(_ field: UInt64, _ value: Double) {
    tag(field, .eightBytes)
    append(value.bitPattern)
  }

  /// Writes a `string`.
  public mutating func write(_ field: UInt64, _ text: String) { write(field, bytes: text.utf8) }

  /// Writes a `bytes`.
  public mutating func write(_ field: UInt64, bytes content: some Collection<UInt8>) {
    tag(field, .lengthDelimited)
    varint(UInt64(content.count))
    bytes += content
  }

  /// Writes a message within this one.
  public mutating func write(_ field: UInt64, _ fill: (inout ProtobufWriter) -> Void) {
    var message = ProtobufWriter()
    fill(&message)
    write(field, bytes: message.bytes)
  }

  /// Writes repeated `double`s.
  public mutating func write(_ field: UInt64, _ values: [Double]) {
    write(field) { packed in
      for value in values { packed.append(value.bitPattern) }
    }
  }

  /// Writes repeated integers.
  public mutating func write(_ field: UInt64, _ values: [Int]) {
    write(field) { packed in
      for value in values { packed.varint(UInt64(bitPattern: Int64(value))) }
    }
  }

  private mutating func tag(_ field: UInt64, _ type: WireType) { varint(field << 3 | type.rawValue) }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func append(_ bits: some FixedWidthInteger) {
    withUnsafeBytes(of: bits.littleEndian) { bytes += $0 }
  }
}
