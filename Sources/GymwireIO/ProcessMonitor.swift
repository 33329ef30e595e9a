import Synchronization

/// The one thread that looks after all children while others wait for them or compute.
///
/// It drains their standard error, so that a child never blocks on it whatever this process is doing, and it ends
/// waits that take too long. It sleeps in the kernel, and wakes fifty times a second while anything is guarded.
final class ProcessMonitor: Sendable {
  static let shared = ProcessMonitor()

  private static let tick: Int32 = 20

  private struct Charges {
    var drains: [StandardErrorDrain] = []
    var guards: [WaitGuard] = []
  }

  private let charges = Mutex(Charges())
  private let bell: (reading: Int32, writing: Int32)?

  private init() {
    bell = try? Platform.pipe().get()
    if let bell {
      Platform.setNonBlocking(bell.reading)
      Platform.setNonBlocking(bell.writing)
    }
    // A server may die between two requests, and the next write must not take this process with it.
    Platform.surviveWrites()
    Platform.handle([Platform.wakeSignal]) { _ in }
    Platform.startThread { [self] in run() }
  }

  func add(_ drain: StandardErrorDrain) {
    charges.withLock { $0.drains.append(drain) }
    ring()
  }

  func add(_ guarded: WaitGuard) {
    charges.withLock { $0.guards.append(guarded) }
    ring()
  }

  func remove(_ drain: StandardErrorDrain) {
    charges.withLock { $0.drains.removeAll { $0 === drain } }
    ring()
  }

  func remove(_ guarded: WaitGuard) {
    charges.withLock { $0.guards.removeAll { $0 === guarded } }
    ring()
  }

  private func ring() {
    guard let bell else { return }
    let signal: [UInt8] = [0]
    _ = signal.withUnsafeBytes { Platform.write(bell.writing, $0) }
  }

  private func run() {
    while true {
      let (drains, guards) = charges.withLock { ($0.drains, $0.guards) }
      var descriptors = drains.compactMap(\.descriptor)
      if let bell { descriptors.append(bell.reading) }
      let isIdle = guards.isEmpty && bell != nil
      let readable = Platform.readable(descriptors, milliseconds: isIdle ? -1 : Self.tick)
      if let bell, readable.contains(bell.reading) { silence(bell.reading) }
      for drain in drains where drain.descriptor.map(readable.contains) ?? false { drain.drain() }
      let now = Platform.nanoseconds()
      for guarded in guards { guarded.look(now: now) }
    }
  }

  private func silence(_ descriptor: Int32) {
    withUnsafeTemporaryAllocation(byteCount: 256, alignment: 1) { buffer in
      while Platform.read(descriptor, buffer) == buffer.count {}
    }
  }
}
