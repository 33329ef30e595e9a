/// Lookup tables for ``Base64``, computed once and kept as long as the process runs.
///
/// Whoever loops fetches `shared` once before the loop, since each access checks whether it is initialised.
struct Base64Tables: @unchecked Sendable {
  static let shared = Base64Tables()

  /// Set in a group of four characters if one of them is not in the alphabet.
  static var invalid: UInt32 { 1 << 31 }

  // Two characters for each twelve bits, the first in the lower byte.
  private let pairs: UnsafePointer<UInt16>
  // For each of the four places in a group, what each character adds to its three bytes, the first in the lowest.
  private let places: UnsafePointer<UInt32>

  private init() {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    let pairs = UnsafeMutablePointer<UInt16>.allocate(capacity: 4096)
    let places = UnsafeMutablePointer<UInt32>.allocate(capacity: 4 * 256)
    for bits in 0..<4096 { pairs[bits] = UInt16(alphabet[bits >> 6]) | UInt16(alphabet[bits & 63]) << 8 }
    places.initialize(repeating: Self.invalid, count: 4 * 256)
    for (value, character) in alphabet.enumerated() {
      for place in 0..<4 {
        let group = UInt32(value) << UInt32(18 - 6 * place)
        places[256 * place + Int(character)] = group.byteSwapped >> 8
      }
    }
    self.pairs = UnsafePointer(pairs)
    self.places = UnsafePointer(places)
  }

  /// The two characters for the lowest twelve bits.
  @inline(__always)
  func characters(_ bits: UInt64) -> UInt64 { UInt64(pairs[Int(truncatingIfNeeded: bits & 0xFFF)]) }

  /// The three bytes of four characters, or something with `invalid` set.
  @inline(__always)
  func group(_ characters: UInt32) -> UInt32 {
    places[Int(characters & 0xFF)] | places[256 + Int(characters >> 8 & 0xFF)]
      | places[512 + Int(characters >> 16 & 0xFF)] | places[768 + Int(characters >> 24)]
  }

  func isInAlphabet(_ character: UInt8) -> Bool { places[Int(character)] & Self.invalid == 0 }
}
