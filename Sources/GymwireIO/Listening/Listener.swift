import Gymwire
import JSONLines
import Synchronization

/// Waits for drivers on a socket, and serves one after the other (protocol/SPEC.md 3.11).
///
/// A thread of its own takes the connections, so that a second driver is told at once that there is another.
final class Listener: Sendable {
  /// How long a driver may take to leave, in nanoseconds, before the next one is told that it is still there.
  private static let patience: UInt64 = 1_000_000_000
  /// How long a driver that cannot be served may take for its first request.
  private static let refusalLimit: Int32 = 2000

  private let socket: Int32
  private let isServing = Atomic<Bool>(false)
  private let handedOver: (reading: Int32, writing: Int32)

  /// Begins to wait at an address, and says so on standard error.
  init(_ address: ListeningAddress, name: String) throws(ListeningAddress.Problem) {
    let place = address.place.ofSocket
    var opened = Platform.listen(at: place)
    // A server that was killed leaves its file behind, at which nobody answers.
    if case .failure = opened, case .file(let path) = place, !Platform.isAnswered(place), Platform.isSocket(path) {
      Platform.unlink(path)
      opened = Platform.listen(at: place)
    }
    do {
      socket = try opened.get()
      handedOver = try Platform.pipe().get()
    } catch {
      throw ListeningAddress.Problem(description: "nothing can wait at \(address): \(error)")
    }
    let port = Platform.port(of: socket).map { " (port \($0))" } ?? ""
    StandardStreams.report("\(name) waits for a driver at \(address)\(port)")
    Platform.startThread { [self] in takeConnections() }
  }

  /// Serves one driver after the other, for ever.
  func serveAll(_ serve: (FileDescriptor) -> Void) -> Never {
    while true {
      var number: Int32 = -1
      let count = withUnsafeMutableBytes(of: &number) { Platform.read(handedOver.reading, $0) }
      guard count == MemoryLayout<Int32>.size else { continue }
      serve(FileDescriptor(rawValue: number))
      Platform.close(number)
      isServing.store(false, ordering: .releasing)
    }
  }

  private func takeConnections() {
    while true {
      let connection = Platform.accept(socket)
      guard connection >= 0 else {
        Platform.sleep(nanoseconds: 10_000_000)
        continue
      }
      if waitForTurn() {
        var number = connection
        _ = withUnsafeBytes(of: &number) { Platform.write(handedOver.writing, $0) }
      } else {
        refuse(FileDescriptor(rawValue: connection))
      }
    }
  }

  private func waitForTurn() -> Bool {
    let start = Platform.nanoseconds()
    while true {
      if isServing.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged { return true }
      if Platform.nanoseconds() &- start > Self.patience { return false }
      Platform.sleep(nanoseconds: 2_000_000)
    }
  }

  /// Answers a driver's first request with an error, and ends the connection.
  private func refuse(_ connection: FileDescriptor) {
    defer { connection.close() }
    guard Platform.poll(connection.rawValue, milliseconds: Self.refusalLimit) > 0 else { return }
    let reader = LineReader(connection, spinning: .never)
    guard case .line(let line)? = try? reader.next() else { return }
    let value = try? JSONValue(parsing: line)
    let error = JSONValue.object([
      .init("code", .string(ErrorCode.busy.rawValue)),
      .init(
        "message",
        .string("this server has another driver, and serves one at a time: try again when it has gone")),
      .init("fatal", .boolean(true)),
    ])
    let reply = JSONValue.object([.init("id", value?["id"] ?? .null), .init("error", error)])
    try? connection.writeAll(reply.text + "\n")
  }
}
