/// One batch of experience, step by step and environment by environment.
///
/// Every array is laid out [step][environment]; row t·environments + e holds what environment e saw, did and got in step t.
/// It grows to its largest use and then allocates nothing.
public final class RolloutBuffer {
  /// The number of environments side by side.
  public let environments: Int
  /// The number of floats of an encoded observation.
  public let observationWidth: Int
  /// The number of floats of an action.
  public let actionWidth: Int
  /// The number of numbers of an action mask; 0 where none are used.
  public let maskWidth: Int
  /// The number of parameters of a recorded distribution; 0 where none are recorded.
  let distributionWidth: Int
  /// The number of steps recorded.
  public var steps = 0
  /// How many steps of each environment are recorded, where some have fewer than others; nil where all have ``steps``.
  public internal(set) var recordedSteps: [Int]?
  /// How many steps of each environment are learned from; nil for all that are recorded.
  public var usedSteps: [Int]?
  /// The number of rows, from the first, that an update learns from; fewer than `rows` where not all steps are used.
  public internal(set) var learnableRows = 0
  /// How many of them, from the first, the policy learns from; the rest is for the value function alone.
  public internal(set) var policyRows = 0

  let observationMemory: Memory<Float>
  let actionMemory: Memory<Float>
  let maskMemory: Memory<UInt8>
  let distributionMemory: Memory<Float>
  let sourceMemory: Memory<ActionSource>
  let logProbabilityMemory: Memory<Float>
  let rewardMemory: Memory<Float>
  let endMemory: Memory<EpisodeEnd>
  let timeMemory: Memory<Int32>
  let valueMemory: Memory<Float>
  let nextValueMemory: Memory<Float>
  let advantageMemory: Memory<Float>
  let targetMemory: Memory<Float>

  /// The observations at which episodes were cut, and to which row each belongs.
  let finalObservationMemory: Memory<Float>
  var finalRows: [Int] = []
  /// The rows of whose step nothing is known.
  var lostRows: [Int] = []
  /// The observations after the last step, one for each environment.
  let lastObservationMemory: Memory<Float>

  /// Creates room for a batch; `steps` is the number of steps to make room for at once.
  public convenience init(
    environments: Int, observationWidth: Int, actionWidth: Int, maskWidth: Int = 0, steps: Int
  ) {
    self.init(
      environments: environments, observationWidth: observationWidth, actionWidth: actionWidth, maskWidth: maskWidth,
      distributionWidth: 0, steps: steps)
  }

  /// Creates room for a batch that also records from which distributions the actions were drawn.
  init(
    environments: Int, observationWidth: Int, actionWidth: Int, maskWidth: Int, distributionWidth: Int, steps: Int
  ) {
    self.environments = environments
    self.observationWidth = observationWidth
    self.actionWidth = actionWidth
    self.maskWidth = maskWidth
    self.distributionWidth = distributionWidth
    observationMemory = Memory(filledWith: 0)
    actionMemory = Memory(filledWith: 0)
    maskMemory = Memory(filledWith: 1)
    distributionMemory = Memory(filledWith: 0)
    sourceMemory = Memory(filledWith: .policy)
    logProbabilityMemory = Memory(filledWith: 0)
    rewardMemory = Memory(filledWith: 0)
    endMemory = Memory(filledWith: .none)
    timeMemory = Memory(filledWith: 0)
    valueMemory = Memory(filledWith: 0)
    nextValueMemory = Memory(filledWith: 0)
    advantageMemory = Memory(filledWith: 0)
    targetMemory = Memory(filledWith: 0)
    finalObservationMemory = Memory(filledWith: 0)
    lastObservationMemory = Memory(count: environments * observationWidth, filledWith: 0)
    reserve(steps: steps)
  }

