extension Space {
  /// How many integers an action has that are chosen out of a few, and out of how many each; nil for other spaces.
  public var choices: (elements: Int, counts: PerElement<Int>)? {
    switch self {
    case .discrete(let discrete): (1, .same(discrete.n))
    case .multiDiscrete(let space): (space.shape.elementCount, space.nvec)
    default: nil
    }
  }

  /// How many numbers a mask of one action has: one for each choice of each Discrete and MultiDiscrete, in order.
  ///
  /// `Int.max` stands for every width that is beyond it. Source: protocol/SPEC.md, "mask".
  public var maskWidth: Int {
    if let (elements, counts) = choices {
      switch counts {
      case .same(let count): return count.multipliedOrGreatest(by: elements)
      case .each(let counts): return counts.reduce(0) { $0.addedOrGreatest($1) }
      }
    }
    switch self {
    case .tuple(let spaces): return spaces.reduce(0) { $0.addedOrGreatest($1.maskWidth) }
    case .dict(let members): return members.reduce(0) { $0.addedOrGreatest($1.space.maskWidth) }
    default: return 0
    }
  }
}

extension Int {
  fileprivate func addedOrGreatest(_ other: Int) -> Int {
    let (sum, isOverflow) = addingReportingOverflow(other)
    return isOverflow ? .max : sum
  }

  fileprivate func multipliedOrGreatest(by other: Int) -> Int {
    let (product, isOverflow) = multipliedReportingOverflow(by: other)
    return isOverflow ? .max : product
  }
}
