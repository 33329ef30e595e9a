/// Several ways to do the same work, measured in turn so that each meets the same weather.
///
/// On a shared machine the speed of everything swings, so only quotients within one round mean anything: every round
/// measures each contestant once, in an order that rotates, and results are medians over the rounds.
struct Contest {
  struct Contestant {
    let name: String
    /// Does some work and returns its rate, in units per second.
    let measure: () throws -> Double
  }

  let names: [String]
  /// By contestant, one rate a round.
  private(set) var rates: [[Double]]

  init(rounds: Int, _ contestants: [Contestant]) throws {
    names = contestants.map(\.name)
    rates = contestants.map { _ in [] }
    for contestant in contestants { _ = try contestant.measure() }
    for round in 0..<rounds {
      for turn in contestants.indices {
        let index = (round + turn) % contestants.count
        rates[index].append(try contestants[index].measure())
      }
    }
  }

  /// The rates of one contestant.
  func rate(_ index: Int) -> Spread { Spread(rates[index]) }

  /// How many times as fast one contestant is as another.
  func ratio(_ index: Int, to reference: Int) -> Spread { .ratios(rates[index], to: rates[reference]) }
}

/// Runs `body`, which does `units` of work, and returns units per second.
func rate(of units: Int, _ body: () throws -> Void) rethrows -> Double {
  let duration = try ContinuousClock().measure(body)
  return Double(units) / (duration / .seconds(1))
}
