/// Ends this program when nobody is left who reads its answers, also while it computes.
///
/// A program that waits for requests notices the end of its input. One that works on a request for minutes does not, and
/// would keep a machine busy for a driver that was killed.
enum DriverWatch {
  /// How long a program has to end by itself, for its driver may have closed the conversation a moment before.
  private static let grace: UInt64 = 1_500_000_000
  private static let pause: UInt64 = 100_000_000

  /// Watches a pipe or socket from now on; it does nothing for a file or a terminal.
  static func begin(_ output: FileDescriptor) {
    let descriptor = output.rawValue
    Platform.startThread {
      while !Platform.hasNoReader(descriptor) { Platform.sleep(nanoseconds: pause) }
      Platform.sleep(nanoseconds: grace)
      LiveChildren.killAll()
      Platform.exitNow(0)
    }
  }
}
