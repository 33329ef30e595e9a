import JSONLines

extension JSONWriter {
  /// Writes those that there are.
  mutating func write(_ wrappers: Wrappers) {
    beginObject()
    if wrappers.frameStack > 1 {
      name("frame_stack")
      write(wrappers.frameStack)
    }
    if wrappers.actionRepeat > 1 {
      name("action_repeat")
      write(wrappers.actionRepeat)
    }
    if let limit = wrappers.timeLimit {
      name("time_limit")
      write(limit)
    }
    if wrappers.stickiness > 0 {
      name("sticky_actions")
      write(wrappers.stickiness)
    }
    if wrappers.rescalesObservations {
      name("obs_rescale")
      write(true)
    }
    if let limit = wrappers.observationClip {
      name("obs_clip")
      write(limit)
    }
    if wrappers.rescalesActions {
      name("action_rescale")
      write(true)
    }
    if wrappers.rewardScale != 1 {
      name("reward_scale")
      write(wrappers.rewardScale)
    }
    if let limit = wrappers.rewardClip {
      name("reward_clip")
      write(limit)
    }
    endObject()
  }
}

extension FileScanner {
  /// Reads an object of wrappers; one that is not known would change what a policy does, and is refused.
  mutating func readWrappers() throws(TrainingError) -> Wrappers {
    var wrappers = Wrappers()
    try readObject { file, name throws(TrainingError) in
      switch name {
      case "frame_stack": wrappers.frameStack = try file.readCount()
      case "action_repeat": wrappers.actionRepeat = try file.readCount()
      case "time_limit": wrappers.timeLimit = try file.readCount()
      case "sticky_actions": wrappers.stickiness = try file.readDouble()
      case "obs_rescale": wrappers.rescalesObservations = try file.readFlag()
      case "obs_clip": wrappers.observationClip = try file.readDouble()
      case "action_rescale": wrappers.rescalesActions = try file.readFlag()
      case "reward_scale": wrappers.rewardScale = try file.readDouble()
      case "reward_clip": wrappers.rewardClip = try file.readDouble()
      default: throw file.unusable("its wrappers have \(name.abbreviated()), which this program does not know")
      }
      return true
    }
    if let fault = wrappers.fault { throw unusable("of its wrappers \(fault)") }
    return wrappers
  }
}
