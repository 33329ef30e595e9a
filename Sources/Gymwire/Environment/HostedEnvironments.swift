import Environments

/// The sub-environments of one conversation, and the memory for their actions and for what comes of them.
///
/// Everything that a step reads is constant here, so that its references are not counted again in every step.
final class HostedEnvironments {
  let batch: any EnvironmentBatch
  let count: Int
  let isBatched: Bool
  /// Whether replies tell which actions are legal.
  let isMasked: Bool
  let actions: ValueBatch
  let outcome: StepBatch
  /// Those whose episode has not begun or has ended.
  @exclusivity(unchecked) private(set) var needsReset: Set<Int>
  /// Whether every sub-environment has been reset at least once.
  private(set) var hasBegun = false

  init(_ batch: any EnvironmentBatch, count: Int, isBatched: Bool, isMasked: Bool) {
    self.batch = batch
    self.count = count
    self.isBatched = isBatched
    self.isMasked = isMasked
    actions = ValueBatch(batch.actionSpace, count: count)
    outcome = StepBatch(
      observationSpace: batch.observationSpace, maskedActions: isMasked ? batch.actionSpace : nil, count: count)
    needsReset = Set(0..<count)
  }

  /// Whether an episode is running everywhere.
  var isReady: Bool { needsReset.isEmpty }

  /// Reads the actions of a request in the one spelling that drivers use, and returns its id; nil for any other line.
  func readUsualActions(_ line: UnsafeRawBufferPointer, as form: ValueForm) -> Int64? {
    StepRequest(actions, rows: 0..<count, form: form).readUsual(line)
  }

  /// Begins episodes of some sub-environments; the first of `outcome`'s rows receive the observations, in order.
  func reset(_ indices: [Int], _ plan: ResetPlan) throws(ErrorReply) {
    outcome.clearInfos()
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
    if isMasked {
      outcome.masks.allowEverything(in: 0..<indices.count)
      for (row, index) in indices.enumerated() { batch.writeMask(of: index, into: outcome.masks, row: row) }
    }
    needsReset.subtract(indices)
    hasBegun = true
  }

  /// Applies the actions.
  func step() throws(ErrorReply) {
    outcome.clearInfos()
    do { try step(0..<count) } catch { throw failure(error, of: Array(0..<count)) }
  }

  /// Applies some of the actions.
  func step(_ rows: Range<Int>) throws {
    if isBatched { return try batch.stepAndReset(rows, actions: actions, into: outcome) }
    try batch.step(rows, actions: actions, into: outcome)
    if isMasked { batch.writeMasks(of: rows, into: outcome.masks) }
    if outcome.hasEnded(0) { needsReset.insert(0) }
  }

  /// The state of a sub-environment whose episode is running (protocol/SPEC.md 15.5).
  func state(of index: Int) throws(ErrorReply) -> String {
    guard !needsReset.contains(index) else {
      throw ErrorReply(
        .needsReset, "no episode is running: send reset before snapshot", data: ["env": .number(Double(index))])
    }
    do { return try batch.state(of: index) } catch { throw failure(error, of: [index]) }
  }

  /// Puts a sub-environment where a state was kept, after which it needs no reset (protocol/SPEC.md 15.6).
  func restore(_ index: Int, to state: String) throws(ErrorReply) {
    do { try batch.restore(index, to: state) } catch { throw ErrorReply(.badMessage, "\(error)") }
    needsReset.remove(index)
    hasBegun = hasBegun || needsReset.isEmpty
  }

  /// What is answered when an environment itself fails; those that were addressed need a reset.
  private func failure(_ error: any Error, of indices: [Int]) -> ErrorReply {
    needsReset.formUnion(indices)
    return ErrorReply(.environmentError, "\(error)", data: ["type": .string("\(type(of: error))")])
  }
}
