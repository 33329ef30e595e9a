#if FUZZING
  import Foundation

  /// The one function that libFuzzer calls, whose own `main` takes the place of this program's.
  @_cdecl("LLVMFuzzerTestOneInput")
  public func takeOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzTarget.chosen.take(UnsafeRawBufferPointer(start: bytes, count: count))
    return 0
  }

  extension FuzzTarget {
    /// What this process fuzzes.
    fileprivate static let chosen =
      ProcessInfo.processInfo.environment[variable].flatMap { FuzzTarget(rawValue: $0) } ?? .scanner
  }
#endif
