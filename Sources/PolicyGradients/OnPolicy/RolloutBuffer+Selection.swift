import Environments

extension RolloutBuffer {
  /// Makes every recorded row one to learn from.
  public func useAllRows() {
    (learnableRows, policyRows) = (rows, rows)
  }

  /// Moves to the front what is to be learned from: the first `usedSteps[e]` steps of each environment e, but for lost ones.
  ///
  /// It comes after the weights have been estimated, because they need the order of time.
  public func compact(usedSteps: [Int]) {
    var target = 0
    for step in 0..<steps {
      for environment in 0..<environments where step < usedSteps[environment] {
        let row = step * environments + environment
        if isLost(row) { continue }
        move(row, to: target)
        target += 1
      }
    }
    (learnableRows, policyRows) = (target, target)
  }

  private func move(_ source: Int, to target: Int) {
    guard source != target else { return }
    (observations + target * observationWidth).update(
      from: observations + source * observationWidth,
      count: observationWidth
    )
    (actions + target * actionWidth).update(from: actions + source * actionWidth, count: actionWidth)
    (masks + target * maskWidth).update(from: masks + source * maskWidth, count: maskWidth)
    (distributions + target * distributionWidth).update(
      from: distributions + source * distributionWidth, count: distributionWidth)
    sources[target] = sources[source]
    for column in [logProbabilities, values, advantages, targets] { column[target] = column[source] }
  }

  /// Moves the learnable rows whose action somebody else chose behind those that the policy learns from.
  ///
  /// It comes after the weights have been estimated. The policy's own keep their order.
  public func separateForeignActions() {
    var target = 0
    for row in 0..<learnableRows where sources[row].isSampled {
      if row != target { exchange(row, target) }
      target += 1
    }
    policyRows = target
  }

  /// Brings the first `rows` rows into a random order; ends, times, rewards and next values stay where they are.
  ///
  /// It comes after the weights have been estimated. Fisher & Yates 1938.
  public func shuffle(rows: Int, using generator: inout some RandomNumberGenerator) {
    var last = rows - 1
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
    exchange(distributions, first, second, width: distributionWidth)
    exchange(sources, first, second, width: 1)
    exchange(logProbabilities, first, second, width: 1)
    exchange(values, first, second, width: 1)
    exchange(advantages, first, second, width: 1)
    exchange(targets, first, second, width: 1)
  }

  @inline(__always)
  private func exchange<Number>(_ column: UnsafeMutablePointer<Number>, _ first: Int, _ second: Int, width: Int) {
    for index in 0..<width {
      (column[first * width + index], column[second * width + index]) =
        (column[second * width + index], column[first * width + index])
    }
  }
}
