import Environments
import JSONLines

/// The server's side of one conversation about an environment, without any input or output of its own.
///
/// It is given one line after another, and answers each with one line. Faults are looked for in the order of
/// protocol/SPEC.md 7.3, and a request that is refused has changed nothing.
public final class EnvironmentSession {
  // One thread uses a session and nothing calls back into it, so its fields need no checks for overlapping accesses,
  // which would be a fifth of the work for a message.
  let batch: any EnvironmentBatch
  private let serverName: String
  private let supportedFeatures: [Feature]
  @exclusivity(unchecked) private(set) var isGreeted = false
  @exclusivity(unchecked) private(set) var form = ValueForm()
  @exclusivity(unchecked) private(set) var needsReset: [Bool] = [true]
  /// Whether every sub-environment has been reset at least once.
  private var hasBegun = false
  @exclusivity(unchecked) private(set) var actions: ValueBatch
  @exclusivity(unchecked) private(set) var outcome: StepBatch
  @exclusivity(unchecked) var reply = JSONWriter(capacity: 4096)
  /// How many sub-environments a reply's pieces hold; nil if replies are sent as a whole.
  private(set) var rowsPerPiece: Int?
  private var greatestReply = ProtocolConstants.defaultMaximumLine

  /// Whether the conversation is over: the driver has closed it, or the server cannot go on.
  @exclusivity(unchecked) public private(set) var isClosed = false
  /// Whether the server cannot go on, so that it has to exit with a status other than 0.
  public private(set) var hasFailed = false

  /// Begins a conversation about the sub-environments of `batch`.
  ///
  /// - Parameters:
  ///   - serverName: the name of the server's software, told in hello.
  ///   - features: the features that may be switched on.
  public init(
    serving batch: any EnvironmentBatch,
    serverName: String,
    features: [Feature] = [.batch, .b64]
  ) {
    self.batch = batch
    self.serverName = serverName
    supportedFeatures = features
    actions = ValueBatch(batch.actionSpace, count: 1)
    outcome = StepBatch(observationSpace: batch.observationSpace, count: 1)
  }

  /// Answers one line; the bytes, with their line end, are valid until the next call.
  public func answer(_ line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    reply.removeAll()
    var id: Int64?
    do throws(ErrorReply) {
      if isGreeted, let plain = PlainStep.readRequest(line, into: actions, as: form) {
        id = plain
        try requireEpisodes()
        try step(id: plain)
      } else {
        let request = try Request.read(line, id: &id)
        try answer(request, id: id ?? 0)
      }
      guard reply.count - 1 <= greatestReply else {
        throw ErrorReply(
          .tooLarge,
          "the reply has \(reply.count - 1) bytes, but the driver reads \(greatestReply) at most",
          isFatal: true
        )
      }
    } catch {
      refuse(error, id: id)
    }
    return reply.bytes
  }

  /// Answers a line that was longer than this side reads.
  public func answerTooLong(limit: Int) -> UnsafeRawBufferPointer {
    reply.removeAll()
    refuse(ErrorReply(.tooLarge, "the line is longer than \(limit) bytes"), id: nil)
    return reply.bytes
  }

  private func refuse(_ error: ErrorReply, id: Int64?) {
    // What was written of another reply goes.
    reply.removeAll()
    error.write(id: id, to: &reply)
    if error.isFatal {
      isClosed = true
      hasFailed = true
    }
  }

  private func answer(_ request: Request, id: Int64) throws(ErrorReply) {
    switch Operation(rawValue: request.operation) {
    case .hello: try greet(HelloRequest(request.members), id: id)
    case .step:
      guard let action = request.members.action else { throw ErrorReply(.badMessage, "step needs \"action\"") }
      try requireGreeting()
      try step(action, id: id)
    case .reset:
      let indices = try ResetPlan.indices(request.members, count: batch.count, isBatched: form.isBatched)
      try requireGreeting()
      try reset(indices, request.members, id: id)
    case .close:
      try requireGreeting()
      isClosed = true
      Close.writeReply(id: id, to: &reply)
    default: throw ErrorReply(.unknownOperation, "this server has no op \"\(request.operation.abbreviated())\"")
    }
  }

