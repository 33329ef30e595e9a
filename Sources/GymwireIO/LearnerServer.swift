import Environments
import Gymwire

/// Serves a learner over standard input and output until the driver closes the conversation or its end, or a signal asks
/// this program to stop.
///
/// Whichever it is, what is open is then abandoned, and what has been learned saved (protocol/SPEC.md 17.12).
public struct LearnerServer {
  private let name: String
  private let ownSpaces: (observations: Space, actions: Space)?
  private let make: LearnerConversation.Making
  /// Records the conversation; nil if it is not recorded.
  public var recorder: TranscriptRecorder?
  /// Whether to look several times for a request before sleeping.
  public var spinning = Spinning.automatic

  /// Serves a learner that is made when the driver has told the spaces.
  ///
  /// - Parameter ownSpaces: the spaces of what has been learned before; nil leaves them to the driver.
  public init(
    name: String, ownSpaces: (observations: Space, actions: Space)? = nil, make: @escaping LearnerConversation.Making
  ) {
    (self.name, self.ownSpaces, self.make) = (name, ownSpaces, make)
  }

  /// Answers requests on this process's own streams until there are no more, and returns the exit status: 0 after
  /// `close` and the end of input, and that of ``Interruption`` after a signal.
  public func run() -> Int32 {
    Serving.run(name) { (input, output) throws(DescriptorError) in try serve(reading: input, writing: output) }
  }

  /// Answers the requests that come from one descriptor on another, and returns the exit status.
  public func serve(reading: FileDescriptor, writing: FileDescriptor) throws(DescriptorError) -> Int32 {
    let conversation = LearnerConversation(serverName: name, ownSpaces: ownSpaces, make: make)
    let status: Result<Int32, DescriptorError>
    do throws(DescriptorError) {
      status = .success(
        try Serving.converse(
          conversation, reading: reading, writing: writing, spinning: spinning, stopsWhenInterrupted: true,
          recorder: recorder))
    } catch {
      status = .failure(error)
    }
    do { try conversation.conclude() } catch {
      StandardStreams.report("\(name): what has been learned could not be written: \(error)")
      return 1
    }
    return try status.get()
  }
}
