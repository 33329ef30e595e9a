/// Brings encoded numbers from their bounds to [-1, 1] and back, and clips them.
///
/// What has no finite bounds stays as it is. What is not finite does too, so that whoever looks for it finds it.
public struct NumberScaling {
  /// The least of each number; 0 where it stays.
  public let low: [Float]
  /// The half of the distance between the bounds of each number; 0 where it stays.
  public let half: [Float]
  /// The greatest magnitude of each number after it was brought to scale; infinite where there is none.
  public let limits: [Float]

  /// - Parameters:
  ///   - bounds: of each number; nil of one that is no number of a Box.
  ///   - limit: the greatest magnitude of the numbers of a Box after they were brought to scale.
  init(_ bounds: [(low: Double, high: Double)?], rescales: Bool, limit: Double?) {
    let spans = bounds.map { bounds -> (low: Float, half: Float) in
      guard rescales, let bounds else { return (0, 0) }
      let (low, half) = (Float(bounds.low), (Float(bounds.high) - Float(bounds.low)) / 2)
      return half.isFinite && half > 0 ? (low, half) : (0, 0)
    }
    low = spans.map(\.low)
    half = spans.map(\.half)
    let most = limit.map { Float($0) } ?? .infinity
    limits = bounds.map { $0 == nil ? .infinity : most }
  }

  /// Brings `rows` rows to scale, in place.
  func apply(_ numbers: UnsafeMutablePointer<Float>, rows: Int) {
    for row in 0..<rows {
      for index in low.indices {
        let place = row * low.count + index
        var number = numbers[place]
        guard number.isFinite else { continue }
        if half[index] > 0 { number = (number - low[index]) / half[index] - 1 }
        numbers[place] = max(-limits[index], min(limits[index], number))
      }
    }
  }

  /// What a number of [-1, 1] stands for.
  @inline(__always)
  func value(of number: Float, at index: Int) -> Float {
    half[index] > 0 ? low[index] + (number + 1) * half[index] : number
  }

  /// The number of [-1, 1] that stands for a value.
  @inline(__always)
  func number(of value: Float, at index: Int) -> Float {
    half[index] > 0 ? (value - low[index]) / half[index] - 1 : value
  }
}
