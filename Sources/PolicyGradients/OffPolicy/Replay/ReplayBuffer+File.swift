extension ReplayBuffer {
  private static let mark: UInt64 = 0x3159_4C50_4552_5747  // "GWREPLY1" as little-endian bytes

  /// Writes everything in pieces.
  ///
  /// A header of 64-bit words, the rows that are filled, array by array and lane by lane, the priorities if there are any,
  /// and a checksum. Numbers are little-endian.
  public func write<Failure: Error>(to sink: (UnsafeRawBufferPointer) throws(Failure) -> Void) throws(Failure) {
    var checksum = Checksum()
    func put(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
      checksum.add(bytes)
      try sink(bytes)
    }
    let header =
      [Self.mark] + description + (0..<layout.lanes).flatMap { [UInt64(lanes[$0].head), UInt64(lanes[$0].filled)] }
    let words = Self.copy(header)
    try put(UnsafeRawBufferPointer(words.bytes))
    for (array, size) in layout.rowSizes.enumerated() {
      for lane in 0..<layout.lanes { try put(UnsafeRawBufferPointer(filledPart(array, size, lane))) }
    }
    if let priorities {
      let saved = [priorities.greatest] + (0..<layout.rows).filter { kinds[$0] != 0 }.map { priorities[$0] }
      let numbers = Self.copy(saved)
      try put(UnsafeRawBufferPointer(numbers.bytes))
      withExtendedLifetime(numbers) {}
    }
    let sum = Self.copy([checksum.value])
    try sink(UnsafeRawBufferPointer(sum.bytes))
    withExtendedLifetime((words, sum)) {}
  }

  /// Reads what ``write(to:)`` wrote for the same layout; `source` fills a buffer completely or throws.
  ///
  /// - Throws: ``TrainingError/unusableFile(what:reason:)`` for a file of another layout or a damaged one. The replay is empty
  ///   then.
  public func read(
    from source: (UnsafeMutableRawBufferPointer) throws(TrainingError) -> Void
  ) throws(TrainingError) {
    do throws(TrainingError) {
      try readAll(source)
    } catch {
      removeAll()
      throw error
    }
  }

  /// Forgets everything.
  public func removeAll() {
    for lane in 0..<layout.lanes { lanes[lane] = Lane() }
    for row in 0..<layout.rows where kinds[row] != 0 {
      kinds[row] = 0
      priorities?.remove(row)
    }
    count = 0
  }

  private func readAll(
    _ source: (UnsafeMutableRawBufferPointer) throws(TrainingError) -> Void
  ) throws(TrainingError) {
    removeAll()
    var checksum = Checksum()
    func take(_ bytes: UnsafeMutableRawBufferPointer) throws(TrainingError) {
      try source(bytes)
      checksum.add(UnsafeRawBufferPointer(bytes))
    }
    let header = Memory<UInt64>(count: 1 + description.count + 2 * layout.lanes, filledWith: 0)
    try take(header.bytes)
    guard header[0] == Self.mark else { throw Self.unusable("it does not begin as a replay does") }
    guard (0..<description.count).allSatisfy({ header[$0 + 1] == description[$0] }) else {
      throw Self.unusable("it was written with other spaces, other sub-environments, or another --replay-size")
    }
    for lane in 0..<layout.lanes {
      let (head, filled) = (header[1 + description.count + 2 * lane], header[2 + description.count + 2 * lane])
      guard filled <= layout.rowsPerLane, head < max(filled, 1) else { throw Self.unusable("its lanes are damaged") }
      lanes[lane] = Lane(head: Int(head), filled: Int(filled))
    }
    for (array, size) in layout.rowSizes.enumerated() {
      for lane in 0..<layout.lanes { try take(filledPart(array, size, lane)) }
    }
    let rows = (0..<layout.rows).filter { kinds[$0] != 0 }
    count = rows.count
    guard rows.allSatisfy({ kinds[$0] <= Kind.cut.rawValue && rewards[$0].isFinite && hasPossibleAction($0) }) else {
      throw Self.unusable("a row of it is damaged")
    }
    if let priorities {
      let saved = Memory<Float>(count: rows.count + 1, filledWith: 0)
      try take(saved.bytes)
      guard (0...rows.count).allSatisfy({ saved[$0].isFinite && saved[$0] > 0 }) else {
        throw Self.unusable("a priority of it is damaged")
      }
      priorities.restore(greatest: saved[0])
      for (index, row) in rows.enumerated() { priorities.restore(row, to: saved[index + 1]) }
    }
    let expected = Memory<UInt64>(count: 1, filledWith: 0)
    try source(expected.bytes)
    withExtendedLifetime(header) {}
    guard expected[0] == checksum.value else { throw Self.unusable("its checksum is wrong: the file is damaged") }
  }

  /// Whether the action of a row can be learned from: an index that is none would be written to.
  private func hasPossibleAction(_ row: Int) -> Bool {
    (row * layout.actionWidth..<(row + 1) * layout.actionWidth).allSatisfy { index in
      let number = actions[index]
      guard layout.choices > 0 else { return number.isFinite }
      return number >= 0 && number < Float(layout.choices) && number == number.rounded()
    }
  }

  private var description: [UInt64] {
    [
      layout.lanes, layout.rowsPerLane, layout.observationWidth, layout.hasByteObservations ? 1 : 0, layout.actionWidth,
      layout.maskWidth, layout.distributionWidth, priorities == nil ? 0 : 1,
    ].map(UInt64.init)
  }

  private func filledPart(_ array: Int, _ size: Int, _ lane: Int) -> UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(
      start: memory + offsets[array] + lane * layout.rowsPerLane * size, count: lanes[lane].filled * size)
  }

  private static func copy<Number: BitwiseCopyable>(_ numbers: [Number]) -> Memory<Number> {
    let memory = Memory(count: numbers.count, filledWith: numbers[0])
    for (index, number) in numbers.enumerated() { memory[index] = number }
    return memory
  }

  private static func unusable(_ reason: String) -> TrainingError { .unusableFile(what: "replay file", reason: reason) }
}

extension Memory {
  /// The bytes of all elements.
  fileprivate var bytes: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: pointer, count: count * MemoryLayout<Element>.stride)
  }
}

/// A running checksum of bytes, which does not depend on how they are cut into pieces.
///
/// FNV-1a over words of eight bytes in place of single ones, the last word filled up with zeros, then the length.
struct Checksum {
  private var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  private var word: UInt64 = 0
  private var length: UInt64 = 0

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    var index = 0
    while index < bytes.count {
      if length % 8 == 0, bytes.count - index >= 8 {
        mix(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
        (index, length) = (index + 8, length + 8)
        continue
      }
      word |= UInt64(bytes[index]) << (8 * (length % 8))
      (index, length) = (index + 1, length + 1)
      if length % 8 == 0 {
        mix(word)
        word = 0
      }
    }
  }

  private mutating func mix(_ next: UInt64) { hash = (hash ^ next) &* 0x0000_0100_0000_01B3 }

  /// The checksum of all bytes so far.
  var value: UInt64 {
    var copy = self
    copy.mix(word)
    copy.mix(length)
    return copy.hash ^ copy.hash >> 32
  }
}
