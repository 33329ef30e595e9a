/// How many numbers there were, their mean, and the sum of their squared distances from it.
struct Moments: Equatable, Sendable {
  private(set) var count = 0.0
  private(set) var mean = 0.0
  private(set) var squares = 0.0

  init() {}

  /// The moments that ``numbers`` were; nil where they cannot have been.
  init?(_ numbers: [Double]) {
    guard numbers.count == 3, numbers.allSatisfy(\.isFinite), numbers[0] >= 0, numbers[2] >= 0 else { return nil }
    (count, mean, squares) = (numbers[0], numbers[1], numbers[2])
  }

  /// The three of them, as files and other processes hold them.
  var numbers: [Double] { [count, mean, squares] }

  /// Takes in one number (Welford 1962).
  mutating func add(_ number: Double) {
    count += 1
    let difference = number - mean
    mean += difference / count
    squares += difference * (number - mean)
  }

  /// Takes in the numbers that others are the moments of (Chan, Golub & LeVeque 1983).
  mutating func add(_ other: Moments) {
    guard other.count > 0 else { return }
    let total = count + other.count
    let difference = other.mean - mean
    mean += difference * other.count / total
    squares += other.squares + difference * difference * count * other.count / total
    count = total
  }
}
