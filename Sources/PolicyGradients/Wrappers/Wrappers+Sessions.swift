import Environments

extension Wrappers {
  /// What makes stacks of the single observations that others tell; nil where none are made.
  ///
  /// - Parameter observationSpace: the space of single observations.
  /// - Throws: ``TrainingError/unsupportedSpace(path:kind:reason:)`` where they cannot be stacked.
  func frameMemory(_ observationSpace: Space) throws(TrainingError) -> FrameMemory? {
    guard frameStack > 1 else { return nil }
    do throws(EnvironmentError) {
      return try FrameMemory(StackedFrames.space(observationSpace, frameStack), frames: frameStack)
    } catch {
      throw .unsupportedSpace(path: "obs", kind: observationSpace.kind, reason: "\(error)")
    }
  }

  /// The space of the single observations that stacks are made of, or the space itself where none are made.
  ///
  /// - Throws: ``TrainingError/unusableFile(what:reason:)`` where it is no space of stacks of so many.
  public func single(_ stackSpace: Space) throws(TrainingError) -> Space {
    guard frameStack > 1 else { return stackSpace }
    guard let single = StackedFrames.single(stackSpace, frameStack) else {
      throw .unusableFile(
        what: "policy file", reason: "its observations, \(stackSpace.text), are no stacks of \(frameStack)")
    }
    return single
  }
}
