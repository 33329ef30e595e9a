import Environments
import JSONLines
import SpaceCoding

/// Reads the JSON of a file from outside; each error is a sentence that names the place.
struct FileScanner {
  private let what: String
  private var scanner: JSONScanner
  private var path: [String] = []

  /// Reads `bytes`, which have to stay in place; `what` is what people call the file.
  init(_ bytes: UnsafeRawBufferPointer, what: String) {
    self.what = what
    scanner = JSONScanner(bytes)
  }

  /// Throws if anything but white space is left.
  mutating func finish() throws(TrainingError) {
    try read { scanner throws(JSONError) in try scanner.finish() }
  }

  /// Calls `member` at the value of each member of an object with its name; null stands for an absent member.
  ///
  /// `member` reads the value, or returns false to have it skipped.
  mutating func readObject(
    _ member: (inout FileScanner, String) throws(TrainingError) -> Bool
  ) throws(TrainingError) {
    try read { scanner throws(JSONError) in try scanner.enterObject() }
    var names: Set<String> = []
    while let name = try read({ scanner throws(JSONError) in try scanner.nextName() })?.string {
      guard names.insert(name).inserted else { throw unusable("\(name.abbreviated()) is there twice") }
      path.append(name)
      let kind = try read { scanner throws(JSONError) in try scanner.peek() }
      let isRead = kind == .null ? false : try member(&self, name)
      if !isRead { try read { scanner throws(JSONError) in try scanner.skipValue() } }
      path.removeLast()
    }
  }

  /// Calls `element` at each element of an array; it reads the element.
  mutating func readArray(_ element: (inout FileScanner) throws(TrainingError) -> Void) throws(TrainingError) {
    try read { scanner throws(JSONError) in try scanner.enterArray() }
    var index = 0
    while try read({ scanner throws(JSONError) in try scanner.nextElement() }) {
      path.append("\(index)")
      try element(&self)
      path.removeLast()
      index += 1
    }
  }

  mutating func readString() throws(TrainingError) -> String {
    try read { scanner throws(JSONError) in try scanner.readString() }
  }

  mutating func readFlag() throws(TrainingError) -> Bool {
    try read { scanner throws(JSONError) in try scanner.readBool() }
  }

  mutating func readDouble() throws(TrainingError) -> Double {
    try read { scanner throws(JSONError) in try scanner.readDouble() }
  }

  /// Reads an integer of at least 0.
  mutating func readCount() throws(TrainingError) -> Int {
    let value = try read { scanner throws(JSONError) in try scanner.readInteger() }
    guard value >= 0 else { throw unusable("\(value) is not an integer of at least 0") }
    return Int(value)
  }

  /// Reads the name of one of the cases.
  mutating func readCase<Choice: RawRepresentable<String> & CaseIterable>(
    of _: Choice.Type
  ) throws(TrainingError) -> Choice {
    let name = try readString()
    guard let choice = Choice(rawValue: name) else {
      let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw unusable("\"\(name.abbreviated())\" is none of \(known)")
    }
    return choice
  }

  /// Reads a space by the rules of hello.
  mutating func readSpace() throws(TrainingError) -> Space {
    do throws(SpaceError) { return try Space(from: &scanner, path: path.joined(separator: ".")) } catch {
      throw .unusableFile(what: what, reason: error.description)
    }
  }

  /// Reads a list of finite numbers.
  mutating func readDoubles() throws(TrainingError) -> [Double] {
    try readNumbers { scanner throws(JSONError) in try scanner.readDouble() }
  }

  /// Reads a list of finite numbers.
  mutating func readFloats() throws(TrainingError) -> [Float] {
    try readNumbers { scanner throws(JSONError) in try scanner.readFloat() }
  }

  /// Reads a list of `rows` lists of equally many finite numbers, one after another, or all of them as base64.
  mutating func readRows() throws(TrainingError) -> (numbers: [Float], rows: Int?) {
    let kind = try read { scanner throws(JSONError) in try scanner.peek() }
    if kind == .object { return (try readBase64(), nil) }
    var numbers: [Float] = []
    var rows = 0
    try readArray { row throws(TrainingError) in
      let floats = try row.readFloats()
      guard floats.count * rows == numbers.count else {
        throw row.unusable("it has \(floats.count) numbers, unlike the \(numbers.count / max(1, rows)) before it")
      }
      numbers += floats
      rows += 1
    }
    return (numbers, rows)
  }

  private mutating func readNumbers<Number: BinaryFloatingPoint>(
    _ number: (inout JSONScanner) throws(JSONError) -> Number
  ) throws(TrainingError) -> [Number] {
    var numbers: [Number] = []
    try read { scanner throws(JSONError) in
      try scanner.enterArray()
      while try scanner.nextElement() { numbers.append(try number(&scanner)) }
    }
    if let index = numbers.firstIndex(where: { !$0.isFinite }) {
      throw unusable("number \(index) is \(numbers[index]), which is not finite")
    }
    return numbers
  }

  /// Reads `{"b64":"..."}`, the bytes of little-endian float32.
  private mutating func readBase64() throws(TrainingError) -> [Float] {
    var numbers: [Float]?
    try readObject { object, name throws(TrainingError) in
      guard name == "b64" else { return false }
      numbers = try object.readBase64Text()
      return true
    }
    guard let numbers else { throw unusable("b64 is missing") }
    if let index = numbers.firstIndex(where: { !$0.isFinite }) {
      throw unusable("number \(index) is \(numbers[index]), which is not finite")
    }
    return numbers
  }

  private mutating func readBase64Text() throws(TrainingError) -> [Float] {
    guard let text = try read({ scanner throws(JSONError) in try scanner.readStringBytes() }) else {
      throw unusable("base64 has no escapes")
    }
    let padding = text.suffix(2).count { $0 == UInt8(ascii: "=") }
    let size = text.count / 4 * 3 - padding
    guard text.count % 4 == 0, size >= 0, size % 4 == 0 else {
      throw unusable("\(text.count) base64 characters are not a number of float32")
    }
    var bits = [UInt32](repeating: 0, count: size / 4)
    do throws(Base64Error) {
      try bits.withUnsafeMutableBytes { target in
        Result { () throws(Base64Error) in try Base64.decode(text, into: target) }
      }.get()
    } catch {
      throw unusable("\(error)")
    }
    return bits.map { Float(bitPattern: UInt32(littleEndian: $0)) }
  }

  /// An error about the place that is being read.
  func unusable(_ reason: String) -> TrainingError {
    .unusableFile(what: what, reason: path.isEmpty ? reason : "\(path.joined(separator: ".")): \(reason)")
  }

  private mutating func read<Value>(
    _ body: (inout JSONScanner) throws(JSONError) -> Value
  ) throws(TrainingError) -> Value {
    do throws(JSONError) { return try body(&scanner) } catch {
      let reason = error.description.hasSuffix(".") ? String(error.description.dropLast()) : error.description
      throw unusable(error.reason == .unexpectedEnd ? "it was cut off: \(reason)" : reason)
    }
  }
}
