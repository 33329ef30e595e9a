import PolicyGradients

/// One line of evaluations.jsonl.
struct EvaluationRow: Codable {
  var epoch: Int
  var steps: Int
  var meanReturn: Double
  var deviation: Double
  var minimum: Double
  var maximum: Double
  var meanLength: Double
  /// The return of each episode; nil in files of older versions.
  var returns: [Double]?
  /// What the environment told of its own; nil where nothing is followed.
  var info: [String: Double]?

  private enum CodingKeys: String, CodingKey {
    case epoch, steps, returns, info
    case meanReturn = "mean_return"
    case deviation = "std_return"
    case minimum = "min_return"
    case maximum = "max_return"
    case meanLength = "mean_length"
  }

  init(epoch: Int, steps: Int, _ evaluation: Evaluation) {
    self.epoch = epoch
    self.steps = steps
    meanReturn = evaluation.meanReturn
    deviation = evaluation.returnDeviation
    minimum = evaluation.minimumReturn
    maximum = evaluation.maximumReturn
    meanLength = evaluation.meanLength
    returns = evaluation.returns
    info = evaluation.info.isEmpty ? nil : evaluation.info
  }

  /// Whether it did better than another, by the mean return or by a number of the environment's own.
  func isBetter(than other: EvaluationRow?, by criterion: String?) -> Bool {
    func score(_ row: EvaluationRow?) -> Double {
      guard let row else { return -.infinity }
      return criterion.map { row.info?[$0] ?? -.infinity } ?? row.meanReturn
    }
    return score(self) > score(other)
  }
}
