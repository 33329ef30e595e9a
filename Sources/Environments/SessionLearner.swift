/// A policy that learns while others use it, in a loop that belongs to them (protocol/SPEC.md, section 17).
///
/// A session is one episode; many may be open at once, each known by the least number that was free when it began. What
/// comes for a session comes in order: ``begin()``, any number of actions, each but the first with the reward since the
/// one before, and ``end(_:on:reward:isTerminated:)`` or ``abandon(_:)``. Whoever calls sees to that order. Acts as a
/// ``Policy`` belong to no session and teach nothing.
public protocol SessionLearner: Policy {
  /// A number that grows with each update.
  var policyVersion: Int { get }

  /// How many sessions may be open at once.
  var mostSessions: Int { get }

  /// Whether there is room for another action; false while as many wait for an update as can be kept.
  var hasRoom: Bool { get }

  /// Opens a session, and returns its number.
  func begin() -> Int

  /// Chooses an action for the observation in row 0.
  ///
  /// - Parameters:
  ///   - mask: which choices are legal, in row 0; nil allows everything.
  ///   - reward: what was earned since the session's last action; nil with its first.
  ///   - choice: a sample without a seed is drawn from the session's own random numbers, a greedy action teaches as if
  ///     somebody else had chosen it.
  ///   - answers: receives the action and its estimates in row 0.
  /// - Throws: ``PolicyError`` for an observation that cannot be learned from; nothing has changed then.
  func act(
    in session: Int, on observations: ValueBatch, mask: MaskBatch?, reward: Double?, choice: ActionChoice,
    into answers: ActionBatch
  ) throws

  /// Notes the action in row 0 of `answers`, a value of the action space, which somebody else has chosen.
  ///
  /// - Parameter answers: receives the estimates in row 0.
  /// - Throws: ``PolicyError``, as an act does.
  func log(in session: Int, on observations: ValueBatch, reward: Double?, answers: ActionBatch) throws

  /// Closes a session at its final observation, in row 0, and learns if it is time to.
  ///
  /// - Parameters:
  ///   - reward: what was earned since the session's last action; nil if there was none.
  ///   - isTerminated: whether nothing could have been earned from there on; if not, the episode was merely cut.
  /// - Returns: figures about the update for people, by name; nil if there was none.
  /// - Throws: ``PolicyError``, as an act does. Whatever else it throws is the end of learning, with the
  ///   session closed.
  func end(
    _ session: Int, on observations: ValueBatch, reward: Double?, isTerminated: Bool
  ) throws -> [(name: String, value: Double)]?

  /// Closes a session, and forgets those of its data that no update has used.
  func abandon(_ session: Int)

  /// Keeps what has been learned, and returns where, for people.
  func save() throws -> String
}