  /// The number of rows recorded.
  public var rows: Int { steps * environments }
  /// The encoded observations o_t, rows × observationWidth.
  public var observations: UnsafeMutablePointer<Float> { observationMemory.pointer }
  /// The actions a_t as they were drawn, rows × actionWidth.
  public var actions: UnsafeMutablePointer<Float> { actionMemory.pointer }
  /// Which choices were legal, rows × maskWidth, 0 or 1.
  public var masks: UnsafeMutablePointer<UInt8> { maskMemory.pointer }
  /// The normalised parameters of the distributions that the actions were drawn from, rows × distributionWidth.
  ///
  /// Only a batch that one version of the policy has collected records them, and that version is the one that learns.
  var distributions: UnsafeMutablePointer<Float> { distributionMemory.pointer }
  /// Who chose each action; the policy, where nothing else has been written.
  public var sources: UnsafeMutablePointer<ActionSource> { sourceMemory.pointer }
  /// ln π(a_t|o_t) of the policy that drew a_t; read only where that is an earlier one.
  public var logProbabilities: UnsafeMutablePointer<Float> { logProbabilityMemory.pointer }
  /// The rewards r_t.
  public var rewards: UnsafeMutablePointer<Float> { rewardMemory.pointer }
  /// Whether and how the episode ended with step t.
  public var ends: UnsafeMutablePointer<EpisodeEnd> { endMemory.pointer }
  /// How many steps the episode had before step t.
  public var times: UnsafeMutablePointer<Int32> { timeMemory.pointer }
  /// V(o_t); 0 without a value function.
  public var values: UnsafeMutablePointer<Float> { valueMemory.pointer }
  /// V of what followed step t: V(o_{t+1}) within an episode, V(final observation) where it was cut, 0 where it terminated.
  public var nextValues: UnsafeMutablePointer<Float> { nextValueMemory.pointer }
  /// The weights Φ_t less their baseline.
  public var advantages: UnsafeMutablePointer<Float> { advantageMemory.pointer }
  /// What V(o_t) is fitted to.
  public var targets: UnsafeMutablePointer<Float> { targetMemory.pointer }
  /// The observations after the last step, environments × observationWidth.
  public var lastObservations: UnsafeMutablePointer<Float> { lastObservationMemory.pointer }

  /// How many bytes a batch of so many rows takes, observations, actions, masks and distributions of these widths.
  static func byteCount(
    rows: Int, observationWidth: Int, actionWidth: Int, maskWidth: Int, distributionWidth: Int
  ) -> Double {
    // The columns of single numbers: five of floats beside rewards, a time, an end and a source.
    Double(rows) * Double(4 * (observationWidth + actionWidth + distributionWidth) + maskWidth + 30)
  }

  /// Makes room for at least `steps` steps; pointers taken before are void.
  public func reserve(steps: Int) {
    let rows = steps * environments
    observationMemory.reserve(rows * observationWidth)
    actionMemory.reserve(rows * actionWidth)
    maskMemory.reserve(rows * maskWidth)
    distributionMemory.reserve(rows * distributionWidth)
    sourceMemory.reserve(rows)
    for memory in [
      logProbabilityMemory, rewardMemory, valueMemory, nextValueMemory, advantageMemory, targetMemory,
    ] { memory.reserve(rows) }
    endMemory.reserve(rows)
    timeMemory.reserve(rows)
  }

  /// Forgets what was recorded and keeps the memory.
  public func removeAll() {
    (steps, usedSteps, recordedSteps) = (0, nil, nil)
    (learnableRows, policyRows) = (0, 0)
    finalRows.removeAll(keepingCapacity: true)
    lostRows.removeAll(keepingCapacity: true)
  }

  /// Makes room for the final observation of the episode that was cut at `row`, and returns where to write it.
  public func appendFinalObservation(ofRow row: Int) -> UnsafeMutablePointer<Float> {
    finalRows.append(row)
    let needed = finalRows.count * observationWidth
    if needed > finalObservationMemory.count { finalObservationMemory.reserve(2 * needed) }
    return finalObservationMemory.pointer + (finalRows.count - 1) * observationWidth
  }
}
