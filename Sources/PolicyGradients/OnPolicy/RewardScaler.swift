/// Divides rewards by the standard deviation of the discounted return seen so far, so that values are of the order of 1.
///
/// R ← γ·R + r runs along each episode, and its variance over all steps is kept; rewards are not shifted.
public struct RewardScaler: Equatable, Sendable {
  private var seen = Moments()
  private var running: [Double]

  /// Creates a scaler for that many sub-environments.
  public init(environments: Int) {
    running = Array(repeating: 0, count: environments)
  }

  /// The statistics as a checkpoint keeps them; the running returns begin anew with the episodes.
  var state: PartState { PartState(doubles: [seen.numbers]) }

  /// Goes on with the statistics of another; the running returns stay.
  mutating func restore(_ state: PartState) throws(TrainingError) {
    guard let moments = Moments(try state.doubles(lengths: [3], of: "reward statistics")[0]) else {
      throw .unusablePart("reward statistics", "a count or a sum of squares is negative")
    }
    seen = moments
  }

  /// Forgets the running returns, because every episode begins anew.
  mutating func reset() {
    for index in running.indices { running[index] = 0 }
  }

  /// Takes a batch in, and scales its rewards.
  ///
  /// - Returns: the moments of the batch alone, for another scaler's ``add(_:)``.
  @discardableResult
  mutating func apply(_ batch: RolloutBuffer, discount: Double) -> Moments {
    var ofBatch = Moments()
    for row in 0..<batch.rows {
      if !batch.isRecorded(row) { continue }
      let environment = row % batch.environments
      if batch.isLost(row) {
        running[environment] = 0
        continue
      }
      let total = takeIn(batch.rewards[row], after: running[environment], discount: discount)
      running[environment] = batch.ends[row] == .none ? total : 0
      ofBatch.add(total)
    }
    scale(batch.rewards, count: batch.rows)
    return ofBatch
  }

  /// Takes in what another scaler has seen.
  mutating func add(_ moments: Moments) { seen.add(moments) }

  /// Takes one reward in, and returns R with it; `total` is R of the episode before it.
  mutating func takeIn(_ reward: Float, after total: Double, discount: Double) -> Double {
    let total = discount * total + Double(reward)
    seen.add(total)
    return total
  }

  /// Divides rewards by the deviation of what has been taken in.
  func scale(_ rewards: UnsafeMutablePointer<Float>, count rows: Int) {
    let scale = Float(1 / (seen.squares / max(seen.count, 1) + 1e-8).squareRoot())
    guard seen.squares > 0 else { return }
    for row in 0..<rows { rewards[row] *= scale }
  }
}
