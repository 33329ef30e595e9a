#if FUZZING
  import Foundation

  /// What libFuzzer is given of this program.
  enum FuzzEntry {
    /// What this process fuzzes.
    private static let target =
      ProcessInfo.processInfo.environment[FuzzTarget.variable].flatMap { FuzzTarget(rawValue: $0) } ?? .scanner

    /// Fuzzes as the words of the command line say, and exits.
    static func run() -> Never {
      var (count, words) = (CommandLine.argc, CommandLine.unsafeArgv)
      exit(
        runDriver(&count, &words) { bytes, count in
          FuzzEntry.target.take(UnsafeRawBufferPointer(start: bytes, count: count))
          return 0
        })
    }
  }

  /// The function of libFuzzer that its own `main` calls, which the one that the package manager names would hide.
  @_silgen_name("LLVMFuzzerRunDriver")
  private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ words: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ take: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
  ) -> CInt
#endif
