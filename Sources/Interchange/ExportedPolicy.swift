import Environments
import PolicyGradients

/// A policy taken apart for a program that has no pgagent: from the row of numbers of an observation to the actions.
///
/// Source: protocol/SPEC.md, "The policy file".
public struct ExportedPolicy {
  /// Where the numbers ln σ are.
  enum Sigma {
    /// There are none.
    case absent
    /// The same for every observation.
    case values([Float])
    /// The outputs of a network of their own.
    case network([PolicySnapshot.Layer])
    /// Further outputs of the policy's network, clipped to these limits if there are any.
    case outputs(limits: ClosedRange<Float>?)
  }

  let snapshot: PolicySnapshot
  /// How many numbers an observation has as a row (SPEC 18.3).
  let observationWidth: Int
  /// How many further numbers the network is given after them, which are 0 here (SPEC 18.15).
  let noiseWidth: Int
  /// What is taken from each number of an observation, and what it is multiplied by then; nil if nothing is done to them.
  let normalization: (shift: [Float], scale: [Float])?
  /// How numbers of observations are brought from their bounds to [-1, 1] before that; nil if they are not.
  let rescaling: ExportedScaling?
  /// The greatest magnitude of each number of an observation after that; nil if any is.
  let limits: [Float]?
  /// The parts of an action, in the order of the numbers that the networks compute for them.
  let actions: [ExportedAction]
  let sigma: Sigma
  /// How many numbers a mask has; 0 where nothing can be forbidden.
  let maskWidth: Int

  /// Takes a policy apart, once it has been found to be one that can act.
  public init(_ snapshot: PolicySnapshot) throws(TrainingError) {
    _ = try snapshot.makePolicy()
    self.snapshot = snapshot
    let encoder = try ObservationEncoder(snapshot.observationSpace, wrappers: snapshot.wrappers)
    observationWidth = encoder.width
    rescaling =
      snapshot.wrappers.rescalesObservations ? encoder.scaling.map { ExportedScaling($0, 0..<encoder.width) } : nil
    limits = snapshot.wrappers.observationClip == nil ? nil : encoder.scaling?.limits
    normalization = snapshot.normalization.map { statistics in
      (statistics.mean.map { Float($0) }, statistics.variance.map { Float(1 / ($0 + 1e-8).squareRoot()) })
    }
    let leaves = try SpaceLeaf.all(of: snapshot.actionSpace, path: "action")
    if let kind = snapshot.kind {
      let width = leaves.reduce(0) { $0 + $1.width }
      let isGaussian = kind == PolicyHead.squashed(0).kind
      noiseWidth = kind == PolicyHead.implicit(0).kind ? width : 0
      sigma = isGaussian ? .outputs(limits: SquashedGaussian.logSigmaRange) : .absent
      actions = try Self.squashed(leaves, sigmaOffset: isGaussian ? width : nil)
    } else {
      noiseWidth = 0
      let form = snapshot.sigma?.form
      let scaling = try ActionEncoder(snapshot.actionSpace, wrappers: snapshot.wrappers).scaling
      actions = Self.distributed(leaves, sigmaIsOutput: form == .head, scaling)
      sigma =
        switch form {
        case nil: .absent
        case .free: .values(snapshot.sigma?.values ?? [])
        case .network: .network(snapshot.sigma?.layers ?? [])
        case .head: .outputs(limits: nil)
        }
    }
    maskWidth = snapshot.kind == nil ? snapshot.actionSpace.maskWidth : 0
  }

  /// How many parameters of distributions there are.
  var parameterCount: Int { actions.reduce(0) { $0 + $1.parameterCount } }

  /// The parts of an action that has a distribution for each (SPEC 18.6, 18.7).
  private static func distributed(
    _ leaves: [SpaceLeaf], sigmaIsOutput: Bool, _ scaling: NumberScaling?
  ) -> [ExportedAction] {
    var (column, sigmaColumn, number) = (0, 0, 0)
    return leaves.map { leaf in
      var action = ExportedAction(leaf, firstColumn: column)
      column = action.columns.upperBound
      defer { number += leaf.width }
      if case .numbers(let low, let high, _) = action.meaning {
        if let scaling {
          let rescaling = ExportedScaling(scaling, number..<number + leaf.width)
          action.meaning = .numbers(low: low, high: high, scale: .rescaled(rescaling))
        }
        let first = sigmaIsOutput ? column : sigmaColumn
        action.sigmaColumns = first..<first + leaf.width
        sigmaColumn += leaf.width
        if sigmaIsOutput { column += leaf.width }
      }
      return action
    }
  }

  /// The parts of an action whose numbers are squashed by tanh (SPEC 18.12).
  private static func squashed(_ leaves: [SpaceLeaf], sigmaOffset: Int?) throws(TrainingError) -> [ExportedAction] {
    var actions: [ExportedAction] = []
    var column = 0
    for leaf in leaves {
      var action = ExportedAction(leaf, firstColumn: column)
      if case .numbers(let low, let high, _) = action.meaning {
        action.meaning = .numbers(low: low, high: high, scale: .squashed(try ActionScaling(leaf.space)))
      }
      action.hasDistribution = sigmaOffset != nil
      action.sigmaColumns = sigmaOffset.map { $0 + column..<$0 + column + leaf.width }
      column += leaf.width
      actions.append(action)
    }
    return actions
  }
}
