import Environments
import Gymwire

/// Serves a policy over standard input and output until the driver closes the conversation or its end.
public struct PolicyServer {
  private let policy: any Policy
  private let name: String
  private let reload: PolicyConversation.Reloading
  /// Records the conversation; nil if it is not recorded.
  public var recorder: TranscriptRecorder?
  /// Whether to look several times for a request before sleeping.
  public var spinning = Spinning.automatic

  /// Serves a policy.
  ///
  /// - Parameter reload: finds what has taken the place of the policy, for the operation of that name; nil if nothing
  ///   has. What it throws is told to the driver, and the policy stays.
  public init(name: String, _ policy: any Policy, reload: @escaping PolicyConversation.Reloading = { nil }) {
    self.policy = policy
    self.name = name
    self.reload = reload
  }

  /// Answers requests until there are no more, then exits: with status 0 after `close` and at the end of input.
  public func run() -> Never {
    Serving.runAndExit(name) { (input, output) throws(DescriptorError) in try serve(reading: input, writing: output) }
  }

  /// Answers the requests that come from one descriptor on another, and returns the exit status.
  public func serve(reading: FileDescriptor, writing: FileDescriptor) throws(DescriptorError) -> Int32 {
    try Serving.converse(
      PolicyConversation(serving: policy, serverName: name, reload: reload), reading: reading, writing: writing,
      spinning: spinning, recorder: recorder)
  }
}
