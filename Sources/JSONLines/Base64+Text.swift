extension Base64 {
  /// The bytes that a text stands for, on cold paths; nil if it breaks a rule of ``decode(_:into:)``.
  public static func bytes(of text: String) -> [UInt8]? {
    let characters = Array(text.utf8)
    guard characters.count % 4 == 0 else { return nil }
    let padding = characters.suffix(2).count { $0 == UInt8(ascii: "=") }
    var bytes = [UInt8](repeating: 0, count: characters.count / 4 * 3 - padding)
    let isDecoded = bytes.withUnsafeMutableBytes { target in
      characters.withUnsafeBytes { source in (try? decode(source, into: target)) != nil }
    }
    return isDecoded ? bytes : nil
  }

  /// The text that stands for some bytes, on cold paths.
  public static func text(of bytes: [UInt8]) -> String {
    var writer = JSONWriter()
    bytes.withUnsafeBytes { encode($0, into: &writer) }
    return String(decoding: writer.bytes.dropFirst().dropLast(), as: UTF8.self)
  }
}
