import GymwireIO

/// The program under examination: how it is started, and how long it may take.
public final class Subject {
  /// What a run of checks may be told.
  public struct Options: Sendable {
    /// The program and its arguments.
    public var command: [String]
    /// A command that leads to the same server while it waits on a socket; nil where none is known.
    public var attachCommand: [String]?
    /// The longest time from the start of a process to its reply to hello.
    public var startLimit = Duration.seconds(60)
    /// The longest time for any other reply.
    public var replyLimit = Duration.seconds(10)
    /// How many steps the check for leaks takes.
    public var leakSteps = 10_000
    /// Options that a reset of this environment understands, as JSON; nil if it has none.
    public var resetOptions: String?
    /// Where each conversation is written as a transcript; nil for nowhere.
    public var recordDirectory: String?
    /// Told what is waited for when a program takes long.
    public var tell: @Sendable (String) -> Void = { _ in }
    /// Whether a process may be started before the one before it has ended, which saves time.
    public var startsAhead = true

    /// The defaults for a command.
    public init(command: [String]) { self.command = command }
  }

  let options: Options
  private var spare: LinePeer?
  private var launches = 0
  // By what was said in hello.
  private var idle: [String: Conversation] = [:]
  /// What was found out about how the program repeats itself: nil within for one that does.
  var repetitions: [Repetition: Departure?] = [:]

  init(_ options: Options) { self.options = options }

  var commandLine: String { ShellWords.quote(options.command) }

  /// A fresh process that has been sent nothing.
  func start() throws -> LinePeer {
    defer { if options.startsAhead { spare = try? launch() } }
    if let spare, spare.process.exit() == nil { return spare }
    return try launch()
  }

  private func launch() throws -> LinePeer {
    guard let directory = options.recordDirectory else { return try LinePeer(command: options.command) }
    launches += 1
    let number = String(repeating: "0", count: max(0, 3 - "\(launches)".count)) + "\(launches)"
    let recorder = try TranscriptRecorder(
      "\(directory)/\(number).txt", command: options.command, warn: { StandardStreams.report("warning: " + $0) })
    return try LinePeer(command: options.command, recorder: recorder)
  }

  /// A conversation that began with this hello and that a check has left in good order, if there is one.
  func takeIdle(greetedWith hello: String) -> Conversation? { idle.removeValue(forKey: hello) }

  /// Keeps a conversation for other checks; programs that take long to start are checked faster so.
  func keep(_ conversation: Conversation, greetedWith hello: String) {
    if conversation.isIdle { idle[hello] = conversation }
  }
}
