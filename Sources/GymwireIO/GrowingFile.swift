/// A file that grows by whole lines or whole records.
public struct GrowingFile: Sendable {
  private let path: String
  private let file: FileDescriptor

  /// Begins the file with a text, which takes the place of what it held before at once or not at all.
  ///
  /// - Throws: ``FileError``.
  public init(_ path: String, beginningWith text: String = "") throws(FileError) {
    self.path = path
    file = try AtomicFile.begin(path, with: text)
  }

  /// Adds a text at the end; it is the operating system's at once, so it outlives this process however that ends.
  public func append(_ text: String) throws(FileError) {
    do throws(DescriptorError) { try file.writeAll(text) } catch { throw FileError(path: path, cause: error.cause) }
  }

  /// Adds bytes at the end, in the same way.
  public func append(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    do throws(DescriptorError) { try file.writeAll(bytes) } catch { throw FileError(path: path, cause: error.cause) }
  }

  /// Brings what has been added to the disk, as far as the system can promise that.
  public func synchronize() { _ = Platform.synchronize(file.rawValue) }
}
