import Environments
import GymwireIO
import Synchronization
import Testing

/// What the library's driver makes of servers that go wrong, each a real process.
@Suite("A driver whose server misbehaves", .enabled(if: Misbehaving.isPossible, "python3 is not installed"))
struct DriverFaultTests {
  /// Resets and takes `steps` steps.
  private func drive(
    _ server: Misbehaving, steps: Int = 4, startLimit: Int? = nil, stepLimit: Int? = nil,
    warn: @escaping @Sendable (String) -> Void = { _ in }
  ) throws {
    var options = RemoteVectorEnvironment.Options(command: server.command)
    options.connection.warn = warn
    options.startLimit = .seconds(startLimit ?? 60)
    options.stepLimit = .seconds(stepLimit ?? 60)
    let environment = try RemoteVectorEnvironment(options)
    defer { environment.close() }
    try environment.reset(seed: 1, options: [:])
    let actions = ValueBatch(environment.actionSpace, count: environment.count)
    for _ in 0..<steps { try environment.step(actions) }
  }

  @Test("says in one sentence which process it is, in which phase, and what to do; SPEC 3.7", arguments: Fault.all)
  func fault(fault: Fault) throws {
    let server = try Misbehaving(fault.mode)
    let error = try #require(throws: ConnectionError.self) {
      try drive(
        server, startLimit: fault.phase == "start-up" ? fault.limit : nil,
        stepLimit: fault.phase == "step" ? fault.limit : nil)
    }
    fault.check(error.description, server: server)
    #expect(server.processes.count == 1 && server.isGone())
  }

  @Test("passes over a banner with one warning; SPEC 2.14")
  func banner() throws {
    let warnings = Mutex<[String]>([])
    let server = try Misbehaving("banner")
    try drive(server) { text in warnings.withLock { $0.append(text) } }
    #expect(warnings.withLock { $0.count } == 1)
    #expect(
      warnings.withLock { $0.first }?.contains("misbehave.py has written a line to standard output that is not a reply")
        == true)
    #expect(server.isGone())
  }

  @Test("is not held up by a server that writes megabytes to standard error; SPEC 2.13")
  func flood() throws {
    let server = try Misbehaving("floods-stderr", atStep: 1)
    try drive(server, steps: 12)
    #expect(server.isGone())
  }

  @Test("drives a well-behaved server through many episodes, and leaves no process behind")
  func good() throws {
    let server = try Misbehaving("none")
    try drive(server, steps: 50)
    #expect(server.processes.count == 1 && server.isGone())
  }

  @Test("ends every process when one of several misbehaves")
  func oneOfSeveral() throws {
    let server = try Misbehaving("nan-observation")
    var options = RemoteVectorEnvironment.Options(command: server.command)
    options.processCount = 3
    let environment = try RemoteVectorEnvironment(options)
    try environment.reset(seed: 1, options: [:])
    let actions = ValueBatch(environment.actionSpace, count: environment.count)
    #expect(throws: ConnectionError.self) { for _ in 0..<4 { try environment.step(actions) } }
    environment.close()
    #expect(server.processes.count == 3 && server.isGone())
  }
}
