import Dispatch

/// A second thread that does one part of a job while the calling thread does the other.
///
/// Make one where at least two processors are available to the process; on a single one it would only be in the way.
/// Between jobs it sleeps, after a few microseconds of looking out for the next.
public final class HelperThread {
  private let desk = Desk()
  private var jobs = 0

  /// Starts the thread.
  public init() {
    let desk = desk
    DispatchQueue(label: "gymwire.helper", qos: .userInitiated).async { desk.work() }
  }

  deinit {
    desk.job = nil
    desk.handedOver.raise()
  }

  /// Runs `own` on this thread and `other` on the helper, and returns when both are done.
  ///
  /// The two must not touch the same memory unless both only read it. Not to be called from two threads at once.
  func run(_ own: () -> Void, beside other: @escaping () -> Void) {
    jobs += 1
    desk.job = other
    desk.handedOver.raise()
    own()
    desk.finished.wait(for: jobs)
    desk.job = nil
  }
}

/// Where jobs are handed over.
///
/// `job` is written only while the helper waits for the gate that announces it, so the gates order all accesses.
private final class Desk: @unchecked Sendable {
  let handedOver = Gate()
  let finished = Gate()
  var job: (() -> Void)?

  func work() {
    var jobs = 0
    while true {
      jobs += 1
      handedOver.wait(for: jobs)
      guard let job else { return }
      job()
      finished.raise()
    }
  }
}
