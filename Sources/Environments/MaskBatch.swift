/// Which actions are legal, told for each of `count` rows.
public final class MaskBatch {
  /// The space of the actions, which masks follow in their structure; nil where nothing is ever forbidden.
  public let actions: Space?
  /// The number of rows.
  public let count: Int
  /// How many numbers the mask of a row has; 0 where nothing can be forbidden.
  public let width: Int
  /// `count` rows of `width` numbers 0 or 1.
  public let array: FlatArray
  /// The numbers of `array`; 1 until something is forbidden.
  public let numbers: UnsafeMutableBufferPointer<UInt8>

  /// Creates masks that allow everything.
  ///
  /// - Parameter actions: the space of the actions if some of them may be forbidden; nil if none ever is.
  public init(_ actions: Space?, count: Int) {
    self.actions = actions
    self.count = count
    width = actions?.maskWidth ?? 0
    array = FlatArray(.bool, count: count * width)
    numbers = array.numbers(as: UInt8.self)
    numbers.update(repeating: 1)
  }

  /// The first number of the first row; nil where nothing can be forbidden.
  public var start: UnsafePointer<UInt8>? { width > 0 ? numbers.baseAddress.map { UnsafePointer($0) } : nil }

  /// Copies row `from` of masks of the same actions to row `at` here.
  public func copyRow(_ from: Int, of source: MaskBatch, to at: Int) {
    precondition(source.width == width, "both masks are for one space")
    array.copy(source.array, from: from * width, count: width, at: at * width)
  }

  /// Copies all rows of masks of the same actions.
  public func copy(_ source: MaskBatch) {
    if width > 0 { array.copy(source.array, from: 0, count: count * width, at: 0) }
  }

  /// Makes every action of some rows legal.
  public func allowEverything(in rows: Range<Int>) {
    guard width > 0 else { return }
    UnsafeMutableBufferPointer(rebasing: numbers[rows.lowerBound * width..<rows.upperBound * width])
      .update(repeating: 1)
  }
}
