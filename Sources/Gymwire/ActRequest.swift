import Environments
import JSONLines

/// The question which action a policy would take (protocol/SPEC.md, "act").
public struct ActRequest: Equatable, Sendable {
  /// How many observations are asked about with feature batch; nil for a single one.
  public var count: Int?
  /// How the actions are to be picked.
  public var choice: ActionChoice

  /// Creates a request.
  public init(count: Int? = nil, choice: ActionChoice) {
    self.count = count
    self.choice = choice
  }

  /// Writes the request with its line end.
  ///
  /// - Parameters:
  ///   - observations: what is asked about, in `rows`.
  ///   - masks: which actions are legal, in the same rows; nil tells nothing about that.
  public func write(
    id: Int64,
    observations: ValueBatch,
    rows: Range<Int>,
    masks: MaskBatch?,
    of actions: Space,
    form: ValueForm,
    to writer: inout JSONWriter
  ) {
    var form = form
    form.isBatched = count != nil
    writer.put(verbatim: "{\"id\":")
    writer.write(id)
    writer.put(verbatim: ",\"op\":\"act\"")
    if let count {
      writer.put(verbatim: ",\"n\":")
      writer.write(count)
    }
    switch choice {
    case .greedy: writer.put(verbatim: ",\"deterministic\":true")
    case .sampled(let seed?):
      writer.put(verbatim: ",\"seed\":")
      writer.write(seed)
    case .sampled(nil): break
    }
    writer.put(verbatim: ",\"obs\":")
    writer.write(observations, rows: rows, as: form)
    if let masks { writer.writeMasks(masks, rows: rows, of: actions, as: form) }
    writer.endLine()
  }
}

extension ActRequest {
  /// Reads all but the observation, its mask and the seed: what can be checked before hello.
  ///
  /// - Throws: `bad_message` for members that are missing or of the wrong type.
  init(_ members: Request.Members, isBatchOn: Bool) throws(ErrorReply) {
    guard try members.observation.isPresent("obs") else { throw ErrorReply(.badMessage, "act needs \"obs\"") }
    // Without the feature it is a member like any other that this server does not know (protocol/SPEC.md 5.8).
    count = isBatchOn ? try members.count.positiveInteger("n") : nil
    choice = try members.isDeterministic.flag("deterministic") ?? false ? .greedy : .sampled(seed: nil)
  }

  /// Reads the seed, which is looked at last.
  ///
  /// - Throws: `bad_seed`.
  mutating func readSeed(_ members: Request.Members) throws(ErrorReply) {
    let seed = try members.seed.plain("seed", otherwise: .badSeed)?.seed(plus: (count ?? 1) - 1)
    if choice != .greedy { choice = .sampled(seed: seed) }
  }
}
