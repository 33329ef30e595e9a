import JSONLines

/// The figures of a run's epochs, by name; a figure that an epoch does not have is NaN.
public struct MetricsTable: Sendable {
  /// The names, in the order of the file.
  public private(set) var names: [String] = []
  private var columns: [[Double]] = []

  /// The number of epochs.
  public var count: Int { columns.first?.count ?? 0 }

  /// A figure of every epoch; nil if the run has no such figure.
  public subscript(name: String) -> [Double]? { names.firstIndex(of: name).map { columns[$0] } }

  /// Creates a table of columns that are equally long.
  public init(_ columns: [(name: String, values: [Double])]) {
    names = columns.map(\.name)
    self.columns = columns.map(\.values)
  }

  /// Reads a file of one JSON object a line, each with the same names.
  ///
  /// A line that is no such object ends the table there: a file that is being written, or was cut off, has what comes
  /// before it.
  public init(jsonLines bytes: UnsafeRawBufferPointer) {
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      guard end < bytes.count, (try? read(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))) != nil else { return }
      start = end + 1
    }
  }

  private mutating func read(_ line: UnsafeRawBufferPointer) throws(JSONError) {
    var scanner = JSONScanner(line)
    let isFirst = columns.isEmpty
    var values = [Double](repeating: .nan, count: columns.count)
    var place = 0
    try scanner.enterObject()
    while let name = try scanner.nextName() {
      let value = try Self.number(from: &scanner)
      if isFirst {
        names.append(name.string)
        values.append(value)
      } else if place < names.count, name.string == names[place] {
        values[place] = value
      } else if let index = names.firstIndex(of: name.string) {
        values[index] = value
      }
      place += 1
    }
    try scanner.finish()
    if isFirst { columns = Array(repeating: [], count: values.count) }
    for (index, value) in values.enumerated() { columns[index].append(value) }
  }

  private static func number(from scanner: inout JSONScanner) throws(JSONError) -> Double {
    if try scanner.peek() == .number { return try scanner.readDouble() }
    try scanner.skipValue()
    return .nan
  }
}
