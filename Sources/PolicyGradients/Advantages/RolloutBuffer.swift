import Environments

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
  /// The number of steps recorded.
  public var steps = 0
  /// The number of rows, from the first, that an update learns from; fewer than `rows` after ``compact(usedSteps:)``.
  public private(set) var learnableRows = 0

  let observationMemory: Memory<Float>
  let actionMemory: Memory<Float>
  let maskMemory: Memory<UInt8>
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
  /// The observations after the last step, one for each environment.
  let lastObservationMemory: Memory<Float>

  /// Creates room for a batch; `steps` is the number of steps to make room for at once.
  public init(environments: Int, observationWidth: Int, actionWidth: Int, maskWidth: Int = 0, steps: Int) {
    self.environments = environments
    self.observationWidth = observationWidth
    self.actionWidth = actionWidth
    self.maskWidth = maskWidth
    observationMemory = Memory(filledWith: 0)
    actionMemory = Memory(filledWith: 0)
    maskMemory = Memory(filledWith: 1)
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

  /// Makes room for at least `steps` steps; pointers taken before are void.
  public func reserve(steps: Int) {
    let rows = steps * environments
    observationMemory.reserve(rows * observationWidth)
    actionMemory.reserve(rows * actionWidth)
    maskMemory.reserve(rows * maskWidth)
    for memory in [rewardMemory, valueMemory, nextValueMemory, advantageMemory, targetMemory] { memory.reserve(rows) }
    endMemory.reserve(rows)
    timeMemory.reserve(rows)
  }

  /// Makes every recorded row one to learn from.
  public func useAllRows() {
    learnableRows = rows
  }

  /// Moves to the front what is to be learned from: the first `usedSteps[e]` steps of each environment e.
  ///
  /// It comes after the weights have been estimated, because they need the order of time.
  public func compact(usedSteps: [Int]) {
    var target = 0
    for step in 0..<steps {
      for environment in 0..<environments where step < usedSteps[environment] {
        move(step * environments + environment, to: target)
        target += 1
      }
    }
    learnableRows = target
  }

  private func move(_ source: Int, to target: Int) {
    guard source != target else { return }
    (observations + target * observationWidth).update(
      from: observations + source * observationWidth,
      count: observationWidth
    )
    (actions + target * actionWidth).update(from: actions + source * actionWidth, count: actionWidth)
    (masks + target * maskWidth).update(from: masks + source * maskWidth, count: maskWidth)
    for column in [values, advantages, targets] { column[target] = column[source] }
  }

  /// Brings the learnable rows into a random order; ends, times, rewards and next values stay where they are.
  ///
  /// It comes after the weights have been estimated. Fisher & Yates 1938.
  public func shuffle(using generator: inout some RandomNumberGenerator) {
    var last = learnableRows - 1
    while last > 0 {
      let other = Int(generator.uniform() * Double(last + 1))
      if other != last { exchange(last, other) }
      last -= 1
    }
  }

  private func exchange(_ first: Int, _ second: Int) {
    exchange(observations, first, second, width: observationWidth)
    exchange(actions, first, second, width: actionWidth)
    exchange(masks, first, second, width: maskWidth)
    for column in [values, advantages, targets] { exchange(column, first, second, width: 1) }
  }

  private func exchange<Number>(_ column: UnsafeMutablePointer<Number>, _ first: Int, _ second: Int, width: Int) {
    for index in 0..<width {
      (column[first * width + index], column[second * width + index]) =
        (column[second * width + index], column[first * width + index])
    }
  }

  /// Forgets what was recorded and keeps the memory.
  public func removeAll() {
    steps = 0
    learnableRows = 0
    finalRows.removeAll(keepingCapacity: true)
  }

  /// Makes room for the final observation of the episode that was cut at `row`, and returns where to write it.
  public func appendFinalObservation(ofRow row: Int) -> UnsafeMutablePointer<Float> {
    finalRows.append(row)
    let needed = finalRows.count * observationWidth
    if needed > finalObservationMemory.count { finalObservationMemory.reserve(2 * needed) }
    return finalObservationMemory.pointer + (finalRows.count - 1) * observationWidth
  }
}

/// Whether and how an episode ended with a step.
public enum EpisodeEnd: UInt8, BitwiseCopyable, Sendable {
  /// It goes on.
  case none
  /// The task itself ended (with or without a limit of time reached at once): nothing more can be earned.
  case terminated
  /// It was cut off from outside: more could have been earned.
  case truncated
}
