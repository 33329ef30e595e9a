import Environments

/// What a deterministic policy's action is moved by so that something new is tried, in units of (-1, 1).
public enum NoiseKind: String, SettingWord {
  /// Independent normal numbers.
  case gaussian
  /// The Ornstein-Uhlenbeck process: normal numbers that hang together in time.
  case ou
}

/// The noise of some streams, each with its own generator, so that a stream's noise does not depend on the others.
///
/// The process is x ← x - θx + σε, started at 0 with each episode (Uhlenbeck & Ornstein 1930; Lillicrap et al. 2016, arXiv
/// 1509.02971, with θ = 0.15).
public struct ExplorationNoise {
  private let kind: NoiseKind
  private let deviation: Float
  private let width: Int
  private let reversion: Float = 0.15
  /// x of each stream that has acted.
  private var state: [Float] = []

  /// Noise of one kind, of the deviation σ, for actions of `width` numbers.
  public init(_ kind: NoiseKind, deviation: Double, width: Int) {
    (self.kind, self.deviation, self.width) = (kind, Float(deviation), width)
  }

  /// Adds the noise of a stream to its action, and clips the action to ±1.
  public mutating func add(
    to action: UnsafeMutablePointer<Float>, stream: Int, using generator: inout some RandomNumberGenerator
  ) {
    makeRoom(stream)
    for index in 0..<width {
      var noise = deviation * Float(generator.normal())
      if kind == .ou {
        let place = stream * width + index
        noise += state[place] * (1 - reversion)
        state[place] = noise
      }
      action[index] = max(-1, min(1, action[index] + noise))
    }
  }

  /// Begins an episode.
  public mutating func reset(stream: Int) {
    makeRoom(stream)
    guard kind == .ou else { return }
    for index in 0..<width { state[stream * width + index] = 0 }
  }

  private mutating func makeRoom(_ stream: Int) {
    guard kind == .ou, state.count < (stream + 1) * width else { return }
    state += Array(repeating: 0, count: (stream + 1) * width - state.count)
  }
}
