/// A quantity that moves on a straight line from one value to another over a run, such as a decaying learning rate.
public struct LinearSchedule: Equatable, Sendable {
  /// The value at the start of the run.
  public var start: Double
  /// The value at the end of the run.
  public var end: Double

  /// Makes a line from `start` to `end`.
  public init(from start: Double, to end: Double) {
    self.start = start
    self.end = end
  }

  /// The value when `done` of `total` updates are over; it stays at `end` afterwards.
  public func value(after done: Int, of total: Int) -> Double {
    guard done < total else { return end }
    guard done > 0 else { return start }
    return start + (end - start) * (Double(done) / Double(total))
  }
}
