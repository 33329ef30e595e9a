import Environments

/// What learns: it acts, takes in what came of it, and improves itself.
///
/// Whoever drives it knows no algorithm. A ``Trainer`` steps environments together: ``act(_:on:masks:)``, then
/// ``takeIn(_:)-(Transitions)`` for each step, and ``update(progress:isMeasured:)`` as often as the ``schedule`` says. A
/// ``SessionTrainer`` is asked by others: ``decide(_:on:mask:choice:action:)``, then ``takeIn(_:)-(SessionEpisode)`` for
/// what each session has done, and an update. A stream is one sub-environment or one session; observations are encoded
/// (``ObservationEncoder``) and not normalised, actions are as ``ActionEncoder`` reads them.
public protocol Agent: AnyObject {
  /// What is going wrong with what it learns, in a sentence without its full stop; nil where nothing is known to.
  var concern: String? { get }
  /// Everything that has to be kept, by name.
  var parts: [Part] { get }
  /// How many updates have been made; the version of the policy.
  var updates: Int { get }
  /// When an update wants to come.
  var schedule: UpdateSchedule { get }
  /// The policy as it is at any time, for acts outside of every stream.
  var policy: any Policy { get }
  /// How many numbers ``ActionEstimate/distribution`` has; 0, the default, where nobody has to keep it.
  var distributionWidth: Int { get }
  /// What a policy file holds of the policy as it is now.
  func snapshot(environmentSteps: Int) -> PolicySnapshot
  /// Takes over what a policy file holds.
  func load(_ snapshot: PolicySnapshot) throws(TrainingError)

  /// Every stream begins an episode; steps that no update has used are forgotten.
  func beginEpisodes()

  /// Chooses what some streams do next, exploring.
  ///
  /// - Parameters:
  ///   - observations: streams × width numbers.
  ///   - masks: which choices are legal, streams × the task's mask width; nil where no masks come.
  /// - Returns: the actions, streams × action width, until the next call.
  /// - Throws: ``TrainingError/unusableMask(environment:reason:)``.
  func act(
    _ streams: Range<Int>, on observations: UnsafePointer<Float>, masks: UnsafePointer<UInt8>?
  ) throws(TrainingError) -> UnsafePointer<Float>

  /// Called after the actions have been handed over, while the environment computes: the time is free.
  func actionsAreUnderWay(_ streams: Range<Int>)

  /// Takes in what came of the actions of some streams.
  func takeIn(_ transitions: Transitions) throws(TrainingError)

  /// Called before an update for which some streams have made other numbers of steps than others.
  ///
  /// - Parameter observations: what each stream has seen last, streams × width numbers.
  func cut(_ streams: Range<Int>, at observations: UnsafePointer<Float>)

  /// Called after an update that came while an action of some streams was under way, which was chosen on `observations`;
  /// what comes of it is taken in later.
  func resume(_ streams: Range<Int>, on observations: UnsafePointer<Float>) throws(TrainingError)

  /// Looks at the observation of a session; throws where nothing follows from it.
  func look(at observation: UnsafePointer<Float>) throws(PolicyError)

  /// Chooses what one session does next, or judges what somebody else has chosen.
  ///
  /// - Parameters:
  ///   - mask: which choices are legal; nil allows everything.
  ///   - choice: a sample without a seed is drawn from the stream's own random numbers; nil for an action that somebody
  ///     else has written to `action`.
  /// - Throws: as ``look(at:)`` does; nothing has changed then.
  func decide(
    _ stream: Int, on observation: UnsafePointer<Float>, mask: UnsafePointer<UInt8>?, choice: ActionChoice?,
    action: UnsafeMutablePointer<Float>
  ) throws(PolicyError) -> ActionEstimate

  /// Takes in the complete steps of a session that no update has used.
  func takeIn(_ episode: SessionEpisode)

  /// Takes in the complete steps of an episode that was recorded elsewhere; no update is due for them.
  ///
  /// - Throws: ``TrainingError/unusableFile(what:reason:)`` where the agent remembers nothing.
  func recall(_ episode: SessionEpisode) throws(TrainingError)

  /// Improves the agent by what it has taken in.
  ///
  /// - Parameters:
  ///   - progress: how much of the run is over, 0 ... 1, for what changes over a run.
  ///   - isMeasured: whether anybody reads the metrics; what they cost may be saved otherwise.
  /// - Throws: ``TrainingError/diverged(quantity:update:)`` and ``TrainingError/interrupted``; all that is learned is then
  ///   as it was before.
  func update(progress: Double, isMeasured: Bool) throws(TrainingError) -> Metrics
}

extension Agent {
  /// Nothing is known to go wrong.
  public var concern: String? { nil }

  /// What actions were drawn from is forgotten.
  public var distributionWidth: Int { 0 }

  /// What is remembered needs no cut.
  public func cut(_ streams: Range<Int>, at observations: UnsafePointer<Float>) {}

  /// What is remembered does not depend on updates.
  public func resume(_ streams: Range<Int>, on observations: UnsafePointer<Float>) {}

  /// Nothing is left to be done.
  public func actionsAreUnderWay(_ streams: Range<Int>) {}

  /// Refuses what was recorded.
  public func recall(_ episode: SessionEpisode) throws(TrainingError) {
    throw .unusableFile(
      what: "recorded dialogue", reason: "this algorithm learns from what it does itself, and remembers nothing")
  }

  /// Refuses every policy.
  public func load(_ snapshot: PolicySnapshot) throws(TrainingError) {
    throw .unusableFile(
      what: "policy file", reason: "this algorithm cannot begin with a policy that another has trained")
  }
}
