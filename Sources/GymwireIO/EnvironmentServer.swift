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

  /// Serves the sub-environments of a batch, of which the driver chooses the number.
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
    StandardStreams.ignoreBrokenPipes()
    do throws(DescriptorError) {
      let output = try StandardStreams.secureProtocolOutput()
      Platform.exit(try serve(reading: .standardInput, writing: output))
    } catch {
      // A driver that is gone needs no answer; that is an end of input like any other.
      if !error.isBrokenPipe { StandardStreams.report("\(name): \(error)") }
      Platform.exit(error.isBrokenPipe ? 0 : 1)
    }
  }

  /// Answers the requests that come from one descriptor on another, and returns the exit status.
  public func serve(reading: FileDescriptor, writing: FileDescriptor) throws(DescriptorError) -> Int32 {
    reading.raisePipeCapacity()
    writing.raisePipeCapacity()
    let session = EnvironmentSession(serving: batch, serverName: name)
    let reader = LineReader(reading)
    while !session.isClosed {
      switch reader.next(guardedBy: nil) {
      case .line(let line):
        let isAnswered = try session.answerInPieces(line) { (piece) throws(DescriptorError) in
          try writing.writeAll(piece)
        }
        if !isAnswered { try writing.writeAll(session.answer(line)) }
      case .tooLong: try writing.writeAll(session.answerTooLong(limit: ProtocolConstants.defaultMaximumLine))
      case .unfinished(let line):
        // A request that was cut off by the end of input is the end of input (protocol/SPEC.md 2.5).
        if ServerConnection.isWhole(line) { try writing.writeAll(session.answer(line)) }
      case .end, .stopped: return 0
      case .failed(let cause):
        throw DescriptorError(action: "reading", descriptor: reading.rawValue, cause: cause)
      }
    }
    return session.hasFailed ? 1 : 0
  }
}
