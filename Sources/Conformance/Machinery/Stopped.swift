import GymwireIO

/// Somebody asked this program to stop while it waited for another one.
///
/// Nothing can be said about the other one then.
struct Stopped: Error, CustomStringConvertible {
  var description: String { "stopped by \(Interruption.signalName ?? "a signal")" }
}
