extension ProductDistribution {
  /// How many numbers an action mask has: one for each choice of each categorical part, in order.
  public var maskCount: Int {
    parts.reduce(0) { sum, part in
      if case .categorical(let family) = part.factor { sum + family.choices } else { sum }
    }
  }

  /// Takes the choices whose number in `mask` is 0 out of the distribution; false if a part keeps no choice.
  ///
  /// A logit of -infinity is how a masked choice is written in the parameters; every function of ``Categorical`` reads it
  /// so, and so the gradient of the network does not see that choice.
  public func apply(mask: UnsafePointer<UInt8>, to parameters: UnsafeMutablePointer<Float>) -> Bool {
    var position = 0
    for part in parts {
      guard case .categorical(let family) = part.factor else { continue }
      var isAnyLegal = false
      for choice in 0..<family.choices {
        if mask[position + choice] == 0 {
          parameters[part.parameterOffset + choice] = -.infinity
        } else {
          isAnyLegal = true
        }
      }
      guard isAnyLegal else { return false }
      position += family.choices
    }
    return true
  }
}
