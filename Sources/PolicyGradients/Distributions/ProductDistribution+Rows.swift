import Environments

// What acting and learning do with many rows at once. Every bit is that of the functions of single rows.
extension ProductDistribution {
  /// Draws an action for each of `rows` rows, with a generator of its own, and leaves anything in the parameters' place.
  func sample(
    consuming parameters: UnsafeMutablePointer<Float>,
    rows: Int,
    using generators: UnsafeMutablePointer<PCG64>,
    into actions: UnsafeMutablePointer<Float>
  ) {
    for part in parts {
      let (z, a) = (parameters + part.parameterOffset, actions + part.actionOffset)
      switch part.factor {
      case .categorical(let family):
        for row in 0..<rows {
          family.sample(consuming: z + row * parameterCount, using: &generators[row], into: a + row * actionCount)
        }
      case .gaussian(let family):
        for row in 0..<rows {
          family.sample(z + row * parameterCount, using: &generators[row], into: a + row * actionCount)
        }
      case .bernoulli(let family):
        for row in 0..<rows {
          family.sample(z + row * parameterCount, using: &generators[row], into: a + row * actionCount)
        }
      }
    }
  }

  /// Puts the logarithms of probabilities in the place of the logits of choices, and leaves all other parameters.
  ///
  /// ``normalized`` then gives what this distribution gave before, without computing the sum of exponentials each time.
  func normalize(_ parameters: UnsafeMutablePointer<Float>, rows: Int) {
    for part in parts {
      guard case .categorical(let family) = part.factor else { continue }
      for row in 0..<rows { family.normalize(parameters + row * parameterCount + part.parameterOffset) }
    }
  }

  /// The same family, for parameters that have been through ``normalize(_:rows:)``.
  var normalized: ProductDistribution {
    ProductDistribution(
      parts.map { part in
        guard case .categorical(let family) = part.factor else { return part.factor }
        return .categorical(Categorical(choices: family.choices, isNormalized: true))
      })
  }
}
