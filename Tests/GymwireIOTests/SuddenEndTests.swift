import GymwireIO
import Testing

/// Each of these ends a process, so each runs in one of its own.
@Suite("The end of this program")
struct SuddenEndTests {
  /// The processes whose numbers the exit test wrote to its standard error as `child=123`.
  private func children(of result: ExitTest.Result?) throws -> [Int32] {
    let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    let children = text.split(separator: "\n").compactMap { $0.hasPrefix("child=") ? Int32($0.dropFirst(6)) : nil }
    try #require(!children.isEmpty)
    return children
  }

  @Test("a first request to stop raises a flag, a later second one kills the children and this program")
  func interruption() async throws {
    let result = await #expect(
      processExitsWith: .signal(TestPlatform.terminateSignal), observing: [\.standardErrorContent]
    ) {
      Interruption.install()
      let child = try stubbornChild()
      precondition(!Interruption.isRequested && Interruption.signalName == nil)
      TestPlatform.signalThisProcess(TestPlatform.interruptSignal)
      precondition(Interruption.isRequested && Interruption.signalName == "SIGINT")
      precondition(Interruption.exitStatus == 128 + TestPlatform.interruptSignal)
      TestPlatform.signalThisProcess(TestPlatform.interruptSignal)
      precondition(child.exit() == nil, "a signal that comes twice in a row is one request")
      TestPlatform.sleep(milliseconds: 700)
      TestPlatform.signalThisProcess(TestPlatform.terminateSignal)
    }
    for child in try children(of: result) { #expect(TestPlatform.eventually { TestPlatform.isDead(child) }) }
  }

  @Test("a signal that ends this program at once takes along the directory that has no use yet")
  func unusedDirectory() async throws {
    let result = await #expect(processExitsWith: .exitCode(130), observing: [\.standardErrorContent]) {
      Interruption.install()
      let parent = "/tmp/gymwire-unused-\(UInt64.random(in: 0 ... .max))"
      StandardStreams.report("parent=\(parent)")
      _ = try Directory.make(parent + "/empty")
      let lock = try DirectoryLock(parent + "/empty")
      lock.setInUse(false)
      Interruption.endingAtOnce { TestPlatform.signalThisProcess(TestPlatform.interruptSignal) }
      withExtendedLifetime(lock) {}
    }
    let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    let parent = try #require(text.split(separator: "\n").first { $0.hasPrefix("parent=") }).dropFirst(7)
    defer { _ = try? ChildProcess(command: ["rm", "-rf", String(parent)]).exit(within: .seconds(10)) }
    #expect(try Directory.names(in: String(parent)).isEmpty)
  }

  @Test("a request to stop ends a wait that has hours left")
  func interruptedWait() async throws {
    let result = await #expect(processExitsWith: .exitCode(42), observing: [\.standardErrorContent]) {
      Interruption.install()
      let connection = try ServerConnection(command: ["sleep", "100"], phase: .step(limit: .seconds(10_000)))
      StandardStreams.report("child=\(connection.process?.processIdentifier ?? 0)")
      TestPlatform.afterwards(milliseconds: 100) { TestPlatform.signalThisProcess(TestPlatform.hangUpSignal) }
      do throws(ConnectionError) {
        try connection.send(UnsafeRawBufferPointer(start: nil, count: 0))
        _ = try connection.receiveLine()
      } catch {
        precondition("\(error)".contains("had not answered when this program was asked to stop"))
        precondition(Interruption.signalName == "SIGHUP")
        TestPlatform.exit(42)
      }
    }
    for child in try children(of: result) { #expect(TestPlatform.eventually { TestPlatform.isDead(child) }) }
  }

  @Test("a program that exits without closing its servers leaves none of them behind")
  func exit() async throws {
    let result = await #expect(processExitsWith: .exitCode(7), observing: [\.standardErrorContent]) {
      let children = try (0..<3).map { _ in try stubbornChild() }
      withExtendedLifetime(children) { TestPlatform.exit(7) }
    }
    for child in try children(of: result) { #expect(TestPlatform.eventually { TestPlatform.isDead(child) }) }
  }

  @Test("a program that is killed outright takes servers along that end with their input")
  func killed() async throws {
    let result = await #expect(processExitsWith: .signal(TestPlatform.killSignal), observing: [\.standardErrorContent])
    {
      let children = try (0..<3).map { _ in try ChildProcess(command: ["cat"]) }
      for child in children { StandardStreams.report("child=\(child.processIdentifier)") }
      withExtendedLifetime(children) { TestPlatform.signalThisProcess(TestPlatform.killSignal) }
    }
    for child in try children(of: result) { #expect(TestPlatform.eventually { TestPlatform.isDead(child) }) }
  }

  @Test("a server that dies does not take this program along")
  func brokenPipe() async throws {
    await #expect(processExitsWith: .exitCode(3)) {
      let connection = try ServerConnection(command: ["true"])
      _ = connection.process?.exit(within: .seconds(20))
      _ = try? connection.ask("{}")
      TestPlatform.exit(3)
    }
  }

  @Test("nothing that prints can reach the protocol's output, in this program or in what it starts")
  func securedOutput() async throws {
    let result = await #expect(
      processExitsWith: .exitCode(0), observing: [\.standardOutputContent, \.standardErrorContent]
    ) {
      let output = try StandardStreams.secureProtocolOutput()
      print("from print")
      try output.writeAll("{\"id\":0}\n")
      try FileDescriptor.standardOutput.writeAll("from descriptor 1\n")
      TestPlatform.system("echo from a program that it starts")
      TestPlatform.exit(0)
    }
    let output = String(decoding: try #require(result).standardOutputContent, as: UTF8.self)
    let error = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(output.contains("{\"id\":0}\n"))
    #expect(!output.contains("from"))
    #expect(error.contains("from descriptor 1") && error.contains("from a program that it starts"))
    #expect(error.contains("from print"))
  }
}

/// A child that ends neither with its input nor when it is asked to, and has said so; should a test fail, it goes
/// after a minute.
private func stubbornChild() throws -> ChildProcess {
  let script = "trap '' TERM HUP INT; echo ready; for i in $(seq 60); do sleep 1; done"
  let child = try ChildProcess(command: ["sh", "-c", script])
  precondition(child.output.isReadable(within: .seconds(20)))
  StandardStreams.report("child=\(child.processIdentifier)")
  return child
}
