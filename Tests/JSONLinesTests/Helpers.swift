import JSONLines

/// Calls `body` with the bytes of a text.
func withBytes<Result>(_ text: String, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
  try Array(text.utf8).withUnsafeBytes(body)
}

/// Checks a whole text and gives the error, or nil when it is accepted.
func refusal(
  _ bytes: [UInt8],
  maximumDepth: Int = 64,
  toleratesNonFinite: Bool = false
) -> JSONError? {
  bytes.withUnsafeBytes { bytes in
    do throws(JSONError) {
      var scanner = JSONScanner(bytes, maximumDepth: maximumDepth, toleratesNonFinite: toleratesNonFinite)
      try scanner.skipValue()
      try scanner.finish()
      return nil
    } catch {
      return error
    }
  }
}

func refusal(_ text: String, maximumDepth: Int = 64, toleratesNonFinite: Bool = false) -> JSONError? {
  refusal(Array(text.utf8), maximumDepth: maximumDepth, toleratesNonFinite: toleratesNonFinite)
}

/// Reads one value from a text with `read`.
func scan<Value>(
  _ text: String,
  toleratesNonFinite: Bool = false,
  toleratesNestedArrays: Bool = false,
  _ read: (inout JSONScanner) throws -> Value
) throws -> Value {
  try withBytes(text) { bytes in
    var scanner = JSONScanner(
      bytes,
      toleratesNonFinite: toleratesNonFinite,
      toleratesNestedArrays: toleratesNestedArrays
    )
    let value = try read(&scanner)
    try scanner.finish()
    return value
  }
}

/// The reason why reading failed, or nil when it did not.
func reason<Value>(
  _ text: String,
  _ read: (inout JSONScanner) throws -> Value
) -> JSONError.Reason? {
  do {
    _ = try scan(text, read)
    return nil
  } catch {
    return (error as? JSONError)?.reason
  }
}

/// What a writer makes of `write`.
func written(_ write: (inout JSONWriter) -> Void) -> String {
  var writer = JSONWriter()
  write(&writer)
  return String(decoding: writer.bytes, as: UTF8.self)
}

/// A small seeded generator (SplitMix64; Steele, Lea and Flood 2014), so that a failure can be repeated.
struct Generator: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
