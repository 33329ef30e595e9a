/// The colours of some pictures, where there are 256 at most.
struct Palette {
  private var indices: [UInt32: UInt8] = [:]
  /// Three bytes for each colour.
  private(set) var bytes: [UInt8] = []

  init?(of pictures: [Picture]) {
    for picture in pictures {
      guard picture.bytes.withUnsafeBufferPointer({ add($0) }) else { return nil }
    }
  }

  /// Adds the colours of a picture; false if there are too many then.
  private mutating func add(_ pixels: UnsafeBufferPointer<UInt8>) -> Bool {
    var last: UInt32?
    for place in stride(from: 0, to: pixels.count, by: 3) {
      let key = Self.key(pixels, place)
      if key == last { continue }
      last = key
      guard indices[key] == nil else { continue }
      guard indices.count < 256 else { return false }
      indices[key] = UInt8(indices.count)
      bytes += pixels[place..<place + 3]
    }
    return true
  }

  func index(of key: UInt32) -> UInt8 { indices[key] ?? 0 }

  /// A colour as one number.
  static func key(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int) -> UInt32 {
    UInt32(bytes[place]) << 16 | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2])
  }
}
