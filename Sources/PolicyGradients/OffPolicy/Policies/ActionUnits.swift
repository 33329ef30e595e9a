import Environments

/// How an off-policy algorithm writes actions: real numbers scaled to (-1, 1), or the index of a choice.
public enum ActionUnits: Sendable {
  /// The numbers of a Box, or of several.
  case box(ActionScaling)
  /// One of so many choices.
  case choice(Int)

  /// The units for a task's actions.
  ///
  /// - Throws: ``TrainingError/unsupportedSpace(path:kind:reason:)`` where they are neither Boxes with finite bounds nor one
  ///   Discrete.
  public init(_ space: Space, _ distribution: ProductDistribution) throws(TrainingError) {
    if distribution.parts.count == 1, case .categorical(let categorical) = distribution.parts[0].factor {
      self = .choice(categorical.choices)
      return
    }
    self = .box(try ActionScaling(space))
  }

  /// The numbers of an action.
  public var width: Int {
    switch self {
    case .box(let scaling): scaling.width
    case .choice: 1
    }
  }

  /// The choices of a Discrete; 0 for a Box.
  public var choices: Int { if case .choice(let count) = self { count } else { 0 } }

  /// Writes `rows` actions as the space has them.
  func encode(_ units: UnsafePointer<Float>, rows: Int, into actions: UnsafeMutablePointer<Float>) {
    switch self {
    case .box(let scaling): scaling.scale(units, rows: rows, into: actions)
    case .choice: actions.update(from: units, count: rows)
    }
  }

  /// Writes `rows` actions of the space in these units.
  func decode(_ actions: UnsafePointer<Float>, rows: Int, into units: UnsafeMutablePointer<Float>) {
    switch self {
    case .box(let scaling): scaling.unscale(actions, rows: rows, into: units)
    case .choice: units.update(from: actions, count: rows)
    }
  }

  /// What ln π of an action has less than that of its units.
  var logVolume: Float { if case .box(let scaling) = self { scaling.logVolume } else { 0 } }

  /// Draws an action evenly from all, or from all that a mask allows.
  func drawEvenly(
    mask: UnsafePointer<UInt8>?, using generator: inout some RandomNumberGenerator,
    into units: UnsafeMutablePointer<Float>
  ) {
    switch self {
    case .box(let scaling):
      for index in 0..<scaling.width { units[index] = Float(generator.uniform(-1, 1)) }
    case .choice(let count):
      let legal = mask.map { mask in (0..<count).count { mask[$0] != 0 } } ?? count
      var left = Int(generator.uniform() * Double(legal))
      for choice in 0..<count where mask.map({ $0[choice] != 0 }) ?? true {
        if left == 0 { units[0] = Float(choice) }
        left -= 1
      }
    }
  }
}
