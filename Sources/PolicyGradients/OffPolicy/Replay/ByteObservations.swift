import Environments

extension AgentTask {
  /// Whether every number of an observation is an integer from 0 to 255, so that a replay can keep it in a byte.
  var hasByteObservations: Bool {
    get throws(TrainingError) {
      try SpaceLeaf.all(of: observationSpace, path: "obs").allSatisfy { leaf in
        switch leaf.space {
        case .box(let box): box.type == .uint8 || box.type == .bool
        case .multiBinary, .discrete, .multiDiscrete: true  // ones and zeros
        default: false
        }
      }
    }
  }
}
