#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

extension Program {
  /// Follows this process's own command line, reports every error as a sentence, and exits.
  ///
  /// - Parameters:
  ///   - recognize: tells which errors of a command are mistakes of the command line, and how they are reported.
  ///   - describe: gives the exit status of an error that a command throws.
  ///   - show: makes the text of an error fit for a terminal.
  public func runAndExit(
    recognizing recognize: (any Error) -> UsageError? = { _ in nil },
    statusOf describe: (any Error) -> Int32 = { _ in 1 }, showing show: (String) -> String = { $0 }
  ) -> Never {
    do {
      let words = Array(CommandLine.arguments.dropFirst())
      exit(
        try run(
          words, recognizing: recognize, output: { Self.write($0, to: 1) }, errors: { Self.write(show($0), to: 2) }))
    } catch {
      Self.write(show("\(name): \(error)\n"), to: 2)
      exit(describe(error))
    }
  }

  private static func write(_ text: String, to descriptor: Int32) {
    // The C function, not this one.
    let unistdWrite: (Int32, UnsafeRawPointer, Int) -> Int = write(_:_:_:)
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while let start = rest.baseAddress, !rest.isEmpty {
        let count = unistdWrite(descriptor, start, rest.count)
        guard count > 0 || errno == EINTR else { return }
        rest = UnsafeRawBufferPointer(rebasing: rest[max(0, count)...])
      }
    }
  }
}
