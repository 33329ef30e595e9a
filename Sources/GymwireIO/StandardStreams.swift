/// The three streams that a process is born with, made safe for a protocol.
public enum StandardStreams {
  /// Makes writing to a dead process, or to a file that may grow no further, an error instead of the end of this one.
  ///
  /// Call it first thing in every executable. Children get the default back.
  public static func ignoreBrokenPipes() { Platform.surviveWrites() }

  /// Keeps a private copy of standard output for the protocol and points standard output at standard error.
  ///
  /// Afterwards a stray `print`, from any library in any language of this process or a child of it, is a message to
  /// people and cannot corrupt the stream. Call it before anything else can write.
  /// - Returns: the descriptor for protocol lines; programs that this one starts do not inherit it.
  /// - Throws: `DescriptorError` when standard output is closed.
  public static func secureProtocolOutput() throws(DescriptorError) -> FileDescriptor {
    let output = FileDescriptor.standardOutput.rawValue
    let copy = Platform.duplicate(output)
    guard copy >= 0 else {
      throw DescriptorError(action: "keeping", descriptor: output, cause: SystemError(number: -copy))
    }
    let failure = Platform.redirect(output, to: FileDescriptor.standardError.rawValue)
    guard failure == 0 else {
      Platform.close(copy)
      throw DescriptorError(action: "redirecting", descriptor: output, cause: SystemError(number: -failure))
    }
    return FileDescriptor(rawValue: copy)
  }

  /// Writes a line for people, or several, by way of ``VisibleText``; nothing can be done where even that fails.
  public static func report(_ line: String) {
    try? FileDescriptor.standardError.writeAll(VisibleText.lines(line) + "\n")
  }

  /// Writes what a server says, each line with the server's name in front.
  static func report(_ text: String, from name: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for line in lines.isEmpty ? [""] : lines { report("[\(name)] " + VisibleText.line(String(line))) }
  }
}
