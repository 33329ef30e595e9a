import Environments
import JSONLines

/// The server's side of one conversation about an environment.
public final class EnvironmentSession: ServerSession {
  let batch: any EnvironmentBatch
  @exclusivity(unchecked) private(set) var needsReset: Set<Int> = [0]
  /// Whether every sub-environment has been reset at least once.
  private var hasBegun = false
  @exclusivity(unchecked) private(set) var actions: ValueBatch
  @exclusivity(unchecked) private(set) var outcome: StepBatch
  /// How many sub-environments a reply's pieces hold; nil if replies are sent as a whole.
  private(set) var rowsPerPiece: Int?

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
    actions = ValueBatch(batch.actionSpace, count: 1)
    outcome = StepBatch(observationSpace: batch.observationSpace, count: 1)
    super.init(role: .env, serverName: serverName, features: features)
  }

  override func answerPlain(_ line: UnsafeRawBufferPointer, id: inout Int64?) throws(ErrorReply) -> Bool {
    guard let plain = PlainStep.readRequest(line, into: actions, as: form) else { return false }
    id = plain
    try requireEpisodes()
    try step(id: plain)
    return true
  }

  override func perform(_ operation: Operation, _ members: Request.Members, id: Int64) throws(ErrorReply) {
    if operation == .step {
      guard let action = members.action else { throw ErrorReply(.badMessage, "step needs \"action\"") }
      try requireGreeting()
      try step(action, id: id)
    } else {
      let indices = try ResetPlan.indices(members, count: batch.count, isBatched: form.isBatched)
      try requireGreeting()
      try reset(indices, members, id: id)
    }
  }

  override func prepare(_ answer: inout HelloReply, for hello: HelloRequest) throws(ErrorReply) {
    answer.spec = batch.spec
    answer.observationSpace = batch.observationSpace
    answer.actionSpace = batch.actionSpace
    let wanted = form.isBatched ? hello.wantedEnvironments ?? 1 : 1
    answer.environmentCount = batch.resize(
      to: GrantedEnvironments.count(wanted: wanted, of: batch.observationSpace, longestLine: greatestReply)
    )
    needsReset = Set(0..<answer.environmentCount)
    actions = ValueBatch(batch.actionSpace, count: answer.environmentCount)
    outcome = StepBatch(observationSpace: batch.observationSpace, count: answer.environmentCount)
    rowsPerPiece = ReplyPieces.rows(
      of: outcome, form: form, longestReply: greatestReply, neverFails: batch.neverFails)
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
    needsReset.subtract(indices)
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
    guard let index = needsReset.min() else { return }
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
    outcome.clearInfos()
    do {
      try step(rows)
    } catch {
      throw failure(error, of: Array(rows))
    }
    StepReply.write(id: id, outcome: outcome, rows: rows, form: form, to: &reply)
  }

  /// Applies some of the actions.
  func step(_ rows: Range<Int>) throws {
    try batch.step(rows, actions: actions, into: outcome)
    if form.isBatched {
      try resetEnded(rows)
    } else if outcome.hasEnded(0) {
      needsReset.insert(0)
    }
  }

  /// Begins a new episode where one has ended, within the same step (protocol/SPEC.md 12.5).
  private func resetEnded(_ rows: Range<Int>) throws {
    let outcome = outcome
    for row in outcome.endedRows(in: rows) {
      outcome.finalObservations.copyRow(row, of: outcome.observations, to: row)
      if outcome.hasInfos, let info = outcome.infos.removeValue(forKey: row) { outcome.finalInfos[row] = info }
      try batch.reset(row, seed: nil, options: [:], into: outcome.observations, row: row)
    }
  }

  /// What is answered when the environment itself fails; those that were addressed need a reset.
  private func failure(_ error: any Error, of indices: [Int]) -> ErrorReply {
    needsReset.formUnion(indices)
    return ErrorReply(.environmentError, "\(error)", data: ["type": .string("\(type(of: error))")])
  }
}
