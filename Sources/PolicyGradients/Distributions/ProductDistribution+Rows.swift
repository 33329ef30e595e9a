import Environments

// What acting and learning do with many rows at once. Every bit is that of the functions of single rows.
extension ProductDistribution {
  private func layout(_ rows: Int) -> DistributionRows {
    DistributionRows(count: rows, parameterStride: parameterCount, actionStride: actionCount)
  }

  /// Draws an action for each of `rows` rows, with a generator of its own, and leaves anything in the parameters' place.
  public func sample(
    consuming parameters: UnsafeMutablePointer<Float>,
    rows: Int,
    using generators: UnsafeMutablePointer<PCG64>,
    into actions: UnsafeMutablePointer<Float>
  ) {
    for part in parts {
      let (z, a) = (parameters + part.parameterOffset, actions + part.actionOffset)
      switch part.factor {
      case .categorical(let family):
        family.withUnrolledLoops { family in
          for row in 0..<rows {
            family.sample(consuming: z + row * parameterCount, using: &generators[row], into: a + row * actionCount)
          }
        }
      case .gaussian(let family): family.sample(z, layout(rows), using: generators, into: a)
      case .bernoulli(let family): family.sample(z, layout(rows), using: generators, into: a)
      }
    }
  }

  /// Replaces the logits of choices by log-probabilities, and leaves all other parameters.
  ///
  /// ``normalized`` then gives what this distribution gave before, without computing the sum of exponentials each time.
  public func normalize(_ parameters: UnsafeMutablePointer<Float>, rows: Int) {
    for part in parts {
      guard case .categorical(let family) = part.factor else { continue }
      family.withUnrolledLoops { family in
        for row in 0..<rows { family.normalize(parameters + row * parameterCount + part.parameterOffset) }
      }
    }
  }

  /// The same family, for parameters that have been through ``normalize(_:rows:)``.
  public var normalized: ProductDistribution {
    ProductDistribution(
      parts.map { part in
        guard case .categorical(let family) = part.factor else { return part.factor }
        return .categorical(Categorical(choices: family.choices, isNormalized: true))
      })
  }

  /// Writes ln π of each row's action to `sums`.
  public func logProbabilities(
    _ parameters: UnsafePointer<Float>, of actions: UnsafePointer<Float>, rows: Int,
    into sums: UnsafeMutablePointer<Float>
  ) {
    sums.update(repeating: 0, count: rows)
    for part in parts {
      let (z, a) = (parameters + part.parameterOffset, actions + part.actionOffset)
      switch part.factor {
      case .categorical(let family):
        family.withUnrolledLoops { $0.addLogProbabilities(z, of: a, layout(rows), to: sums) }
      case .gaussian(let family): family.addLogProbabilities(z, of: a, layout(rows), to: sums)
      case .bernoulli(let family): family.addLogProbabilities(z, of: a, layout(rows), to: sums)
      }
    }
  }

  /// Writes the entropy of each row to `sums`.
  public func entropies(_ parameters: UnsafePointer<Float>, rows: Int, into sums: UnsafeMutablePointer<Float>) {
    sums.update(repeating: 0, count: rows)
    for part in parts {
      let z = parameters + part.parameterOffset
      switch part.factor {
      case .categorical(let family): family.withUnrolledLoops { $0.addEntropies(z, layout(rows), to: sums) }
      case .gaussian(let family): family.addEntropies(z, layout(rows), to: sums)
      case .bernoulli(let family): family.addEntropies(z, layout(rows), to: sums)
      }
    }
  }

  /// Writes KL(old ‖ new) of each row to `sums`.
  public func divergences(
    from old: UnsafePointer<Float>, to new: UnsafePointer<Float>, rows: Int, into sums: UnsafeMutablePointer<Float>
  ) {
    sums.update(repeating: 0, count: rows)
    for part in parts {
      let (p, q) = (old + part.parameterOffset, new + part.parameterOffset)
      switch part.factor {
      case .categorical(let family):
        family.withUnrolledLoops { $0.addDivergences(from: p, to: q, layout(rows), into: sums) }
      case .gaussian(let family): family.addDivergences(from: p, to: q, layout(rows), into: sums)
      case .bernoulli(let family): family.addDivergences(from: p, to: q, layout(rows), into: sums)
      }
    }
  }

  /// Adds the gradient of each row, which has its own weight.
  public func addGradients(
    _ parameters: UnsafePointer<Float>, of actions: UnsafePointer<Float>, rows: Int,
    weights: UnsafePointer<Float>, entropyWeight: Float, into gradients: UnsafeMutablePointer<Float>
  ) {
    for part in parts {
      let (z, a) = (parameters + part.parameterOffset, actions + part.actionOffset)
      let g = gradients + part.parameterOffset
      switch part.factor {
      case .categorical(let family):
        family.withUnrolledLoops {
          $0.addGradients(z, of: a, layout(rows), weights: weights, entropyWeight: entropyWeight, into: g)
        }
      case .gaussian(let family):
        family.addGradients(z, of: a, layout(rows), weights: weights, entropyWeight: entropyWeight, into: g)
      case .bernoulli(let family):
        family.addGradients(z, of: a, layout(rows), weights: weights, entropyWeight: entropyWeight, into: g)
      }
    }
  }
}
