import Environments
import Gymwire

/// Serves a worker over standard input and output until the driver closes the conversation or its end.
public struct WorkerServer {
  private let name: String
  private let make: WorkerConversation.Making
  /// Records the conversation; nil if it is not recorded.
  public var recorder: TranscriptRecorder?
  /// Whether to look several times for a request before sleeping.
  public var spinning = Spinning.automatic

  /// Serves a worker that is made when the driver has said hello.
  public init(name: String, make: @escaping WorkerConversation.Making) { (self.name, self.make) = (name, make) }

  /// Answers requests on this process's own streams until there are no more, and returns the exit status.
  ///
  /// A driver that is gone ends this program within a second or two, also in the middle of a request.
  public func run() -> Int32 {
    Serving.run(name) { (input, output) throws(DescriptorError) in
      DriverWatch.begin(output)
      return try serve(reading: input, writing: output)
    }
  }

  /// Answers the requests that come from one descriptor on another, and returns the exit status.
  public func serve(reading: FileDescriptor, writing: FileDescriptor) throws(DescriptorError) -> Int32 {
    try Serving.converse(
      WorkerConversation(serverName: name, make: make), reading: reading, writing: writing, spinning: spinning,
      stopsWhenInterrupted: true, recorder: recorder)
  }
}
