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

  /// Visits the last `count` transitions of a lane in the order in which they came, in stretches of at most `length`.
  ///
  /// Where the lane has fewer, it visits them all.
  public func visitLatestTrajectories(lane: Int, count: Int, length: Int, _ visit: (Trajectory) -> Void) {
    let (rows, head, first) = (layout.rowsPerLane, lanes[lane].head, lane * layout.rowsPerLane)
    var (place, left) = (head, 0)
    for _ in 1..<max(lanes[lane].filled, 1) where left < count {
      place = place == 0 ? rows - 1 : place - 1
      if kinds[first + place] != Kind.none.rawValue { left += 1 }
    }
    var row = first + place
    while left > 0 {
      if kinds[row] == Kind.none.rawValue {
        row = following(row)
        continue
      }
      let stretch = trajectory(from: row, length: min(length, left))
      visit(stretch)
      for _ in 0..<stretch.count { row = following(row) }
      left -= stretch.count
    }
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
