import JSONLines
import Testing

@Suite("Hostile input is refused and never traps")
struct HostileInputTests {
  static let lines = [
    #"{"id":0,"version":1,"role":"env","features":[],"obs_space":{"type":"Box","shape":[4],"low":[-4.8,"-Infinity"]}}"#,
    #"{"id":2,"obs":[0.027273363,0.18847767,0.03625453,-0.26141977],"reward":1,"terminated":false,"info":null}"#,
    #"["\ud83d\ude00 \"x\" é\u0000",1e-5,-0.0,12345678901234567890,1.7976931348623157e308,[[{"":[]}]],true]"#,
  ]

  /// Reads a text in every way there is; what comes out does not matter.
  static func readInEveryWay(_ bytes: UnsafeRawBufferPointer) {
    var floats = [Float](repeating: 0, count: 4)
    let readers: [(inout JSONScanner) throws -> Void] = [
      { try $0.skipValue() },
      { _ = try $0.readValue() },
      { scanner in
        _ = try? scanner.readDouble()
        _ = try? scanner.readInteger()
        _ = try? scanner.readStringBytes()
        _ = try? scanner.readString()
        _ = try? scanner.readBool()
        _ = try? scanner.readNull()
      },
      { scanner in try floats.withUnsafeMutableBufferPointer { try scanner.readFloats(into: $0) } },
      { scanner in
        try scanner.enterObject()
        while let name = try scanner.nextName() {
          if name == "obs" {
            try floats.withUnsafeMutableBufferPointer { try scanner.readFloats(into: $0) }
          } else if name.string.count > 4 {
            _ = try scanner.readInteger()
          } else {
            _ = try scanner.readValue()
          }
        }
      },
    ]
    for tolerant in [false, true] {
      for read in readers {
        var scanner = JSONScanner(bytes, toleratesNonFinite: tolerant, toleratesNestedArrays: tolerant)
        do {
          try read(&scanner)
          try scanner.finish()
        } catch {
          #expect((error as? JSONError).map { (0...bytes.count).contains($0.offset) } == true)
        }
      }
    }
  }

  @Test("a text cut anywhere is an error", arguments: lines)
  func truncated(line: String) {
    let bytes = Array(line.utf8)
    #expect(refusal(bytes) == nil)
    for count in 0..<bytes.count {
      let part = Array(bytes[..<count])
      #expect(refusal(part) != nil)
      part.withUnsafeBytes { Self.readInEveryWay($0) }
    }
  }

  @Test("random changes are read or refused, and what is accepted by one reader is accepted by the other")
  func mutated() {
    var generator = Generator(seed: 5)
    let alphabet =
      Array("{}[]\",:\\u0123456789eE+-.ntfNaIDd8 \n\u{0}\u{1F}\u{7F}".utf8) + [0x80, 0xBF, 0xC3, 0xE2, 0xF0, 0xFF]
    for round in 0..<20_000 {
      var bytes = Array(Self.lines[round % Self.lines.count].utf8)
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        let byte = alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes[place] = byte
        case 1: bytes.insert(byte, at: place)
        case 2: bytes.remove(at: place)
        default: bytes.insert(contentsOf: bytes[place..<min(place + 9, bytes.count)], at: place)
        }
      }
      bytes.withUnsafeBytes { Self.readInEveryWay($0) }
      // A tree refuses what skipping refuses.
      var refusedByTree: JSONError?
      do { _ = try bytes.withUnsafeBytes { try JSONValue(parsing: $0) } } catch { refusedByTree = error as? JSONError }
      #expect(refusal(bytes) == refusedByTree, "\(String(decoding: bytes, as: UTF8.self))")
    }
  }

  @Test("random bytes are refused or read")
  func random() {
    var generator = Generator(seed: 6)
    for _ in 0..<20_000 {
      let count = Int.random(in: 0..<24, using: &generator)
      let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
      bytes.withUnsafeBytes { Self.readInEveryWay($0) }
    }
  }

  @Test("nesting of 100,000 is an error for every reader")
  func deep() {
    for unit in ["[", "{\"a\":", "[{\"a\":"] {
      let text = Array(String(repeating: unit, count: 100_000).utf8)
      text.withUnsafeBytes { Self.readInEveryWay($0) }
      #expect(throws: JSONError.self) { try text.withUnsafeBytes { try JSONValue(parsing: $0) } }
    }
  }
}
