import GymwireIO

/// Somebody has asked this program to stop while it waited for another one, of which nothing can be said then.
struct Stopped: Error, CustomStringConvertible {
  var description: String { "stopped by \(Interruption.signalName ?? "a signal")" }
}
