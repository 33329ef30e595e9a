/// A time in which nothing is done.
public enum Pause {
  /// Blocks the calling thread for so many milliseconds.
  public static func milliseconds(_ count: UInt32) { Platform.sleep(nanoseconds: UInt64(count) * 1_000_000) }
}
