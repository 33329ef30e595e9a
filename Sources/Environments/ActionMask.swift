/// Which actions are legal in one row: what an ``Environment`` writes.
///
/// It has a flag for each choice of each Discrete and MultiDiscrete of the action space, in order (protocol/SPEC.md 14.2).
/// Of one Discrete, flag k is the action `start + k`.
public struct ActionMask {
  @usableFromInline let numbers: UnsafeMutableBufferPointer<UInt8>

  init(_ numbers: UnsafeMutableBufferPointer<UInt8>) { self.numbers = numbers }

  /// The number of flags.
  @inlinable public var count: Int { numbers.count }

  /// Whether choice `index` is legal.
  @inlinable
  public subscript(index: Int) -> Bool {
    get {
      precondition(numbers.indices.contains(index), "the action space has no such choice")
      return numbers[index] == 1
    }
    nonmutating set {
      precondition(numbers.indices.contains(index), "the action space has no such choice")
      numbers[index] = newValue ? 1 : 0
    }
  }
}

extension MaskBatch {
  /// The mask of a row, to be written to.
  public func mask(ofRow row: Int) -> ActionMask {
    ActionMask(UnsafeMutableBufferPointer(rebasing: numbers[row * width..<(row + 1) * width]))
  }
}
