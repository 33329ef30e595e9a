extension TrainingError {
  /// Refuses hidden layers, since no network can be built with them; `reason` says why in a sentence.
  static func unusableSizes(_ hiddenSizes: [Int], _ reason: any Error) -> TrainingError {
    let sentence = "\(reason)"
    return .unusableSetting(
      name: NetworkSettings.hiddenSizes.name, value: "\(hiddenSizes)",
      requirement: "smaller: \(sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence)")
  }
}
