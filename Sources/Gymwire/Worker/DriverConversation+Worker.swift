import Environments
import JSONLines

// What a driver asks of a worker.
extension DriverConversation {
  /// Composes prepare.
  ///
  /// - Parameter settings: the algorithm and its settings, as a JSON object on one line.
  public mutating func composePrepare(settings: String) {
    let id = begin()
    PrepareRequest(settings: settings).write(id: id, to: &request)
  }

  /// Composes collect.
  ///
  /// - Parameter policy: the text of the policy; nil where the worker has that version already.
  public mutating func composeCollect(_ order: RolloutOrder, policy: PolicyText?) {
    let id = begin()
    CollectRequest(order: order).write(id: id, policy: policy, to: &request)
  }

  /// Reads a line while the reply to collect is outstanding; the rollout is nil for a notification.
  ///
  /// - Parameters:
  ///   - streams: how many sub-environments the worker has.
  ///   - actionWidth: how many numbers an action has.
  public func readCollect(
    _ line: UnsafeRawBufferPointer, answering order: RolloutOrder, streams: Int, actionWidth: Int,
    into rollout: inout Rollout?
  ) throws(ReplyError) -> ServerLine {
    var reply = CollectReply()
    let kind = try readServerLine(line, expecting: identifier, into: &reply)
    guard case .reply = kind, let observationSpace = hello.observationSpace else { return kind }
    rollout = try reply.rollout(
      of: streams, answering: order, observationSpace: observationSpace,
      maskedActions: isMasked ? hello.actionSpace : nil,
      actionWidth: actionWidth)
    return kind
  }

  /// Composes gradient.
  public mutating func composeGradient(_ order: GradientOrder) {
    let id = begin()
    GradientRequest(order: order).write(id: id, to: &request)
  }

  /// Reads a line while the reply to gradient is outstanding; the answer is nil for a notification.
  public func readGradient(
    _ line: UnsafeRawBufferPointer, into answer: inout GradientAnswer?
  ) throws(ReplyError) -> ServerLine {
    var reply = GradientReply()
    let kind = try readServerLine(line, expecting: identifier, into: &reply)
    if case .reply = kind { answer = reply.answer }
    return kind
  }
}
