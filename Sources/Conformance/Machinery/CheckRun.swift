import Gymwire
import GymwireIO
import JSONLines

/// Makes checks, one after the other, each with fresh processes.
public struct CheckRun {
  /// After this many times without an answer there is no point in waiting for more.
  private static let mostSilences = 3

  private let subject: Subject
  private let role: String
  private let checks: [Check]

  /// Prepares checks of a program that should serve a role.
  public init(_ checks: [Check], role: String, options: Subject.Options) {
    subject = Subject(options)
    self.checks = checks
    self.role = role
  }

  /// Makes the checks.
  ///
  /// - Parameters:
  ///   - shouldStop: asked before each check.
  ///   - report: called after each check.
  /// - Throws: `ChildProcessError` when the program cannot be started at all.
  public func run(
    shouldStop: () -> Bool = { false }, report: (CheckResult) -> Void = { _ in }
  ) throws -> CheckSummary {
    let start = ContinuousClock.now
    var log = ResultLog()
    var silences = 0
    var obstacle: String?
    func add(
      _ check: Check, _ outcome: CheckResult.Outcome, since: ContinuousClock.Instant, before rest: ArraySlice<Check>
    ) {
      let result = CheckResult(
        clause: check.clause, level: check.level, title: check.title, outcome: outcome,
        duration: since.duration(to: .now))
      for result in log.add(result, clausesToCome: rest.lazy.map(\.clause)) { report(result) }
    }
    let facts: ServerFacts?
    do {
      facts = try ServerFacts.find(subject, role: role)
    } catch let departure as Departure {
      facts = nil
      obstacle = "hello did not succeed"
      add(
        Check(departure.clause, .core, "hello tells what the server is") { _ in }, .failed(departure), since: start,
        before: [])
    } catch let stop as Stopped {
      facts = nil
      obstacle = stop.description
    }
    for (index, check) in checks.enumerated() {
      let rest = checks[(index + 1)...]
      let since = ContinuousClock.now
      if shouldStop() { obstacle = obstacle ?? Stopped().description }
      guard obstacle == nil, let facts else {
        add(check, .notRun(obstacle ?? ""), since: since, before: rest)
        continue
      }
      let outcome = try outcome(of: check, facts)
      if case .failed(let departure) = outcome, departure.isSilence { silences += 1 }
      if case .blocked(let departure) = outcome, departure.isSilence { silences += 1 }
      if silences == Self.mostSilences { obstacle = "the server did not answer \(silences) times" }
      add(check, outcome, since: since, before: rest)
    }
    return CheckSummary(command: subject.commandLine, results: log.results, duration: start.duration(to: .now))
  }

  private func outcome(of check: Check, _ facts: ServerFacts) throws -> CheckResult.Outcome {
    let examination = Examination(subject, facts, clause: check.clause)
    do {
      try check.body(examination)
      examination.release()
      return .passed
    } catch let mismatch as Mismatch {
      return try outcome(of: check, facts, after: mismatch)
    } catch let departure as Departure {
      return .of(departure.with(lastWords: examination.lastWords), in: check)
    } catch let stop as Stopped {
      return .notRun(stop.description)
    } catch let absence as NotApplicable {
      return .notApplicable(absence.reason)
    }
  }

  /// Two different answers are held against the server if it repeats itself otherwise, and differs in fresh processes, too.
  private func outcome(
    of check: Check, _ facts: ServerFacts, after mismatch: Mismatch
  ) throws -> CheckResult.Outcome {
    let examination = Examination(subject, facts, clause: check.clause, usesFreshProcesses: true)
    do {
      try examination.establishAgain(mismatch.repetition)
      try check.body(examination)
    } catch is Mismatch {
      return .of(mismatch.departure, in: check)
    } catch let departure as Departure {
      return .of(departure.with(lastWords: examination.lastWords), in: check)
    } catch let stop as Stopped {
      return .notRun(stop.description)
    } catch is NotApplicable {}
    return .blocked(mismatch.departure.shownOnce(breaking: mismatch.repetition.clauseOfRuns))
  }
}

