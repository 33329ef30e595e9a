/// Files that are read as a whole, as long as they are no larger than they should be.
public enum WholeFile {
  private static let chunk = 1 << 20

  /// All bytes of a file, a device or a FIFO.
  ///
  /// The size of a file is looked at before anything is read, for a sparse one of terabytes costs nothing to make.
  /// - Parameter limit: the most bytes that it may have.
  /// - Throws: ``FileError``.
  public static func read(_ path: String, atMost limit: Int) throws(FileError) -> [UInt8] {
    let number = open(path)
    guard number >= 0 else { throw FileError(reading: path, .system(SystemError(number: -number))) }
    defer { Platform.close(number) }
    let size = Platform.status(number)?.size ?? 0
    guard size <= limit else { throw FileError(reading: path, .tooLarge(bytes: size, limit: limit)) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size)
    var buffer = [UInt8](repeating: 0, count: chunk)
    while true {
      let count = buffer.withUnsafeMutableBytes { Platform.read(number, $0) }
      if count == 0 { return bytes }
      guard count > 0 else {
        let error = SystemError(number: Int32(-count))
        if error == .interrupted, !Interruption.isRequested { continue }
        throw FileError(reading: path, .system(error))
      }
      guard bytes.count + count <= limit else {
        throw FileError(reading: path, .tooLarge(bytes: bytes.count + count, limit: limit))
      }
      bytes += buffer[..<count]
    }
  }

  /// The last bytes of a file, at most `limit`; nil when it cannot be read.
  public static func end(of path: String, atMost limit: Int) -> [UInt8]? { Platform.end(of: path, limit: limit) }

  /// Opens the file, and waits for the writer of a FIFO.
  private static func open(_ path: String) -> Int32 {
    while true {
      let number = Platform.openForReading(path)
      if SystemError(number: -number) != .interrupted || Interruption.isRequested { return number }
    }
  }
}
