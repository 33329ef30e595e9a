/// Groups of sub-environments that are stepped without the slowest: as soon as some have answered.
///
/// Which they are depends on their timing, and so does everything that is learned.
public struct FirstAnswers {
  /// How many groups have to have answered; at least 1.
  public let count: Int
  /// Sleeps until another one may have answered.
  let sleep: () -> Void

  /// Waits for `count` groups; `sleep` is called while there are fewer answers, and may return too early.
  public init(_ count: Int, sleep: @escaping () -> Void) { (self.count, self.sleep) = (count, sleep) }
}
