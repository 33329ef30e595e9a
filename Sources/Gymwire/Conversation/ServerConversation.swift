import Environments
import JSONLines

/// The server's side of one conversation, without any input or output of its own.
///
/// It is given one line after another, and answers each with one line. Faults are looked for in the order of
/// protocol/SPEC.md 7.3, and a request that is refused has changed nothing. This class has what all roles share; each
/// role is a subclass.
public class ServerConversation {
  // One thread uses a conversation and nothing calls back into it, so its fields need no checks for overlapping accesses,
  // which would be a fifth of the work for a message.
  @exclusivity(unchecked) final var reply = JSONWriter(capacity: 4096)
  /// Whether hello has succeeded.
  @exclusivity(unchecked) private(set) final var isGreeted = false
  /// The features that are on.
  private(set) final var features: [Feature] = []
  /// Which forms values have, given the features that are on.
  @exclusivity(unchecked) private(set) final var form = ValueForm()
  /// The longest line that the driver reads.
  private(set) final var greatestReply = ProtocolConstants.defaultMaximumLine
  private let role: ServerRole
  private let serverName: String
  private let supportedFeatures: [Feature]

  /// Whether the request that is being answered has changed anything; what has not may be refused after the work.
  @exclusivity(unchecked) final var hasEffect = true

  /// Whether the conversation is over: the driver has closed it, or the server cannot go on.
  @exclusivity(unchecked) public private(set) final var isClosed = false
  /// Whether the server cannot go on, so that it has to exit with a status other than 0.
  public private(set) final var hasFailed = false

  init(role: ServerRole, serverName: String, features: [Feature]) {
    self.role = role
    self.serverName = serverName
    supportedFeatures = features
  }

  /// Answers one line; the bytes, with their line end, are valid until the next call.
  public final func answer(_ line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    reply.removeAll()
    hasEffect = true
    var id: Int64?
    do throws(ErrorReply) {
      let isAnswered = isGreeted ? try answerUsual(line, id: &id) : false
      if !isAnswered {
        let request = try Request.read(line, id: &id)
        try answer(request, id: id ?? 0)
      }
      guard reply.count - 1 <= greatestReply else {
        throw ErrorReply(
          .tooLarge,
          "the reply has \(reply.count - 1) bytes, but the driver reads \(greatestReply) at most",
          isFatal: hasEffect
        )
      }
    } catch {
      refuse(error, id: id)
    }
    return reply.bytes
  }

  /// Answers a line that was longer than this side reads.
  public final func answerTooLong(limit: Int) -> UnsafeRawBufferPointer {
    reply.removeAll()
    refuse(ErrorReply(.tooLarge, "the line is longer than \(limit) bytes"), id: nil)
    return reply.bytes
  }

  // MARK: What each role does its own way

  /// Answers a request in the one spelling that drivers use, if this is one; false, having done nothing, if it is not.
  ///
  /// - Parameter id: receives the id as soon as it is known, for the reply that refuses the request.
  func answerUsual(_ line: UnsafeRawBufferPointer, id: inout Int64?) throws(ErrorReply) -> Bool { false }

  /// Answers any operation of the role but hello and close; false, having done nothing, if the role has no such one.
  ///
  /// Missing members come before hello that is missing (protocol/SPEC.md 7.3), so it is for this to call
  /// ``requireGreeting()``.
  func perform(_ name: String, _ members: Request.Members, id: Int64) throws(ErrorReply) -> Bool { false }

  /// Completes the reply to a hello whose version and features have been agreed on, with the spaces at least.
  func prepare(_ answer: inout HelloReply, for hello: HelloRequest) throws(ErrorReply) {}

  /// Does what comes before the end of a conversation, once, however that ends.
  func conclude() throws {}

  // MARK: What the roles need

  final func requireGreeting() throws(ErrorReply) {
    guard isGreeted else { throw ErrorReply(.notReady, "hello has to come first") }
  }

  /// Ends a conversation in the middle of a reply, where nothing can be told any more.
  final func breakOff() {
    isClosed = true
    hasFailed = true
  }

  private func refuse(_ error: ErrorReply, id: Int64?) {
    // What was written of another reply goes.
    reply.removeAll()
    error.write(id: id, to: &reply)
    if error.isFatal { breakOff() }
  }

  private func answer(_ request: Request, id: Int64) throws(ErrorReply) {
    switch Operation(rawValue: request.operation) {
    case .hello: try greet(HelloRequest(request.members), id: id)
    case .close: try close(id: id)
    default:
      guard try perform(request.operation, request.members, id: id) else {
        throw ErrorReply(.unknownOperation, "this server has no op \"\(request.operation.abbreviated())\"")
      }
    }
  }

  private func close(id: Int64) throws(ErrorReply) {
    try requireGreeting()
    do { try conclude() } catch {
      throw ErrorReply(.internal, "\(error)", isFatal: true)
    }
    isClosed = true
    EmptyReply().write(id: id, to: &reply)
  }

  private func greet(_ hello: HelloRequest, id: Int64) throws(ErrorReply) {
    guard !isGreeted else { throw ErrorReply(.badMessage, "hello has succeeded before and stays in force") }
    guard let version = ProtocolConstants.versions.first(where: hello.versions.contains) else {
      throw ErrorReply(
        .unsupportedVersion,
        "this server speaks version \(ProtocolConstants.versions.map(String.init).joined(separator: ", "))",
        data: ["versions": .list(ProtocolConstants.versions.map { .number(Double($0)) })]
      )
    }
    greatestReply = hello.maximumLine ?? ProtocolConstants.defaultMaximumLine
    features = supportedFeatures.filter(hello.features.contains)
    form = ValueForm(isBatched: features.contains(.batch), allowsBase64: features.contains(.b64))
    var answer = HelloReply()
    answer.version = version
    answer.role = role.rawValue
    answer.server = serverName
    answer.features = features
    try prepare(&answer, for: hello)
    isGreeted = true
    answer.write(id: id, to: &reply)
  }
}
