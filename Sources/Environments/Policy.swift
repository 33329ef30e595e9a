/// A trained policy π(a|o): what is evaluated and served, whoever trained it.
public protocol Policy: AnyObject {
  /// The space of the observations it is asked about.
  var observationSpace: Space { get }
  /// The space of the actions it answers with.
  var actionSpace: Space { get }

  /// Chooses an action for each of the first `count` rows of `observations`.
  ///
  /// - Parameters:
  ///   - masks: `count` masks of actions, each of the width of `actionSpace.maskWidth`; a choice whose number is 0 is
  ///     never made. Nil allows everything.
  ///   - isDeterministic: takes the mode or mean instead of a sample.
  ///   - generator: the source of the samples, drawn from row by row; untouched when deterministic.
  ///   - actions: receives the actions, those of a Box clipped to its bounds.
  func act(
    on observations: ValueBatch,
    count: Int,
    masks: UnsafePointer<UInt8>?,
    isDeterministic: Bool,
    generator: inout some RandomNumberGenerator,
    into actions: ValueBatch
  )
}
