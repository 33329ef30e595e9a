import JSONLines
import SpaceCoding

extension JSONWriter {
  /// Writes a policy file's object; version 2 is that of files with a kind or with weights in base64, version 3 that of
  /// files with wrappers.
  mutating func write(_ snapshot: PolicySnapshot, mostWeightsAsText limit: Int) {
    let layers = snapshot.policy + (snapshot.sigma?.layers ?? []) + (snapshot.value ?? [])
    beginObject()
    name("format")
    write(PolicyFile.formatName)
    name("version")
    let isSecond = snapshot.kind != nil || layers.contains { $0.weights.count > limit }
    write(!snapshot.wrappers.isEmpty ? 3 : isSecond ? 2 : 1)
    if let kind = snapshot.kind {
      name("kind")
      write(kind)
    }
    name("algorithm")
    write(snapshot.algorithm)
    name("environment_steps")
    write(snapshot.environmentSteps)
    name("obs_space")
    write(snapshot.observationSpace)
    name("action_space")
    write(snapshot.actionSpace)
    if !snapshot.wrappers.isEmpty {
      name("wrappers")
      write(snapshot.wrappers)
    }
    if let normalization = snapshot.normalization {
      name("normalization")
      beginObject()
      name("mean")
      normalization.mean.withUnsafeBufferPointer { write(doubles: $0) }
      name("variance")
      normalization.variance.withUnsafeBufferPointer { write(doubles: $0) }
      endObject()
    }
    name("activation")
    write(snapshot.activation.rawValue)
    name("policy")
    write(snapshot.policy, limit)
    if let sigma = snapshot.sigma {
      name("sigma")
      write(sigma, limit)
    }
    if let value = snapshot.value {
      name("value")
      write(value, limit)
    }
    endObject()
  }

  private mutating func write(_ sigma: PolicySnapshot.Sigma, _ limit: Int) {
    beginObject()
    name("form")
    write(sigma.form.rawValue)
    if let values = sigma.values {
      name("values")
      values.withUnsafeBufferPointer { write(floats: $0) }
    }
    if let layers = sigma.layers {
      name("layers")
      write(layers, limit)
    }
    endObject()
  }

  private mutating func write(_ layers: [PolicySnapshot.Layer], _ limit: Int) {
    beginArray()
    for layer in layers {
      beginObject()
      name("weights")
      if layer.weights.count > limit { writeBase64(layer.weights) } else { writeRows(layer) }
      name("biases")
      layer.biases.withUnsafeBufferPointer { write(floats: $0) }
      endObject()
    }
    endArray()
  }

  private mutating func writeRows(_ layer: PolicySnapshot.Layer) {
    beginArray()
    layer.weights.withUnsafeBufferPointer { weights in
      let width = weights.count / max(1, layer.biases.count)
      for unit in layer.biases.indices {
        write(floats: UnsafeBufferPointer(rebasing: weights[unit * width..<(unit + 1) * width]))
      }
    }
    endArray()
  }

  /// Writes the bytes of little-endian float32.
  private mutating func writeBase64(_ numbers: [Float]) {
    beginObject()
    name("b64")
    numbers.littleEndianWords.withUnsafeBytes { Base64.encode($0, into: &self) }
    endObject()
  }
}
