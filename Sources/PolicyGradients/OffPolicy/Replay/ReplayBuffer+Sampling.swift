extension ReplayBuffer {
  /// Draws transitions, each as likely as any other, with replacement.
  ///
  /// - Parameters:
  ///   - rows: how many.
  ///   - steps: the n of n-step returns. Fewer are taken where the episode or what is recorded of it ends before.
  ///   - discount: γ.
  /// - Returns: false, with an empty sample, while there is no transition.
  @discardableResult
  public func sample(
    _ rows: Int, steps: Int = 1, discount: Double, into sample: ReplaySample,
    using generator: inout some RandomNumberGenerator
  ) -> Bool {
    sample.reserve(count > 0 ? rows : 0, layout)
    for index in 0..<sample.rows {
      sample.sources[index] = drawRow(using: &generator)
      sample.weights[index] = 1
      gather(index, steps, Float(discount), sample)
    }
    return count > 0
  }

  /// Draws transitions in proportion to their priorities, one from each of `rows` equal parts of their sum.
  ///
  /// Schaul et al. 2016 (arXiv 1511.05952), the proportional variant. The weights are (count · P)^-β over the greatest of the
  /// sample, so that they only ever make a step smaller.
  /// - Parameter importance: β, from 0 for no correction to 1 for the whole.
  @discardableResult
  public func samplePrioritized(
    _ rows: Int, steps: Int = 1, discount: Double, importance: Double, into sample: ReplaySample,
    using generator: inout some RandomNumberGenerator
  ) -> Bool {
    guard let priorities, count > 0, priorities.total > 0 else {
      return self.sample(rows, steps: steps, discount: discount, into: sample, using: &generator)
    }
    sample.reserve(rows, layout)
    let (total, part) = (priorities.total, priorities.total / Float(rows))
    var greatest: Float = 0
    for index in 0..<rows {
      let row = priorities.find((Float(index) + Float(generator.uniform())) * part)
      let probability = priorities[row] / total
      sample.sources[index] = row
      sample.weights[index] = power(Float(count) * probability, -Float(importance))
      greatest = max(greatest, sample.weights[index])
      gather(index, steps, Float(discount), sample)
    }
    for index in 0..<rows { sample.weights[index] /= greatest }
    return true
  }

  /// Sets the priorities of the rows of a sample, p = (|δ| + ε)^α.
  public func updatePriorities(of sample: ReplaySample, errors: UnsafePointer<Float>, exponent: Double) {
    guard let priorities else { return }
    for index in 0..<sample.rows {
      priorities.update(sample.sources[index], to: power(abs(errors[index]) + 1e-6, Float(exponent)))
    }
  }

  /// A row with a transition.
  ///
  /// Rows without one are passed over: there is at most one for each transition once every lane has begun, so that two draws
  /// are enough on average.
  func drawRow(using generator: inout some RandomNumberGenerator) -> Int {
    var longest = 0
    for lane in 0..<layout.lanes { longest = max(longest, lanes[lane].filled) }
    let places = UInt64(longest * layout.lanes)
    while true {
      let place = Int(generator.next().multipliedFullWidth(by: places).high)
      let row = place / longest * layout.rowsPerLane + place % longest
      if kinds[row] != Kind.none.rawValue { return row }
    }
  }

  /// Fills one row of a sample from the row of the replay that it was drawn from.
  @inline(__always)
  private func gather(_ index: Int, _ steps: Int, _ discount: Float, _ sample: ReplaySample) {
    let first = sample.sources[index]
    var (row, rewards, factor) = (first, Float(0), Float(1))
    var taken = 0
    var kind = kinds[row]
    while true {
      rewards += factor * self.rewards[row]
      factor *= discount
      taken += 1
      row = following(row)
      if kind != Kind.transition.rawValue || taken == steps || kinds[row] == Kind.none.rawValue { break }
      kind = kinds[row]
    }
    sample.rewards[index] = rewards
    sample.discounts[index] = kind == Kind.terminated.rawValue ? 0 : factor
    let width = layout.observationWidth
    copyObservation(first, into: sample.observations + index * width)
    copyObservation(row, into: sample.nextObservations + index * width)
    for element in 0..<layout.actionWidth {
      sample.actions[index * layout.actionWidth + element] = actions[first * layout.actionWidth + element]
    }
    guard let ours = sample.masks, let next = sample.nextMasks else { return }
    let choices = layout.maskWidth
    (ours + index * choices).update(from: masks + first * choices, count: choices)
    (next + index * choices).update(from: masks + row * choices, count: choices)
  }
}
