/// A Swift type whose values are values of a space: what an ``Environment`` observes or is told to do.
///
/// `Int` suits Discrete, `[Float]` a Box, a struct of your own a Box with named parts, `SpaceValue` anything at all.
public protocol SpaceElement {
  /// Writes this value as row `row` of a batch; throws ``EnvironmentError/invalidValue`` if it does not fit the space.
  func store(in batch: ValueBatch, row: Int) throws(EnvironmentError)

  /// Reads row `row` of a batch, which has been checked against the space.
  static func load(from batch: ValueBatch, row: Int) throws(EnvironmentError) -> Self
}

extension Int: SpaceElement {
  /// Writes the integer of a Discrete space.
  @inlinable
  public func store(in batch: ValueBatch, row: Int) throws(EnvironmentError) {
    try Self.array(of: batch).set(Int128(self), at: row)
  }

  /// Reads the integer of a Discrete space.
  @inlinable
  @inline(__always)
  public static func load(from batch: ValueBatch, row: Int) throws(EnvironmentError) -> Int {
    if batch.type == .int64, batch.width == 1 {
      Int(try batch.numbers(ofRow: row, as: Int64.self)[0])
    } else {
      Int(truncatingIfNeeded: try array(of: batch).integer(at: row))
    }
  }

  @usableFromInline
  static func array(of batch: ValueBatch) throws(EnvironmentError) -> FlatArray {
    guard let (array, width) = batch.flat, width == 1, !array.type.isFloatingPoint else {
      throw .invalidValue("a Swift Int cannot be a value of \(batch.space.phrase)")
    }
    return array
  }
}

extension Array: SpaceElement where Element: SpaceNumber {
  /// Writes the numbers of a flat space whose type is `Element`.
  @inlinable
  public func store(in batch: ValueBatch, row: Int) throws(EnvironmentError) {
    let target = try batch.numbers(ofRow: row, width: count, as: Element.self)
    _ = withUnsafeBufferPointer { target.update(fromContentsOf: $0) }
  }

  /// Reads the numbers of a flat space whose type is `Element`.
  @inlinable
  public static func load(from batch: ValueBatch, row: Int) throws(EnvironmentError) -> [Element] {
    Array(try batch.numbers(ofRow: row, as: Element.self))
  }
}

/// A Swift number type that a flat space can be made of.
public protocol SpaceNumber: BitwiseCopyable {
  /// The space's name for this type.
  static var scalarType: ScalarType { get }
}

extension Float: SpaceNumber {
  /// float32.
  @inlinable public static var scalarType: ScalarType { .float32 }
}
extension Double: SpaceNumber {
  /// float64.
  @inlinable public static var scalarType: ScalarType { .float64 }
}
extension Int64: SpaceNumber {
  /// int64.
  @inlinable public static var scalarType: ScalarType { .int64 }
}
extension Int32: SpaceNumber {
  /// int32.
  @inlinable public static var scalarType: ScalarType { .int32 }
}
extension Int8: SpaceNumber {
  /// int8.
  @inlinable public static var scalarType: ScalarType { .int8 }
}
extension UInt8: SpaceNumber {
  /// uint8.
  @inlinable public static var scalarType: ScalarType { .uint8 }
}

extension SpaceValue: SpaceElement {
  /// Writes a tree, whatever the space.
  public func store(in batch: ValueBatch, row: Int) throws(EnvironmentError) {
    switch (self, batch.storage) {
    case (.flat(let value), .flat(let array, let width)):
      guard value.type == array.type else {
        throw .invalidValue("the value has type \(value.type), but its space has \(array.type)")
      }
      try batch.requireWidth(width, value.count)
      array.copy(value, from: 0, count: width, at: row * width)
    case (.tuple(let values), .members(let members)), (.dict(let values), .members(let members)):
      try batch.requireWidth(members.count, values.count)
      for (value, member) in zip(values, members) { try value.store(in: member, row: row) }
    case (_, .irregular): batch.trees[row] = self
    default: throw .invalidValue("the value is not one of \(batch.space.phrase)")
    }
  }

  /// Reads a tree, whatever the space.
  public static func load(from batch: ValueBatch, row: Int) throws(EnvironmentError) -> SpaceValue {
    switch batch.storage {
    case .flat(let array, let width):
      let value = FlatArray(array.type, count: width)
      value.copy(array, from: row * width, count: width, at: 0)
      return .flat(value)
    case .members(let members):
      var values: [SpaceValue] = []
      for member in members { values.append(try load(from: member, row: row)) }
      if case .dict = batch.space { return .dict(values) }
      return .tuple(values)
    case .irregular:
      guard let tree = batch.trees[row] else { throw .invalidValue("row \(row) has not been written yet") }
      return tree
    }
  }
}
