/// What came of one step of `count` sub-environments; every row belongs to one of them.
public final class StepBatch {
  /// The number of rows.
  public let count: Int
  /// The observations to act on next; of a row that was reset within the step, the new episode's first.
  public let observations: ValueBatch
  /// The last observations of ended episodes; rows of episodes that go on mean nothing.
  public let finalObservations: ValueBatch
  /// The rewards r, as float64.
  public let rewardArray: FlatArray
  /// The numbers of `rewardArray`.
  public let rewards: UnsafeMutableBufferPointer<Double>
  /// Whether each row's task has ended.
  public let isTerminated: UnsafeMutableBufferPointer<Bool>
  /// Whether each row's episode was cut off.
  public let isTruncated: UnsafeMutableBufferPointer<Bool>
  /// Which actions are legal after the observations to act on next.
  public let masks: MaskBatch
  /// What else was told, by row, with the observation to act on next; only rows that told anything.
  @exclusivity(unchecked) public var infos: [Int: [String: PlainValue]] = [:]
  /// What else was told with a final observation, by row; only rows that told anything.
  @exclusivity(unchecked) public var finalInfos: [Int: [String: PlainValue]] = [:]

  /// The rows whose step was lost with the process that should have answered it, in order.
  ///
  /// The reward and the flags of such a row say nothing, and its observation is the first of an episode that has begun
  /// since. The episode before was cut at the observation that the action was about.
  @exclusivity(unchecked) public private(set) var lostRows: [Int] = []
  /// The rows whose episode somebody else than the environment has cut with this step, which itself is as good as any.
  @exclusivity(unchecked) public private(set) var cutRows: [Int] = []

  /// Creates room for `count` rows of observations of a space.
  ///
  /// - Parameter maskedActions: the space of the actions if some of them may be forbidden; nil if none ever is.
  public init(observationSpace: Space, maskedActions: Space? = nil, count: Int) {
    self.count = count
    observations = ValueBatch(observationSpace, count: count)
    finalObservations = ValueBatch(observationSpace, count: count)
    rewardArray = FlatArray(.float64, count: count)
    rewards = rewardArray.numbers(as: Double.self)
    masks = MaskBatch(maskedActions, count: count)
    isTerminated = .allocate(capacity: count)
    isTruncated = .allocate(capacity: count)
    isTerminated.initialize(repeating: false)
    isTruncated.initialize(repeating: false)
  }

  deinit {
    isTerminated.deallocate()
    isTruncated.deallocate()
  }

  /// Notes that nothing is known of what came of the actions of some rows.
  public func lose(_ rows: Range<Int>) {
    lostRows = (lostRows + rows).sorted()
    for row in rows {
      rewards[row] = 0
      (isTerminated[row], isTruncated[row]) = (false, false)
      infos[row] = nil
      finalInfos[row] = nil
    }
  }

  /// Cuts the episodes of some rows after this step, where they have not ended by themselves.
  public func cut(_ rows: Range<Int>) {
    for row in rows where !hasEnded(row) {
      keepFinal(row)
      isTruncated[row] = true
      cutRows.append(row)
    }
  }

  /// Notes that the episodes of some rows, which have ended with this step, were cut by somebody else.
  public func noteCut(_ rows: [Int]) { cutRows += rows }

  /// Forgets which rows were lost or cut with the last step.
  public func clearInterruptions() {
    if !lostRows.isEmpty { lostRows.removeAll(keepingCapacity: true) }
    if !cutRows.isEmpty { cutRows.removeAll(keepingCapacity: true) }
  }

  /// Forgets what was told with the last reset or step.
  public func clearInfos() {
    if !infos.isEmpty { infos.removeAll(keepingCapacity: true) }
    if !finalInfos.isEmpty { finalInfos.removeAll(keepingCapacity: true) }
  }

  /// Keeps what a row has as that of the end of its episode, before a reset overwrites it.
  public func keepFinal(_ row: Int) {
    finalObservations.copyRow(row, of: observations, to: row)
    if hasInfos, let info = infos.removeValue(forKey: row) { finalInfos[row] = info }
  }

  /// Copies row `from` of another batch to row `at` here, all but what was told for people.
  ///
  /// Rows that were lost or cut have to come in order, after ``clearInterruptions()``.
  public func copyRow(_ from: Int, of source: StepBatch, to at: Int) {
    observations.copyRow(from, of: source.observations, to: at)
    rewards[at] = source.rewards[from]
    (isTerminated[at], isTruncated[at]) = (source.isTerminated[from], source.isTruncated[from])
    if hasEnded(at) { finalObservations.copyRow(from, of: source.finalObservations, to: at) }
    if masks.width > 0 { masks.copyRow(from, of: source.masks, to: at) }
    if !source.lostRows.isEmpty, source.lostRows.contains(from) { lostRows.append(at) }
    if !source.cutRows.isEmpty, source.cutRows.contains(from) { cutRows.append(at) }
  }

  /// Notes which rows somebody else than the environment has cut, where their ends are known already.
  public func noteCuts(_ rows: [Int]) { cutRows = rows }

  /// Whether anything was told with an observation to act on next.
  public var hasInfos: Bool { !infos.isEmpty }

  /// Whether anything was told with a final observation.
  public var hasFinalInfos: Bool { !finalInfos.isEmpty }

  /// Whether the episode of a row has ended with this step.
  @inlinable
  public func hasEnded(_ row: Int) -> Bool { isTerminated[row] || isTruncated[row] }
}
