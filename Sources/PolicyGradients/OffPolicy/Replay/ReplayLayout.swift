/// What one row of a replay holds, and how many rows there are.
///
/// A row is an observation, and what was done on it. Actions are those of the learner: real numbers scaled to (-1, 1), or the
/// index of a choice.
public struct ReplayLayout: Equatable, Sendable {
  /// The number of lanes, each a sequence of its own: one for each sub-environment.
  public var lanes: Int
  /// The number of rows of one lane.
  public var rowsPerLane: Int
  /// The numbers of an observation.
  public var observationWidth: Int
  /// Whether the numbers of observations are integers from 0 to 255, which are kept in a byte each.
  public var hasByteObservations: Bool
  /// The numbers of an action.
  public var actionWidth: Int
  /// The choices that an action is the index of; 0 where actions are real numbers.
  public var choices: Int
  /// The choices of a mask; 0 where no masks come.
  public var maskWidth: Int
  /// The parameters of the distribution that an action was drawn from; 0 where they are not kept.
  public var distributionWidth: Int

  /// Describes a replay that has room for `capacity` rows, in lanes of equal length.
  public init(
    capacity: Int, lanes: Int = 1, observationWidth: Int, hasByteObservations: Bool = false, actionWidth: Int,
    choices: Int = 0, maskWidth: Int = 0, distributionWidth: Int = 0
  ) {
    self.lanes = max(lanes, 1)
    // A lane needs a row for the observation that waits for its action, and one for that before.
    rowsPerLane = max((capacity + self.lanes - 1) / self.lanes, 2)
    self.observationWidth = observationWidth
    self.hasByteObservations = hasByteObservations
    self.actionWidth = actionWidth
    self.choices = choices
    self.maskWidth = maskWidth
    self.distributionWidth = distributionWidth
  }

  /// The number of rows of all lanes.
  public var rows: Int { lanes * rowsPerLane }

  /// The bytes of each array's row, in the order in which the arrays lie in memory and in files.
  var rowSizes: [Int] {
    [observationWidth * (hasByteObservations ? 1 : 4), actionWidth * 4, 4, 1, maskWidth, distributionWidth * 4]
  }

  /// The bytes of one row; `nil` if the whole does not fit into the address space.
  var bytes: Int? {
    var total = 0
    for size in rowSizes {
      let (product, overflow) = size.multipliedReportingOverflow(by: rows)
      guard !overflow, product < Int.max / 16 - total else { return nil }
      total += (product + 63) / 64 * 64
    }
    return total
  }
}