  private func requireGreeting() throws(ErrorReply) {
    guard isGreeted else { throw ErrorReply(.notReady, "hello has to come first") }
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
    isGreeted = true
    greatestReply = hello.maximumLine ?? greatestReply
    var answer = HelloReply()
    answer.version = version
    answer.role = "env"
    answer.server = serverName
    answer.spec = batch.spec
    answer.features = supportedFeatures.filter(hello.features.contains)
    form.isBatched = answer.features.contains(.batch)
    form.allowsBase64 = answer.features.contains(.b64)
    let wanted = form.isBatched ? hello.wantedEnvironments ?? 1 : 1
    answer.environmentCount = batch.resize(
      to: GrantedEnvironments.count(wanted: wanted, of: batch.observationSpace, longestLine: greatestReply)
    )
    needsReset = Array(repeating: true, count: answer.environmentCount)
    actions = ValueBatch(batch.actionSpace, count: answer.environmentCount)
    outcome = StepBatch(observationSpace: batch.observationSpace, count: answer.environmentCount)
    rowsPerPiece = ReplyPieces.rows(
      of: outcome, form: form, longestReply: greatestReply, neverFails: batch.neverFails)
    answer.write(
      id: id,
      observationSpace: batch.observationSpace,
      actionSpace: batch.actionSpace,
      to: &reply
    )
  }

  private func reset(_ indices: [Int], _ members: Request.Members, id: Int64) throws(ErrorReply) {
    guard indices.count == batch.count || hasBegun else {
      throw ErrorReply(.needsReset, "the first reset has to address all \(batch.count) sub-environments")
    }
    let plan = try ResetPlan(members, indices: indices, isBatched: form.isBatched)
    let rows = 0..<indices.count
    for (row, index) in indices.enumerated() {
      do {
        try batch.reset(index, seed: plan.seeds[row], options: plan.options, into: outcome.observations, row: row)
      } catch EnvironmentError.invalidOptions(let reason) where row == 0 {
        throw ErrorReply(.badOptions, reason)
      } catch {
        // Options that only a later one refuses have changed the earlier ones already, which no bad_... may.
        throw failure(error, of: indices)
      }
    }
    for index in indices { needsReset[index] = false }
    hasBegun = true
    ResetReply.write(id: id, observations: outcome.observations, rows: rows, form: form, to: &reply)
  }

  private func step(_ action: JSONScanner, id: Int64) throws(ErrorReply) {
    try requireEpisodes()
    var action = action
    do throws(ValueError) {
      try actions.read(rows: 0..<batch.count, from: &action, as: form)
    } catch {
      let data = error.row.map { ["env": PlainValue.number(Double($0))] }
      throw ErrorReply(.badAction, "the action cannot be used: \(error)", data: data ?? [:])
    }
    try step(id: id)
  }

  private func requireEpisodes() throws(ErrorReply) {
    guard let index = needsReset.firstIndex(of: true) else { return }
    throw ErrorReply(
      .needsReset,
      "no episode is running: send reset before step",
      data: form.isBatched ? ["env": .number(Double(index))] : [:]
    )
  }

  /// Applies the actions that have been read.
  private func step(id: Int64) throws(ErrorReply) {
    let rows = 0..<outcome.count
    if let (row, reason) = actions.violation(in: rows) {
      throw ErrorReply(.badAction, "action \(reason)", data: ["env": .number(Double(row))])
    }
    clearInfos()
    do {
      try step(rows)
    } catch {
      throw failure(error, of: Array(rows))
    }
    StepReply.write(id: id, outcome: outcome, rows: rows, form: form, to: &reply)
  }

  func clearInfos() {
    if !outcome.infos.isEmpty { outcome.infos.removeAll() }
    if !outcome.finalInfos.isEmpty { outcome.finalInfos.removeAll() }
  }

  /// Applies some of the actions.
  func step(_ rows: Range<Int>) throws {
    try batch.step(rows, actions: actions, into: outcome)
    if form.isBatched { try resetEnded(rows) } else { needsReset[0] = outcome.hasEnded(0) }
  }

  /// Ends a conversation in the middle of a reply, where nothing can be told any more.
  func breakOff() {
    isClosed = true
    hasFailed = true
  }

  /// Begins a new episode where one has ended, within the same step (protocol/SPEC.md 12.5).
  private func resetEnded(_ rows: Range<Int>) throws {
    let outcome = outcome
    for row in rows where outcome.hasEnded(row) {
      outcome.finalObservations.copyRow(row, of: outcome.observations, to: row)
      if let info = outcome.infos.removeValue(forKey: row) { outcome.finalInfos[row] = info }
      try batch.reset(row, seed: nil, options: [:], into: outcome.observations, row: row)
    }
  }

  /// What is answered when the environment itself fails; those that were addressed need a reset.
  private func failure(_ error: any Error, of indices: [Int]) -> ErrorReply {
    for index in indices { needsReset[index] = true }
    return ErrorReply(.environmentError, "\(error)", data: ["type": .string("\(type(of: error))")])
  }
}
