/// Brings observations to mean 0 and standard deviation 1 by what has been seen so far, and clips them to ±10.
///
/// What it has seen is taken in between updates only, so that all of a batch is normalised alike, in the order
/// [step][environment], so that the result does not depend on how the sub-environments are spread over processes.
public struct ObservationNormalizer: Equatable, Sendable {
  /// How many observations have been taken in.
  public private(set) var count = 0.0
  /// The mean of each number.
  public private(set) var mean: [Double]
  /// The sum of squared distances from the mean, of each number.
  public private(set) var squares: [Double]

  /// The greatest magnitude of a normalised number.
  public static let limit: Float = 10

  private var pendingCount = 0.0
  private var pendingSum: [Double]
  private var pendingSquares: [Double]
  private var shift: [Float]
  private var scale: [Float]

  /// Creates a normaliser of observations of `width` numbers, which leaves them as they are until it has seen some.
  public init(width: Int) {
    mean = Array(repeating: 0, count: width)
    squares = mean
    pendingSum = mean
    pendingSquares = mean
    shift = Array(repeating: 0, count: width)
    scale = Array(repeating: 1, count: width)
  }

  init(mean: [Double], variance: [Double], count: Double) {
    self.init(width: mean.count)
    (self.mean, squares, self.count) = (mean, variance.map { $0 * count }, count)
    prepare()
  }

  /// Notes `rows` raw observations, to be taken in by ``takeIn()``.
  mutating func observe(_ observations: UnsafePointer<Float>, rows: Int) {
    let width = mean.count
    for row in 0..<rows {
      for index in 0..<width {
        let difference = Double(observations[row * width + index]) - mean[index]
        pendingSum[index] += difference
        pendingSquares[index] += difference * difference
      }
    }
    pendingCount += Double(rows)
  }

  /// What was noted, for another normaliser's ``addPending(_:)``; it is noted here no longer.
  mutating func takePending() -> [[Double]] {
    defer {
      (pendingCount, pendingSum) = (0, Array(repeating: 0, count: mean.count))
      pendingSquares = pendingSum
    }
    return [[pendingCount], mean, pendingSum, pendingSquares]
  }

  /// Notes what another normaliser has noted, about another mean perhaps; numbers that do not fit are left out.
  mutating func addPending(_ noted: [[Double]]) {
    guard noted.map(\.count) == [1, mean.count, mean.count, mean.count], noted.allSatisfy({ $0.allSatisfy(\.isFinite) })
    else { return }
    let rows = noted[0][0]
    for index in mean.indices {
      let shift = noted[1][index] - mean[index]
      pendingSum[index] += noted[2][index] + rows * shift
      pendingSquares[index] += noted[3][index] + 2 * shift * noted[2][index] + rows * shift * shift
    }
    pendingCount += rows
  }

  /// Makes what was noted part of the statistics (Chan, Golub & LeVeque 1983).
  mutating func takeIn() {
    guard pendingCount > 0 else { return }
    let total = count + pendingCount
    for index in mean.indices {
      let (sum, distances) = (pendingSum[index], pendingSquares[index])
      // Both sums are about the old mean, so that what is added is exact about it and then moved to the new one.
      squares[index] += distances - sum * sum / total
      mean[index] += sum / total
      pendingSum[index] = 0
      pendingSquares[index] = 0
    }
    count = total
    pendingCount = 0
    prepare()
  }

  private mutating func prepare() {
    for index in mean.indices {
      shift[index] = Float(mean[index])
      scale[index] = Float(1 / (squares[index] / max(count, 1) + 1e-8).squareRoot())
    }
  }

  /// Normalises `rows` observations in place.
  public func apply(_ observations: UnsafeMutablePointer<Float>, rows: Int) {
    let width = mean.count
    guard count > 0 else { return }
    for row in 0..<rows {
      for index in 0..<width {
        let position = row * width + index
        let number = (observations[position] - shift[index]) * scale[index]
        observations[position] = max(-Self.limit, min(Self.limit, number))
      }
    }
  }

  /// The statistics as a checkpoint keeps them.
  var state: PartState { PartState(doubles: [[count], mean, squares]) }

  /// Goes on with the statistics of a checkpoint, of observations of `width` numbers.
  init(_ state: PartState, width: Int) throws(TrainingError) {
    let arrays = try state.doubles(lengths: [1, width, width], of: "observation statistics")
    self.init(width: width)
    (count, mean, squares) = (arrays[0][0], arrays[1], arrays[2])
    guard count >= 0, squares.allSatisfy({ $0 >= 0 }) else {
      throw .unusablePart("observation statistics", "a count or a sum of squares is negative")
    }
    prepare()
  }
}
