/// Several environments of one Swift type, side by side.
public final class EnvironmentArray<Element: Environment>: EnvironmentBatch {
  // Only one thread uses a batch, and no step reaches its own batch, so accesses need not be checked for overlaps.
  @exclusivity(unchecked) @usableFromInline var environments: [Element]
  @usableFromInline let make: () -> Element
  // A batch is used as `any EnvironmentBatch`, through which only unspecialised code can be called. These closures are
  // made where Element is known, by an initialiser that is compiled there, and so is all that they call.
  @usableFromInline let stepRows: (inout [Element], Range<Int>, ValueBatch, StepBatch) throws -> Void
  @usableFromInline let resetOne: (inout [Element], Int, UInt64?, [String: PlainValue], ValueBatch, Int) throws -> Void

  @usableFromInline let maskOne: ([Element], Int, ActionMask) -> Void

  /// What each environment is called.
  public let spec: EnvironmentSpec
  /// The space of every observation.
  public let observationSpace: Space
  /// The space of every action.
  public let actionSpace: Space
  /// What the one who made the array has promised for its environments.
  public let neverFails: Bool
  /// The number of environments.
  public var count: Int { environments.count }

  /// Creates `count` environments, each by a call of `make`; `neverFails` is a promise of whoever calls this.
  @inlinable
  public init(count: Int = 1, neverFails: Bool = false, make: @escaping () -> Element) {
    self.make = make
    self.neverFails = neverFails
    stepRows = { environments, range, actions, outcome in
      try environments.withUnsafeMutableBufferPointer { environments in
        precondition(range.lowerBound >= 0 && range.upperBound <= environments.count, "there are no such rows")
        guard let first = environments.baseAddress else { return }
        try Element.step(EnvironmentRows(first: first), rows: range, of: actions, into: outcome)
        outcome.forEachEndedRow(in: range) { row in
          let info = environments[row].episodeInfo
          if !info.isEmpty { outcome.infos[row, default: [:]].merge(info) { _, figure in figure } }
        }
      }
    }
    resetOne = { environments, index, seed, options, observations, row in
      try environments[index].reset(seed: seed, options: options).store(in: observations, row: row)
    }
    maskOne = { environments, index, mask in environments[index].writeMask(to: mask) }
    let first = make()
    environments = [first]
    spec = first.spec
    observationSpace = first.observationSpace
    actionSpace = first.actionSpace
    _ = resize(to: count)
  }

  /// Makes or drops environments until there are `wanted`, at least one.
  public func resize(to wanted: Int) -> Int {
    while environments.count < wanted { environments.append(make()) }
    if environments.count > max(1, wanted) { environments.removeLast(environments.count - max(1, wanted)) }
    return environments.count
  }

  /// Resets one environment.
  public func reset(
    _ index: Int,
    seed: UInt64?,
    options: [String: PlainValue],
    into observations: ValueBatch,
    row: Int
  ) throws {
    try resetOne(&environments, index, seed, options, observations, row)
  }

  /// Whether environments of this type ever forbid an action.
  public var offersMasks: Bool { Element.offersMasks }

  /// Lets one environment forbid what makes no sense.
  public func writeMask(of index: Int, into masks: MaskBatch, row: Int) {
    maskOne(environments, index, masks.mask(ofRow: row))
  }

  /// The environments' own, if they show anything.
  public var framesPerSecond: Double? { environments[0].scene == nil ? nil : Element.framesPerSecond }

  /// What one environment looks like now.
  public func scene(of index: Int) -> Scene? { environments[index].scene }

  /// Whether environments of this type carry their state.
  public var offersStates: Bool { Element.offersStates }

  /// What one environment carries out, behind its registered name.
  public func state(of index: Int) throws(EnvironmentError) -> String {
    var carrier = StateCarrier()
    try environments[index].carryState(&carrier)
    return carrier.text(named: spec.id ?? "")
  }

  /// Lets one environment carry a state in; it is replaced when all of the state has been used.
  public func restore(_ index: Int, to state: String) throws(EnvironmentError) {
    var carrier = try StateCarrier(state, named: spec.id ?? "")
    var environment = environments[index]
    try environment.carryState(&carrier)
    guard !carrier.isLeft else { throw .invalidValue("the state is too long") }
    environments[index] = environment
  }

  /// Steps a range of the environments in order.
  public func step(_ range: Range<Int>, actions: ValueBatch, into outcome: StepBatch) throws {
    try stepRows(&environments, range, actions, outcome)
  }
}
