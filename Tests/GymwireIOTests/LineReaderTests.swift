import GymwireIO
import Synchronization
import Testing

@Suite("Lines from descriptors")
struct LineReaderTests {
  private func lines(_ descriptor: FileDescriptor, spinning: Spinning, maximum: Int = 1 << 20) throws -> [String] {
    let reader = LineReader(descriptor, maximumLineLength: maximum, spinning: spinning)
    var lines: [String] = []
    while let line = try reader.next() {
      switch line {
      case .line(let bytes): lines.append(String(decoding: bytes, as: UTF8.self))
      case .tooLong: lines.append("too long")
      }
    }
    return lines
  }

  @Test("lines arrive whole, the last one without its end as well", arguments: [Spinning.never, .always])
  func wholeLines(spinning: Spinning) throws {
    let pipe = try TestPlatform.pipe()
    try pipe.writing.writeAll("{\"a\":1}\r\n\n{\"b\":\"\u{2028}\"}\n\(String(repeating: "x", count: 50))\n{}")
    pipe.writing.close()
    #expect(
      try lines(pipe.reading, spinning: spinning, maximum: 40) == [
        "{\"a\":1}", "{\"b\":\"\u{2028}\"}", "too long", "{}",
      ]
    )
    pipe.reading.close()
  }

  @Test("a descriptor that somebody has made non-blocking is waited for")
  func nonBlocking() throws {
    let child = try ChildProcess(command: ["sh", "-c", "sleep 0.2; echo late"])
    TestPlatform.setNonBlocking(child.output)
    #expect(try lines(child.output, spinning: .never) == ["late"])
  }

  @Test("signals, short reads and short writes lose nothing of ten megabytes", arguments: [Spinning.never, .always])
  func interrupted(spinning: Spinning) throws {
    let pipe = try TestPlatform.pipe()
    TestPlatform.setNonBlocking(pipe.writing)
    let expected = (0..<20_000).map { "{\"id\":\($0),\"x\":\"\(String(repeating: "y", count: $0 % 1000))\"}" }
    let received = Box()
    TestPlatform.runInterrupted([
      {
        try? pipe.writing.writeAll(expected.map { $0 + "\n" }.joined())
        pipe.writing.close()
      },
      {
        guard let lines = try? lines(pipe.reading, spinning: spinning) else { return }
        received.lines.withLock { $0 = lines }
      },
    ])
    #expect(received.lines.withLock { $0 } == expected)
    pipe.reading.close()
  }
}

private final class Box: Sendable {
  let lines = Mutex<[String]>([])
}
