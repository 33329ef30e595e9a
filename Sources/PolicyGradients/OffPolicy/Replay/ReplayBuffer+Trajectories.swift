/// Consecutive transitions of one lane, from one episode.
public struct Trajectory: Equatable, Sendable {
  /// The row of the first transition.
  public var first: Int
  /// How many transitions.
  public var count: Int
  /// Whether the last of them terminated the episode.
  public var isTerminated: Bool
}

extension ReplayBuffer {
  /// Draws a stretch of at most `length` transitions that begins at any transition, each as likely as any other; nil while
  /// there is none.
  public func drawTrajectory(length: Int, using generator: inout some RandomNumberGenerator) -> Trajectory? {
    guard count > 0 else { return nil }
    return trajectory(from: drawRow(using: &generator), length: length)
  }

  /// The last `length` transitions of a lane, or fewer where its episode is shorter; nil where its latest row ended nothing.
  public func latestTrajectory(lane: Int, length: Int) -> Trajectory? {
    let (rows, place) = (layout.rowsPerLane, lanes[lane])
    var (first, taken) = (place.head, 0)
    while taken < min(length, place.filled - 1) {
      let previous = first == 0 ? rows - 1 : first - 1
      let kind = kinds[lane * rows + previous]
      if kind == Kind.none.rawValue || (taken > 0 && kind != Kind.transition.rawValue) { break }
      (first, taken) = (previous, taken + 1)
    }
    return taken > 0 ? trajectory(from: lane * rows + first, length: taken) : nil
  }

  private func trajectory(from first: Int, length: Int) -> Trajectory {
    var (row, taken, kind) = (first, 0, Kind.none.rawValue)
    repeat {
      kind = kinds[row]
      taken += 1
      row = following(row)
    } while taken < length && kind == Kind.transition.rawValue && kinds[row] != Kind.none.rawValue
    return Trajectory(first: first, count: taken, isTerminated: kind == Kind.terminated.rawValue)
  }

  /// Copies a trajectory: count + 1 observations, count actions, rewards and distributions, and count + 1 masks.
  public func copy(
    _ trajectory: Trajectory, observations: UnsafeMutablePointer<Float>, actions: UnsafeMutablePointer<Float>,
    rewards: UnsafeMutablePointer<Float>, distributions: UnsafeMutablePointer<Float>?,
    masks: UnsafeMutablePointer<UInt8>?
  ) {
    var row = trajectory.first
    let (actionWidth, parameters, choices) = (layout.actionWidth, layout.distributionWidth, layout.maskWidth)
    for step in 0...trajectory.count {
      copyObservation(row, into: observations + step * layout.observationWidth)
      if let masks { (masks + step * choices).update(from: self.masks + row * choices, count: choices) }
      guard step < trajectory.count else { return }
      (actions + step * actionWidth).update(from: self.actions + row * actionWidth, count: actionWidth)
      rewards[step] = self.rewards[row]
      if let distributions {
        (distributions + step * parameters).update(from: self.distributions + row * parameters, count: parameters)
      }
      row = following(row)
    }
  }
}