extension ServerFacts {
  /// The spaces that a server is asked to take which has none of its own.
  private static let exampleSpaces =
    #""want":{"obs_space":{"type":"Box","shape":[3],"low":-1,"high":1},"action_space":{"type":"Discrete","n":2}}"#

  /// Greets the server, plainly and asking for all there is.
  static func find(_ subject: Subject, role: String) throws -> ServerFacts {
    func begin() throws -> Conversation { Conversation(try subject.start(), clause: "1.4", options: subject.options) }
    let start = ContinuousClock.now
    var want = ""
    var hello: Reply
    let conversation = try begin()
    conversation.tellsOfSlowness = true
    do {
      hello = try conversation.ask("hello", #""versions":[1],"features":[]"#)
      if hello.code == "unsupported_space", role != "env" {
        want = exampleSpaces
        hello = try conversation.ask("hello", #""versions":[1],"features":[],"# + want)
      }
    } catch let departure as Departure where departure.isSilence {
      let isBuffered = try subject.isAnsweringOnlyAtTheEnd()
      throw (isBuffered ? departure.aboutFlushing : departure).with(lastWords: conversation.peer.lastWords)
    } catch let departure as Departure {
      throw departure.with(lastWords: conversation.peer.lastWords)
    }
    guard hello.code == nil else {
      let isBusy = hello.code == ErrorCode.busy.rawValue
      throw hello.departure(
        clause: "1.10",
        expected: "a hello that succeeds"
          + (isBusy
            ? " (the checks talk to several processes at once: give the server's own command, not one that passes lines on "
              + "to a server that is running)" : ""))
    }
    var facts = try ServerFacts(hello: hello)
    guard facts.role == role else { throw hello.departure(clause: "1.4", expected: "the role \(role)") }
    facts.want = want
    facts.startDuration = start.duration(to: .now)
    if facts.startDuration > .seconds(2) {
      subject.options.tell(
        "it takes \(facts.startDuration.seconds) to start, and the checks need up to 50 processes; one starts while "
          + "another is checked")
    }
    try facts.findFeatures(try begin())
    return facts
  }

  private mutating func findFeatures(_ conversation: Conversation) throws {
    let wishes = want.isEmpty ? #""want":{"num_envs":3}"# : want
    let features = Feature.allCases.map(\.rawValue)
    // A server that stumbles over what it does not know is found out by a check of its own (clause 5.5).
    guard let hello = try? conversation.greet(features: features, wishes) else { return }
    self.features = Set((hello.value["features"]?.elements ?? []).compactMap { Feature(rawValue: $0.word) })
    renderModes = (hello.value["render_modes"]?.elements ?? []).map(\.word)
  }
}

extension Subject {
  /// Whether hello is answered once the input has ended: then the answer was there, but had not been flushed.
  fileprivate func isAnsweringOnlyAtTheEnd() throws -> Bool {
    let peer = try start()
    let hello = Array("{\"id\":0,\"op\":\"hello\",\"versions\":[1]}\n".utf8)
    _ = try peer.send(hello, times: 1, within: options.replyLimit)
    peer.closeInput()
    if case .line = try peer.next(within: options.replyLimit) { return true }
    return false
  }
}

extension CheckResult.Outcome {
  fileprivate static func of(_ departure: Departure, in check: Check) -> Self {
    departure.clause == check.clause ? .failed(departure) : .blocked(departure)
  }
}

extension Departure {
  /// A difference that did not come again when all was said once more.
  fileprivate func shownOnce(breaking clause: String) -> Departure {
    Departure(clause: clause, sent: sent, expected: "\(expected) (which came in another run)", came: came)
  }

  fileprivate var aboutFlushing: Departure {
    Departure(
      clause: "2.13", sent: sent, expected: "that each reply is flushed",
      came: "the reply came only when the input had ended; the output is buffered", isSilence: true)
  }
}
