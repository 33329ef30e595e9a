/// Stretches of experience, one behind the other, in memory that is used again for each draw.
///
/// A stretch of n transitions has n + 1 rows: the last has the observation that it ended at, and no action. Observations
/// are raw until somebody normalises them.
public final class TrajectoryBatch {
  /// A stretch, by its place in the rows.
  public struct Stretch: BitwiseCopyable, Sendable {
    /// The row of the first transition.
    public var first: Int
    /// How many transitions; as many rows later is the row of the last observation.
    public var count: Int
    /// Whether nothing can be earned from the last observation on.
    public var isTerminated: Bool
  }

  /// The stretches, in order.
  public private(set) var stretches: [Stretch] = []
  /// The number of rows.
  public private(set) var rows = 0
  /// The number of transitions.
  public private(set) var steps = 0

  let layout: ReplayLayout
  private let observationMemory = Memory<Float>(filledWith: 0)
  private let actionMemory = Memory<Float>(filledWith: 0)
  private let rewardMemory = Memory<Float>(filledWith: 0)
  private let distributionMemory = Memory<Float>(filledWith: 0)
  private let maskMemory = Memory<UInt8>(filledWith: 1)
  private let transitionMemory = Memory<Bool>(filledWith: false)

  /// Makes a batch without rows for what a replay of this layout holds.
  public init(_ layout: ReplayLayout) { self.layout = layout }

  /// The observations, rows × observation width.
  public var observations: UnsafeMutablePointer<Float> { observationMemory.pointer }
  /// The actions, rows × action width; 0 in a stretch's last row.
  public var actions: UnsafeMutablePointer<Float> { actionMemory.pointer }
  /// The rewards; 0 in a stretch's last row.
  public var rewards: UnsafeMutablePointer<Float> { rewardMemory.pointer }
  /// The parameters that each action was drawn from, rows × distribution width; 0 in a stretch's last row.
  public var distributions: UnsafeMutablePointer<Float> { distributionMemory.pointer }
  /// What was legal, rows × mask width; nil where no masks are kept.
  public var masks: UnsafeMutablePointer<UInt8>? { layout.maskWidth > 0 ? maskMemory.pointer : nil }
  /// Whether each row is a transition, and not a stretch's last observation.
  public var isTransition: UnsafeMutablePointer<Bool> { transitionMemory.pointer }

  /// Forgets every stretch.
  public func removeAll() {
    stretches.removeAll(keepingCapacity: true)
    (rows, steps) = (0, 0)
  }

  /// Adds a stretch of a replay.
  public func append(_ trajectory: Trajectory, of replay: ReplayBuffer) {
    let (first, last) = (rows, rows + trajectory.count)
    reserve(last + 1)
    replay.copy(
      trajectory, observations: observations + first * layout.observationWidth,
      actions: actions + first * layout.actionWidth, rewards: rewards + first,
      distributions: distributions + first * layout.distributionWidth,
      masks: masks.map { $0 + first * layout.maskWidth })
    (actions + last * layout.actionWidth).update(repeating: 0, count: layout.actionWidth)
    (distributions + last * layout.distributionWidth).update(repeating: 0, count: layout.distributionWidth)
    rewards[last] = 0
    (isTransition + first).update(repeating: true, count: trajectory.count)
    isTransition[last] = false
    stretches.append(Stretch(first: first, count: trajectory.count, isTerminated: trajectory.isTerminated))
    rows = last + 1
    steps += trajectory.count
  }

  private func reserve(_ wanted: Int) {
    guard wanted > transitionMemory.count else { return }
    let rows = max(wanted, 2 * transitionMemory.count)
    observationMemory.reserve(rows * layout.observationWidth)
    actionMemory.reserve(rows * layout.actionWidth)
    distributionMemory.reserve(rows * layout.distributionWidth)
    maskMemory.reserve(rows * layout.maskWidth)
    rewardMemory.reserve(rows)
    transitionMemory.reserve(rows)
  }
}
