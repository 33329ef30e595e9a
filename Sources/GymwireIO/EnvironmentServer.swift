import Environments
import Gymwire
import JSONLines

/// Serves an environment over standard input and output until the driver closes the conversation or its end.
///
/// ```swift
/// import GymwireIO
///
/// @main struct Server {
///   static func main() { EnvironmentServer(name: "corridor") { Corridor() }.run() }
/// }
/// ```
public struct EnvironmentServer {
  private let batch: any EnvironmentBatch
  private let name: String

  /// Serves the sub-environments of a batch; the driver chooses how many.
  public init(name: String, _ batch: any EnvironmentBatch) {
    self.batch = batch
    self.name = name
  }

  /// Serves environments of one Swift type, each made by a call of `make`.
  ///
  /// - Parameter neverFails: promises that they never throw while they are stepped with values of their action space or
  ///   reset without options; long replies are then sent while they are computed.
  @inlinable
  public init(name: String, neverFails: Bool = false, make: @escaping () -> some Environment) {
    self.init(name: name, EnvironmentArray(neverFails: neverFails, make: make))
  }

  /// Answers requests until there are no more, then exits: with status 0 after `close` and at the end of input.
  public func run() -> Never {
    Serving.runAndExit(name) { (input, output) throws(DescriptorError) in try serve(reading: input, writing: output) }
  }

  /// Waits for drivers at an address, and serves one after the other until somebody stops it (protocol/SPEC.md 3.11).
  ///
  /// - Parameters:
  ///   - address: `HOST:PORT` or `unix:PATH`; nil serves over standard input and output.
  ///   - isPublic: whether the address may be one that other machines reach.
  public func run(listeningAt address: String?, isPublic: Bool = false) -> Never {
    guard let address else { run() }
    StandardStreams.ignoreBrokenPipes()
    do throws(ListeningAddress.Problem) {
      try Listener(ListeningAddress(address, isPublic: isPublic), name: name).serveAll { connection in
        // A driver that is gone ends its conversation, and nothing else.
        _ = try? serve(reading: connection, writing: connection)
      }
    } catch {
      StandardStreams.report("\(name): --listen \(error)")
      Platform.exit(2)
    }
  }

  /// Answers the requests that come from one descriptor on another, and returns the exit status.
  public func serve(reading: FileDescriptor, writing: FileDescriptor) throws(DescriptorError) -> Int32 {
    let conversation = EnvironmentConversation(serving: batch, serverName: name)
    return try Serving.converse(conversation, reading: reading, writing: writing) { (line) throws(DescriptorError) in
      try conversation.answerInPieces(line) { (piece) throws(DescriptorError) in try writing.writeAll(piece) }
    }
  }
}
