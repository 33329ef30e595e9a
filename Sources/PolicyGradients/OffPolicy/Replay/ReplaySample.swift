/// Transitions that were drawn from a replay, row by row, in memory that is used again for each draw.
///
/// With n-step returns a row spans up to n steps: `rewards` has Σ γ^k r, `discounts` γ^(steps) or 0 where the episode
/// terminated, and the next observation is that after the last of the steps. So a target is always
/// rewards + discounts · V(next).
public final class ReplaySample {
  /// The number of rows.
  public internal(set) var rows = 0
  let observationMemory = Memory<Float>(filledWith: 0)
  let actionMemory = Memory<Float>(filledWith: 0)
  let rewardMemory = Memory<Float>(filledWith: 0)
  let discountMemory = Memory<Float>(filledWith: 0)
  let nextMemory = Memory<Float>(filledWith: 0)
  let maskMemory = Memory<UInt8>(filledWith: 1)
  let nextMaskMemory = Memory<UInt8>(filledWith: 1)
  let weightMemory = Memory<Float>(filledWith: 1)
  let sourceMemory = Memory<Int>(filledWith: 0)
  let inputMemory = Memory<Float>(filledWith: 0)
  let nextInputMemory = Memory<Float>(filledWith: 0)

  /// Makes a sample without rows.
  public init() {}

  /// The observations, rows × observation width.
  public var observations: UnsafeMutablePointer<Float> { observationMemory.pointer }
  /// The actions, rows × action width.
  public var actions: UnsafeMutablePointer<Float> { actionMemory.pointer }
  /// The discounted sums of rewards.
  public var rewards: UnsafeMutablePointer<Float> { rewardMemory.pointer }
  /// What the worth of the next observation is multiplied by.
  public var discounts: UnsafeMutablePointer<Float> { discountMemory.pointer }
  /// The observations after the last step of each row, rows × observation width.
  public var nextObservations: UnsafeMutablePointer<Float> { nextMemory.pointer }
  /// What was legal on the observations, rows × mask width; nil where no masks are kept.
  public internal(set) var masks: UnsafeMutablePointer<UInt8>?
  /// What is legal on the next observations.
  public internal(set) var nextMasks: UnsafeMutablePointer<UInt8>?
  /// How much each row's loss counts: 1, or what makes up for being drawn by priority.
  public var weights: UnsafeMutablePointer<Float> { weightMemory.pointer }
  /// The row of the replay that each row was drawn from.
  public var sources: UnsafeMutablePointer<Int> { sourceMemory.pointer }

  /// The inputs [o, a] of critics, rows × input width, after ``joinInputs(observationWidth:actionWidth:)``.
  public var inputs: UnsafeMutablePointer<Float> { inputMemory.pointer }
  /// The inputs [o′, a′], of which whoever chooses a′ fills in the last columns.
  public var nextInputs: UnsafeMutablePointer<Float> { nextInputMemory.pointer }

  /// Lays observations and actions side by side for critics that take both.
  public func joinInputs(observationWidth: Int, actionWidth: Int) {
    let width = observationWidth + actionWidth
    inputMemory.reserve(rows * width)
    nextInputMemory.reserve(rows * width)
    for row in 0..<rows {
      (inputs + row * width).update(from: observations + row * observationWidth, count: observationWidth)
      (inputs + row * width + observationWidth).update(from: actions + row * actionWidth, count: actionWidth)
      (nextInputs + row * width).update(from: nextObservations + row * observationWidth, count: observationWidth)
    }
  }

  func reserve(_ rows: Int, _ layout: ReplayLayout) {
    observationMemory.reserve(rows * layout.observationWidth)
    nextMemory.reserve(rows * layout.observationWidth)
    actionMemory.reserve(rows * layout.actionWidth)
    for memory in [rewardMemory, discountMemory, weightMemory] { memory.reserve(rows) }
    sourceMemory.reserve(rows)
    self.rows = rows
    guard layout.maskWidth > 0 else { return }
    maskMemory.reserve(rows * layout.maskWidth)
    nextMaskMemory.reserve(rows * layout.maskWidth)
    (masks, nextMasks) = (maskMemory.pointer, nextMaskMemory.pointer)
  }
}
