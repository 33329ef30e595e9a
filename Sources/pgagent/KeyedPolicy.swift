import Environments

/// A policy that is somebody at the keys: it does what was chosen last.
final class KeyedPolicy: Policy {
  let observationSpace: Space
  let actionSpace: Space
  /// What is done next, in row 0.
  var action: ValueBatch

  init(observationSpace: Space, actionSpace: Space) {
    (self.observationSpace, self.actionSpace) = (observationSpace, actionSpace)
    action = ValueBatch(actionSpace, count: 1)
  }

  func act(
    on observations: ValueBatch, count: Int, masks: MaskBatch?, choice: ActionChoice, into answers: ActionBatch
  ) {
    for row in 0..<count { answers.actions.copyRow(0, of: action, to: row) }
  }
}
