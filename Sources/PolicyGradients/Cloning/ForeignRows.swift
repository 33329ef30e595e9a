/// Some steps of somebody else side by side, as the networks see them.
final class ForeignRows {
  /// How many there are now.
  private(set) var count = 0
  let observations: Memory<Float>
  let actions: Memory<Float>
  let masks: Memory<UInt8>
  private let task: AgentTask

  /// Room for `most` steps of a task.
  init(_ task: AgentTask, most: Int) {
    self.task = task
    observations = Memory(count: most * task.observationWidth, filledWith: 0)
    actions = Memory(count: most * task.actionWidth, filledWith: 0)
    masks = Memory(count: most * task.maskWidth, filledWith: 1)
  }

  /// Forgets them all.
  func removeAll() { count = 0 }

  /// Adds a step.
  func append(
    _ observation: UnsafePointer<Float>, _ action: UnsafePointer<Float>, mask: UnsafePointer<UInt8>
  ) {
    (observations.pointer + count * task.observationWidth).update(from: observation, count: task.observationWidth)
    (actions.pointer + count * task.actionWidth).update(from: action, count: task.actionWidth)
    (masks.pointer + count * task.maskWidth).update(from: mask, count: task.maskWidth)
    count += 1
  }

  /// Takes forbidden choices out of the distributions of a block of them, and normalises these.
  func prepare(_ parameters: UnsafeMutablePointer<Float>, _ block: Range<Int>, _ distribution: ProductDistribution) {
    for row in 0..<(task.maskWidth > 0 ? block.count : 0) {
      let mask = masks.pointer + (block.lowerBound + row) * task.maskWidth
      _ = distribution.apply(mask: mask, to: parameters + row * distribution.parameterCount)
    }
    distribution.normalize(parameters, rows: block.count)
  }
}
