/// The price of leaving the old policy, which adapts itself to the divergence that updates bring.
///
/// Schulman et al. 2017 (arXiv 1707.06347), section 4: it is halved after a divergence below KL_target / 1.5 and doubled after
/// one above 1.5 KL_target.
final class DivergencePenalty {
  /// The price in the next update.
  private(set) var value: Double
  /// The divergence in nats that an update is to bring.
  let target: Double
  /// What it stays within, so that no run of halvings or doublings ends in 0 or infinity.
  private static let range = 1e-9...1e9
  private static let name = "price of divergence"

  init(_ value: Double, target: Double) { (self.value, self.target) = (value, target) }

  /// Goes by what an update has brought.
  func adapt(to divergence: Double) {
    if divergence < target / 1.5 { value /= 2 }
    if divergence > target * 1.5 { value *= 2 }
    value = min(max(value, Self.range.lowerBound), Self.range.upperBound)
  }

  /// What a checkpoint keeps of it.
  var part: Part {
    .state(Self.name) { [self] in
      PartState(doubles: [[value]])
    } set: { [self] state throws(TrainingError) in
      let number = try state.doubles(lengths: [1], of: Self.name)[0][0]
      guard Self.range.contains(number) else { throw .unusablePart(Self.name, "it is \(number)") }
      value = number
    }
  }
}
