/// The arrays of a checkpoint that are too long for text, one behind the other as little-endian binary32, and their
/// checksum.
public final class LongArrays: FilePart {
  /// From how many numbers on an array is long.
  static let leastCount = 1 << 16
  private(set) var arrays: [[Float]]
  /// How many numbers each array has that is to be read.
  private let counts: [Int]

  init(_ arrays: [[Float]]) {
    (self.arrays, counts) = (arrays, arrays.map(\.count))
  }

  init(counts: [Int]) {
    (arrays, self.counts) = ([], counts)
  }

  /// Writes array after array.
  public func write<Failure: Error>(to sink: (UnsafeRawBufferPointer) throws(Failure) -> Void) throws(Failure) {
    var checksum = Checksum()
    let words = Memory<UInt32>(filledWith: 0)
    for array in arrays {
      words.reserve(array.count)
      for (index, number) in array.enumerated() { words[index] = number.bitPattern.littleEndian }
      let bytes = UnsafeRawBufferPointer(start: words.pointer, count: 4 * array.count)
      checksum.add(bytes)
      try sink(bytes)
    }
    withExtendedLifetime(words) {}
    try withUnsafeBytes(of: checksum.value.littleEndian) { (sum) throws(Failure) in try sink(sum) }
  }

  /// Reads array after array, in pieces, so that a count alone takes no memory.
  ///
  /// - Throws: what `source` throws, and ``TrainingError/unusableFile(what:reason:)`` for damaged numbers.
  public func read(
    from source: (UnsafeMutableRawBufferPointer) throws(TrainingError) -> Void
  ) throws(TrainingError) {
    var checksum = Checksum()
    let piece = Memory<UInt32>(count: Self.leastCount, filledWith: 0)
    for count in counts {
      var array: [Float] = []
      while array.count < count {
        let wanted = min(piece.count, count - array.count)
        let bytes = UnsafeMutableRawBufferPointer(start: piece.pointer, count: 4 * wanted)
        try source(bytes)
        checksum.add(UnsafeRawBufferPointer(bytes))
        for index in 0..<wanted { array.append(Float(bitPattern: UInt32(littleEndian: piece[index]))) }
      }
      // Told here, where it is known in which file the number is.
      guard array.allSatisfy(\.isFinite) else {
        throw .unusableFile(
          what: "file of long arrays",
          reason: "a number of it is not finite: the file is damaged, or the training run had diverged")
      }
      arrays.append(array)
    }
    withExtendedLifetime(piece) {}
    var sum: UInt64 = 0
    try withUnsafeMutableBytes(of: &sum) { (bytes) throws(TrainingError) in try source(bytes) }
    guard UInt64(littleEndian: sum) == checksum.value else {
      throw .unusableFile(what: "file of long arrays", reason: "its checksum is wrong: the file is damaged")
    }
  }
}

extension Checkpoint {
  /// The name of ``LongArrays`` among the files.
  public static let longArraysName = "arrays"

  /// Takes the long arrays out, for a file of their own; nil where there are none.
  public mutating func takeLongArrays() -> LongArrays? {
    var arrays: [[Float]] = []
    changeBlocks { block in
      guard block.numbers.count >= LongArrays.leastCount else { return }
      arrays.append(block.numbers)
      (block.numbers, block.storedCount) = ([], block.numbers.count)
    }
    return arrays.isEmpty ? nil : LongArrays(arrays)
  }

  /// What is to be read from the file of the long arrays; nil where none were taken out.
  public func missingArrays() throws(TrainingError) -> LongArrays? {
    let counts = blocks.compactMap(\.storedCount)
    guard counts.allSatisfy({ $0 >= 0 }) else {
      throw .unusableFile(what: "checkpoint", reason: "an array has a negative count")
    }
    return counts.isEmpty ? nil : LongArrays(counts: counts)
  }

  /// Puts the long arrays back.
  public mutating func putBack(_ long: LongArrays) {
    var rest = long.arrays[...]
    changeBlocks { block in
      guard block.storedCount != nil, let numbers = rest.popFirst() else { return }
      (block.numbers, block.storedCount) = (numbers, nil)
    }
  }
}
