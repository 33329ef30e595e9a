import JSONLines
import Testing

@Suite("LineSplitter")
struct LineSplitterTests {
  /// Everything that comes out of a stream cut into `chunks`; a line too long is nil.
  static func lines(_ chunks: [[UInt8]], maximumLineLength: Int = 1000) -> [String?] {
    var splitter = LineSplitter(maximumLineLength: maximumLineLength)
    var lines: [String?] = []
    func keep(_ line: LineSplitter.Line) {
      switch line {
      case .line(let bytes): lines.append(String(decoding: bytes, as: UTF8.self))
      case .tooLong: lines.append(nil)
      }
    }
    for chunk in chunks {
      chunk.withUnsafeBytes { splitter.append($0) }
      while let line = splitter.next() { keep(line) }
    }
    if let line = splitter.finish() { keep(line) }
    return lines
  }

  static func cuts(_ text: String, every size: Int) -> [[UInt8]] {
    let bytes = Array(text.utf8)
    return stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
  }

  @Test("lines do not depend on where the stream is cut")
  func linesDoNotDependOnCuts() {
    let text = "{\"a\":1}\r\n\n\r\n  \n{\"b\":\"\u{2028}\u{85}\u{2029}\"}\nnoise\r\r\n\r\r\n\u{1F600}\n{\"last\":true}"
    let expected = ["{\"a\":1}", "{\"b\":\"\u{2028}\u{85}\u{2029}\"}", "noise\r", "\r", "\u{1F600}", "{\"last\":true}"]
    for size in 1...text.utf8.count { #expect(Self.lines(Self.cuts(text, every: size)) == expected) }
    let bytes = Array(text.utf8)
    for cut in 0...bytes.count { #expect(Self.lines([Array(bytes[..<cut]), Array(bytes[cut...])]) == expected) }
  }

  @Test("a line that is too long is reported once, wherever it is cut, and the next line is whole")
  func tooLongIsReportedOnce() {
    let text = "short\n" + String(repeating: "x", count: 41) + "\n{}\n" + String(repeating: "y", count: 40) + "\n"
    for size in 1...text.utf8.count {
      let lines = Self.lines(Self.cuts(text, every: size), maximumLineLength: 40)
      #expect(lines == ["short", nil, "{}", String(repeating: "y", count: 40)])
    }
    #expect(Self.lines(Self.cuts(String(repeating: "x", count: 100), every: 7), maximumLineLength: 40) == [nil])
  }

  @Test("the end of a line is found wherever it is, whatever the bytes around it")
  func endsAreFound() {
    for length in 1...300 {
      for filler in [0x09, 0x0B, 0x8A, 0x7F, 0xFF, 0x0D, 0x61] as [UInt8] {
        let line = [UInt8](repeating: filler, count: length - 1) + [UInt8(ascii: "x")]
        var splitter = LineSplitter()
        (line + [0x0A] + line + [0x0A, 0x61]).withUnsafeBytes { splitter.append($0) }
        for _ in 0..<2 {
          guard case .line(let found)? = splitter.next() else {
            Issue.record("no end after \(length) bytes of \(filler)")
            return
          }
          #expect(found.elementsEqual(line))
        }
        #expect(splitter.partialLine.elementsEqual("a".utf8))
      }
    }
  }

  @Test("a line of a gigabyte costs no memory, and is known to be too long before it ends")
  func overlongLinesAreNotStored() {
    var splitter = LineSplitter(maximumLineLength: 100_000)
    let chunk = [UInt8](repeating: UInt8(ascii: "x"), count: 65_536)
    var reports = 0
    for round in 0..<16_384 {
      chunk.withUnsafeBytes { splitter.append($0) }
      while case .tooLong? = splitter.next() { reports += 1 }
      if round == 1 { #expect(reports == 1) }
    }
    #expect(reports == 1)
    #expect(splitter.capacity <= 400_000)
    #expect(splitter.partialLine.isEmpty)
    Array("\n{}\n".utf8).withUnsafeBytes { splitter.append($0) }
    guard case .line(let line)? = splitter.next() else {
      Issue.record("the line after a long one is lost")
      return
    }
    #expect(line.elementsEqual("{}".utf8))
  }

  @Test("reading into the free space gives the same lines, and stops allocating")
  func fillingIsLikeAppending() {
    let text = Array((0..<2000).map { "{\"id\":\($0)}\n" }.joined().utf8)
    var splitter = LineSplitter()
    var position = 0
    var lines = 0
    var capacities: Set<Int> = []
    while position < text.count {
      let size = min(1 + position % 97, text.count - position)
      let written = splitter.fill(atLeast: 97) { space in
        #expect(space.count >= 97)
        space.copyBytes(from: text[position..<position + size])
        return size
      }
      #expect(written == size)
      position += size
      while case .line(let bytes)? = splitter.next() {
        #expect(String(decoding: bytes, as: UTF8.self) == "{\"id\":\(lines)}")
        lines += 1
      }
      capacities.insert(splitter.capacity)
    }
    #expect(lines == 2000)
    #expect(splitter.partialLine.isEmpty)
    #expect(capacities.count == 1)
  }

  @Test("an error while reading adds nothing")
  func errorsPassThrough() {
    struct Broken: Error {}
    var splitter = LineSplitter()
    #expect(throws: Broken.self) {
      try splitter.fill(atLeast: 1) { _ throws(Broken) in throw Broken() }
    }
    #expect(splitter.partialLine.isEmpty)
  }

  @Test("the incomplete line can be seen")
  func partialLineIsSeen() {
    var splitter = LineSplitter()
    Array("{}\n{\"half".utf8).withUnsafeBytes { splitter.append($0) }
    while case .line? = splitter.next() {}
    #expect(splitter.partialLine.elementsEqual("{\"half".utf8))
  }
}
