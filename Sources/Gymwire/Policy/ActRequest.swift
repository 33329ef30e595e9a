import Environments
import JSONLines

/// The question which action a policy would take (protocol/SPEC.md, "act").
struct ActRequest: ListedRequest {
  /// How many observations are asked about with feature batch; nil for a single one.
  private(set) var count: RowCount?
  /// The session of a learner in which the action is taken; nil for none.
  private(set) var session: SessionName?
  /// What was earned since the session's last action; nil with its first.
  private(set) var reward: Reward?
  private var isDeterministic: Bool?
  private var seed: Seed?
  /// What is asked about, and the room for it.
  private let asked: AskedRows
  private let terms: Terms

  /// What of a request a conversation knows; the rest are members like any other that nobody knows (protocol/SPEC.md
  /// 4.6, 5.8).
  struct Terms {
    var form: ValueForm
    var hasMasks: Bool
    var hasSessions: Bool
    var hasRewards: Bool
  }

  /// A request to be written.
  @inline(__always)
  init(
    about asked: AskedRows, count: Int? = nil, session: String? = nil, reward: Double? = nil, choice: ActionChoice,
    terms: Terms
  ) {
    self.init(into: asked, terms: terms)
    self.count = count.map(RowCount.init)
    self.session = session.map(SessionName.init)
    self.reward = reward.map(Reward.init)
    switch choice {
    case .greedy: isDeterministic = true
    case .sampled(let seed): self.seed = seed.map(Seed.init)
    }
  }

  /// A request to be read.
  @inline(__always)
  init(into asked: AskedRows, terms: Terms) {
    (self.asked, self.terms) = (asked, terms)
  }

  @inline(__always) var operation: Operation { .act }

  /// How many rows are asked about.
  @inline(__always) var rowCount: Int { count?.value ?? 1 }

  /// How the rows are written: batched where there is a count.
  @inline(__always) var form: ValueForm {
    ValueForm(isBatched: count != nil, allowsBase64: terms.form.allowsBase64)
  }

  /// How the actions are to be picked.
  @inline(__always) var choice: ActionChoice {
    isDeterministic == true ? .greedy : .sampled(seed: seed?.value)
  }

  /// The members in their order.
  @inline(__always)
  mutating func visitMembers<Visitor: RequestVisitor & ~Copyable>(
    _ visitor: inout Visitor
  ) throws(Visitor.Failure) {
    if terms.form.isBatched { try visitor.visit(.count, &count, isRequired: false) }
    if terms.hasSessions { try visitor.visit(.session, &session, isRequired: false) }
    if terms.hasRewards { try visitor.visit(.reward, &reward, isRequired: false) }
    try visitor.visit(.isDeterministic, &isDeterministic, isRequired: false)
    try visitor.visit(.seed, &seed, isRequired: false)
    try visitor.visit(.observation, AskedObservations(asked, count: rowCount, form: form))
    if terms.hasMasks { try visitor.visit(.mask, AskedMasks(asked, count: rowCount, form: form)) }
  }

  /// Reads a request in the spelling that drivers use, and returns its id.
  ///
  /// Nil for every other line, faulty ones included, and those with masks and about sessions.
  @inline(__always)
  mutating func readUsual(_ line: UnsafeRawBufferPointer) -> Int64? {
    var scanner = JSONScanner(line)
    guard let id = scanner.beginUsualRequest(.act) else { return nil }
    do throws(UnusualSpelling) { try visitMembers(&scanner) } catch { return nil }
    guard scanner.endUsual(), (seed?.value ?? 0) + UInt64(rowCount - 1) <= ProtocolConstants.greatestInteger else {
      return nil
    }
    return id
  }

  /// Refuses a session for several rows.
  func requireOneRow() throws(ErrorReply) {
    guard count == nil else {
      throw ErrorReply(.badMessage, "an act has \"session\" or \"n\", and not both: a session is one episode")
    }
  }

  /// Refuses a seed that is too large for the last row.
  func requireSeeds() throws(ErrorReply) { try seed?.require(plus: rowCount - 1) }
}
