import Environments

/// Rows of one part's parameters and actions among those of all parts.
struct DistributionRows {
  let count: Int
  /// From one row's first parameter to the next row's.
  let parameterStride: Int
  /// From one row's first number of the action to the next row's.
  let actionStride: Int
}

// A function of single rows over many; what is called for each row is inlined here, once for each family.
extension Distribution {
  /// Draws an action for each row from a generator of its own.
  func sample(
    _ parameters: UnsafePointer<Float>, _ rows: DistributionRows, using generators: UnsafeMutablePointer<PCG64>,
    into actions: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<rows.count {
      sample(
        parameters + row * rows.parameterStride, using: &generators[row], into: actions + row * rows.actionStride)
    }
  }

  /// Adds ln π(a) of each row to `sums`.
  @inline(__always)
  func addLogProbabilities(
    _ parameters: UnsafePointer<Float>, of actions: UnsafePointer<Float>, _ rows: DistributionRows,
    to sums: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<rows.count {
      sums[row] += logProbability(parameters + row * rows.parameterStride, of: actions + row * rows.actionStride)
    }
  }

  /// Adds the entropy of each row to `sums`.
  @inline(__always)
  func addEntropies(
    _ parameters: UnsafePointer<Float>, _ rows: DistributionRows, to sums: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<rows.count { sums[row] += entropy(parameters + row * rows.parameterStride) }
  }

  /// Adds KL(old ‖ new) of each row to `sums`.
  @inline(__always)
  func addDivergences(
    from old: UnsafePointer<Float>, to new: UnsafePointer<Float>, _ rows: DistributionRows,
    into sums: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<rows.count {
      let offset = row * rows.parameterStride
      sums[row] += divergence(from: old + offset, to: new + offset)
    }
  }

  /// Adds the gradient of each row, which has its own weight.
  @inline(__always)
  func addGradients(
    _ parameters: UnsafePointer<Float>, of actions: UnsafePointer<Float>, _ rows: DistributionRows,
    weights: UnsafePointer<Float>, entropyWeight: Float, into gradients: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<rows.count {
      let offset = row * rows.parameterStride
      addGradient(
        parameters + offset, of: actions + row * rows.actionStride, weight: weights[row],
        entropyWeight: entropyWeight, into: gradients + offset)
    }
  }
}

extension Categorical {
  /// Calls `body` with this family, or with one of a constant two choices where it has two, as most have, so that the
  /// loops over the choices are unrolled.
  @inline(__always)
  func withUnrolledLoops(_ body: (Categorical) -> Void) {
    if choices == 2 { body(Categorical(choices: 2, isNormalized: isNormalized)) } else { body(self) }
  }
}
