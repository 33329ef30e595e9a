/// What a policy answers for `count` observations.
public final class ActionBatch {
  /// The number of rows.
  public let count: Int
  /// The actions, in the space of actions.
  public let actions: ValueBatch
  /// ln π(a|o) of each action as it was before clipping, as float32; nil where nobody asked.
  public let logProbabilities: FlatArray?
  /// V(o) of each observation, as float32; nil where nobody asked.
  public let values: FlatArray?
  /// Whether the policy has told the logarithms.
  @exclusivity(unchecked) public var hasLogProbabilities = false
  /// Whether the policy has told the values: not every one has learned them.
  @exclusivity(unchecked) public var hasValues = false

  /// Creates room for the answers to `count` observations.
  ///
  /// - Parameter withEstimates: whether logarithms and values are wanted beside the actions.
  public init(_ actionSpace: Space, count: Int, withEstimates: Bool) {
    self.count = count
    actions = ValueBatch(actionSpace, count: count)
    logProbabilities = withEstimates ? FlatArray(.float32, count: count) : nil
    values = withEstimates ? FlatArray(.float32, count: count) : nil
  }

  /// Copies row `from` of other answers to row `at` here, estimates included where there is room for them.
  public func copyRow(_ from: Int, of source: ActionBatch, to at: Int) {
    actions.copyRow(from, of: source.actions, to: at)
    hasLogProbabilities = source.hasLogProbabilities
    hasValues = source.hasValues
    if let other = source.logProbabilities { logProbabilities?.copy(other, from: from, count: 1, at: at) }
    if let other = source.values { values?.copy(other, from: from, count: 1, at: at) }
  }
}
