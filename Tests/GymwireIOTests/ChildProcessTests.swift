import GymwireIO
import Testing

@Suite("Child processes")
struct ChildProcessTests {
  @Test("a child that ends by itself is reaped and tells its status")
  func status() throws {
    let child = try ChildProcess(command: ["sh", "-c", "exit 3"])
    #expect(child.exit(within: .seconds(20)) == .status(3))
    #expect(TestPlatform.isGone(child.processIdentifier))
    #expect("\(try #require(child.exit()))" == "exited with status 3")
  }

  @Test("a child that is killed tells the signal's name")
  func signal() throws {
    let child = try ChildProcess(command: ["sh", "-c", "kill -KILL $$"])
    #expect(child.exit(within: .seconds(20)) == .signal(TestPlatform.killSignal))
    #expect("\(try #require(child.exit()))" == "was killed by SIGKILL")
  }

  @Test("a child that goes on has no exit yet")
  func running() throws {
    let child = try ChildProcess(command: ["cat"])
    #expect(child.exit(within: .milliseconds(20)) == nil)
    #expect(child.terminate() == .status(0))
  }

  @Test("arguments reach the child untouched by any shell")
  func arguments() throws {
    let words = ["a b", "$HOME", "*", "'", "", "é"]
    let child = try ChildProcess(command: ["printf", "%s|"] + words)
    #expect(try child.output.readToEnd() == words.map { $0 + "|" }.joined())
  }

  @Test("the directory of the running program comes first on the child's path")
  func path() throws {
    let child = try ChildProcess(command: ["sh", "-c", "printf %s \"$PATH\""])
    let directories = try child.output.readToEnd().split(separator: ":")
    let own = try #require(CommandLine.arguments.first?.split(separator: "/").last)
    let listing = try ChildProcess(command: ["ls", String(try #require(directories.first))])
    #expect(directories.count > 1)
    #expect(try listing.output.readToEnd().split(separator: "\n").contains(own))
  }

  @Test("signals that this process ignores work in the child as ever")
  func brokenPipe() throws {
    let child = try ChildProcess(command: ["sh", "-c", "kill -PIPE $$; exit 5"])
    #expect(child.exit(within: .seconds(20)) == .signal(TestPlatform.brokenPipeSignal))
  }

  @Test("a child has a process group of its own, so a signal to its group spares this process")
  func ownGroup() throws {
    let child = try ChildProcess(command: ["sh", "-c", "kill -TERM 0; sleep 100"])
    #expect(child.exit(within: .seconds(20)) == .signal(TestPlatform.terminateSignal))
  }

  @Test("closing the input of one child ends it although others have been started since")
  func noSharedDescriptors() throws {
    let first = try ChildProcess(command: ["cat"])
    let others = try (0..<3).map { _ in try ChildProcess(command: ["cat"]) }
    first.closeInput()
    #expect(first.exit(within: .seconds(20)) == .status(0))
    #expect(others.allSatisfy { $0.exit() == nil })
    ChildProcess.terminate(others)
    #expect(others.allSatisfy { $0.exit() == .status(0) })
  }

  @Test("many children started and closed leave no descriptor open")
  func descriptorLeaks() throws {
    let before = TestPlatform.openDescriptorCount()
    for round in 0..<100 {
      let child = try ChildProcess(command: round.isMultiple(of: 2) ? ["true"] : ["cat"])
      child.terminate()
      #expect(TestPlatform.isGone(child.processIdentifier))
    }
    for _ in 0..<50 { #expect(throws: ChildProcessError.self) { try ChildProcess(command: ["./no-such-server"]) } }
    for _ in 0..<50 { #expect(throws: ChildProcessError.self) { try ChildProcess(command: ["/dev/null"]) } }
    // Other tests run beside this one and have children of their own.
    #expect(TestPlatform.openDescriptorCount() < before + 60)
  }
}

@Suite("The end of a child")
struct TeardownTests {
  @Test("a server that ends with its input is not signalled")
  func politeEnd() throws {
    let child = try ChildProcess(command: ["sh", "-c", "trap 'exit 9' TERM; cat; exit 0"])
    #expect(child.terminate() == .status(0))
    #expect(TestPlatform.isGone(child.processIdentifier))
  }

  @Test("a child that does not look at its input gets SIGTERM")
  func terminated() throws {
    let child = try ChildProcess(command: ["sleep", "100"])
    #expect(child.terminate(grace: .milliseconds(100)) == .signal(TestPlatform.terminateSignal))
    #expect(TestPlatform.isGone(child.processIdentifier))
  }

  @Test("a child that ignores SIGTERM is killed")
  func killed() throws {
    let child = try ChildProcess(command: [
      "sh", "-c", "trap '' TERM; echo ready; for i in $(seq 60); do sleep 1; done",
    ])
    #expect(child.output.isReadable(within: .seconds(20)))
    #expect(child.terminate(grace: .milliseconds(200)) == .signal(TestPlatform.killSignal))
    #expect(TestPlatform.isGone(child.processIdentifier))
  }

  @Test("a stopped child is killed as well")
  func stopped() throws {
    let child = try ChildProcess(command: ["sh", "-c", "kill -STOP $$"])
    #expect(TestPlatform.eventually { child.isStopped })
    #expect(child.terminate(grace: .milliseconds(100)) == .signal(TestPlatform.killSignal))
  }

  @Test(
    "what a child has started goes with it",
    arguments: [
      "sleep 100 & echo $!; exec cat",
      "sleep 100 & echo $!; exit 0",
      "trap '' TERM; sleep 100 & echo $!; sleep 100",
    ]
  )
  func grandchildren(script: String) throws {
    let child = try ChildProcess(command: ["sh", "-c", script])
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = try bytes.withUnsafeMutableBytes { try child.output.read(into: $0) }
    let line = String(decoding: bytes[..<count], as: UTF8.self)
    let grandchild = try #require(Int32(line.dropLast()))
    child.terminate(grace: .milliseconds(200))
    #expect(TestPlatform.isGone(child.processIdentifier))
    #expect(TestPlatform.eventually { TestPlatform.isDead(grandchild) })
  }

  @Test("an object that goes takes its process along")
  func deinitialised() throws {
    var child: ChildProcess? = try ChildProcess(command: ["cat"])
    let process = try #require(child?.processIdentifier)
    child = nil
    #expect(TestPlatform.isGone(process))
  }

  @Test("several children that ignore everything are ended side by side, not one after the other")
  func together() throws {
    let children = try (0..<20).map { _ in
      try ChildProcess(command: ["sh", "-c", "trap '' TERM; echo ready; for i in $(seq 60); do sleep 1; done"])
    }
    #expect(children.allSatisfy { $0.output.isReadable(within: .seconds(60)) })
    let duration = ContinuousClock().measure { ChildProcess.terminate(children, grace: .seconds(1)) }
    // One after the other they would take two seconds each.
    #expect(duration < .seconds(30))
    #expect(children.allSatisfy { TestPlatform.isGone($0.processIdentifier) })
  }

  @Test("ending a child twice is harmless")
  func twice() throws {
    let child = try ChildProcess(command: ["cat"])
    #expect(child.terminate() == .status(0))
    child.kill()
    #expect(child.terminate() == .status(0))
  }
}
