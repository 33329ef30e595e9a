/// `count` values of one space in one storage, laid out as Gymnasium's `batch_space` lays them out.
///
/// A flat space is one row-major array of shape `[count] + shape`; Dict and Tuple are batched member by member; every
/// other space is a list of `count` trees. It is what environments write, the wire carries and agents read.
public final class ValueBatch {
  /// The space of each value.
  public let space: Space
  /// The number of values (rows).
  public let count: Int
  /// Where the values are.
  public let storage: Storage
  /// Whether each value is one number: a flat space of shape [].
  public let isScalar: Bool
  /// The trees of an irregular space, one for each row; nil until a row has been written.
  public var trees: [SpaceValue?]

  // The storage of a flat space once more, in plain fields that are read without counting references.
  @usableFromInline let array: FlatArray?
  @usableFromInline let start: UnsafeMutableRawPointer?
  @usableFromInline let width: Int
  @usableFromInline let type: ScalarType?

  /// The layout of a batch.
  public enum Storage {
    /// Rows of `width` numbers.
    case flat(FlatArray, width: Int)
    /// One batch for each member of a Dict or Tuple, in order.
    case members([ValueBatch])
    /// One tree for each row, in `trees`.
    case irregular
  }

  /// Creates a batch of zeros (irregular spaces: of nothing).
  public init(_ space: Space, count: Int) {
    self.space = space
    self.count = count
    trees = []
    if let (type, shape) = space.flat {
      let array = FlatArray(type, count: count * shape.elementCount)
      storage = .flat(array, width: shape.elementCount)
      isScalar = shape.isEmpty
      self.array = array
      start = array.bytes.baseAddress
      width = shape.elementCount
      self.type = type
      return
    }
    isScalar = false
    array = nil
    start = nil
    width = 0
    type = nil
    switch space {
    case .tuple(let spaces): storage = .members(spaces.map { ValueBatch($0, count: count) })
    case .dict(let members): storage = .members(members.map { ValueBatch($0.space, count: count) })
    default:
      storage = .irregular
      trees = Array(repeating: nil, count: count)
    }
  }

  /// The array and row width of a flat space; nil for every other.
  @inlinable
  public var flat: (array: FlatArray, width: Int)? {
    if let array { (array, width) } else { nil }
  }

  /// The numbers of some rows of a flat space; nil for every other.
  @inlinable
  @inline(__always)
  public func slice(_ rows: Range<Int>) -> FlatSlice? {
    guard let type, let start else { return nil }
    precondition(rows.lowerBound >= 0 && rows.upperBound <= count, "there are no such rows")
    // All rows are in memory, so these products cannot overflow.
    return FlatSlice(type, count: rows.count &* width, start: start + rows.lowerBound &* width &* type.size)
  }

  /// The numbers of one row of a flat space: what a struct with named parts writes itself to, and reads itself from.
  ///
  /// - Parameters:
  ///   - width: how many there have to be; nil takes any.
  ///   - type: the Swift type of the space's numbers.
  /// - Throws: ``EnvironmentError/invalidValue`` if the space is another.
  @inlinable
  @inline(__always)
  public func numbers<Scalar: SpaceNumber>(
    ofRow row: Int,
    width expected: Int? = nil,
    as type: Scalar.Type
  ) throws(EnvironmentError) -> UnsafeMutableBufferPointer<Scalar> {
    precondition(row >= 0 && row < count, "there is no such row")
    return try numbers(ofRows: row..<row &+ 1, width: expected, as: type)
  }

  /// The numbers of several rows of a flat space, in row-major order; parameters and errors are those of one row.
  @inlinable
  @inline(__always)
  public func numbers<Scalar: SpaceNumber>(
    ofRows rows: Range<Int>,
    width expected: Int? = nil,
    as type: Scalar.Type
  ) throws(EnvironmentError) -> UnsafeMutableBufferPointer<Scalar> {
    guard self.type == Scalar.scalarType, let numbers: UnsafeMutableBufferPointer<Scalar> = numbers(of: rows) else {
      throw mismatch("\(Scalar.self)")
    }
    if let expected, expected != width { try requireWidth(width, expected) }
    return numbers
  }

  /// The numbers of some rows of a flat space of type float32, without counting references; nil for every other space.
  @inlinable
  @inline(__always)
  public func floats(_ rows: Range<Int>) -> UnsafeMutableBufferPointer<Float>? {
    type == .float32 ? numbers(of: rows) : nil
  }

  /// The numbers of some rows of a flat space of type int64, without counting references; nil for every other space.
  @inlinable
  @inline(__always)
  public func integers(_ rows: Range<Int>) -> UnsafeMutableBufferPointer<Int64>? {
    type == .int64 ? numbers(of: rows) : nil
  }

  @inlinable
  @inline(__always)
  func numbers<Scalar>(of rows: Range<Int>) -> UnsafeMutableBufferPointer<Scalar>? {
    guard let start else { return nil }
    precondition(rows.lowerBound >= 0 && rows.upperBound <= count, "there are no such rows")
    // All rows are in memory, so these products cannot overflow.
    let address = start.assumingMemoryBound(to: Scalar.self) + rows.lowerBound &* width
    return UnsafeMutableBufferPointer(start: address, count: rows.count &* width)
  }

  @usableFromInline
  @inline(never)
  func mismatch(_ type: String) -> EnvironmentError {
    .invalidValue("numbers of Swift type \(type) cannot be a value of \(space.phrase)")
  }

  @usableFromInline
  @inline(never)
  func requireWidth(_ expected: Int, _ actual: Int) throws(EnvironmentError) {
    guard expected == actual else {
      throw .invalidValue("the value has \(actual) elements, but its space has \(expected)")
    }
  }

  /// Copies row `from` of a batch of the same space to row `at` here.
  public func copyRow(_ from: Int, of source: ValueBatch, to at: Int) {
    if let start, let other = source.start, let type {
      precondition(type == source.type && width == source.width, "the batches have other spaces")
      precondition(from >= 0 && from < source.count && at >= 0 && at < count, "there is no such row")
      let size = width * type.size
      (start + at * size).copyMemory(from: other + from * size, byteCount: size)
      return
    }
    switch (storage, source.storage) {
    case (.members(let members), .members(let others)):
      for (member, other) in zip(members, others) { member.copyRow(from, of: other, to: at) }
    default: trees[at] = source.trees[from]
    }
  }
}
