import GymwireIO
import Synchronization
import Testing

/// A server in the shell's language; it may leave without a word.
private func shell(
  _ script: String,
  limit: Duration = .seconds(30),
  options: ServerConnection.Options = .init()
) throws -> ServerConnection {
  try ServerConnection(command: ["sh", "-c", script], phase: .startUp(limit: limit), options: options)
}

private func failure(_ connection: ServerConnection, asking request: String = #"{"id":7,"op":"step"}"#) throws
  -> ConnectionError
{
  let error = try #require(throws: ConnectionError.self) { _ = try connection.ask(request) }
  let process = try #require(connection.process)
  #expect(TestPlatform.isGone(process.processIdentifier), "a server that has failed must be gone, zombie and all")
  return error
}

@Suite("Talking to a server")
struct ServerConnectionTests {
  @Test("requests get their replies in order", arguments: [Spinning.never, .always, .automatic])
  func lockStep(spinning: Spinning) throws {
    var options = ServerConnection.Options()
    options.spinning = spinning
    let connection = try ServerConnection(command: ["cat"], options: options)
    for id in 0..<2000 {
      let request = "{\"id\":\(id),\"obs\":\"\(String(repeating: "x", count: id % 97))\"}"
      #expect(try connection.ask(request) == request)
    }
    #expect(connection.close() == .status(0))
  }

  @Test("ten megabytes go through in both directions")
  func large() throws {
    let connection = try shell("while IFS= read -r line; do printf '%s\\n' \"$line\"; done")
    let request = "{\"id\":1,\"x\":\"\(String(repeating: "0123456789", count: 1 << 20))\"}"
    let reply = try connection.ask(request)
    #expect(reply.utf8.count == request.utf8.count)
    #expect(reply == request)
  }

  @Test("a last line without its end is taken when it is whole")
  func lastLine() throws {
    let connection = try shell("read -r line; printf '{\"id\":0}'")
    #expect(try connection.ask("{}") == "{\"id\":0}")
  }

  @Test("two descriptors serve as well as a process")
  func descriptors() throws {
    let (there, back) = (try TestPlatform.pipe(), try TestPlatform.pipe())
    let connection = ServerConnection(
      reading: back.reading,
      writing: there.writing,
      name: "a test",
      phase: .step(limit: .milliseconds(100))
    )
    try back.writing.writeAll("{\"id\":0}\n")
    #expect(try connection.ask("{}") == "{\"id\":0}")
    let error = try #require(throws: ConnectionError.self) { _ = try connection.ask("{\"id\":1}") }
    #expect("\(error)".hasPrefix("a test did not answer within 0.1 s (phase: step; request: {\"id\":1})."))
    for descriptor in [there.reading, there.writing, back.reading, back.writing] { descriptor.close() }
  }

  @Test("noise is passed over with one warning that names its beginning")
  func noise() throws {
    final class Sink: Sendable {
      let lines = Mutex<[String]>([])
    }
    let sink = Sink()
    var options = ServerConnection.Options()
    options.warn = { line in sink.lines.withLock { $0.append(line) } }
    let connection = try shell(
      "echo 'pygame 2.6 (SDL 2)'; echo; echo 'Hello from the community'; read -r l; echo '{\"id\":0}'",
      options: options
    )
    #expect(try connection.ask("{}") == "{\"id\":0}")
    let lines = sink.lines.withLock { $0 }
    #expect(lines.count == 1)
    #expect(lines.first?.contains("sh has written a line to standard output that is not a reply") == true)
    #expect(lines.first?.contains("pygame 2.6 (SDL 2)") == true)
  }

  @Test("text glued to a reply is an error that shows it")
  func gluedNoise() throws {
    let error = try failure(try shell("read -r l; echo 'loading...{\"id\":7,\"obs\":[1]}'; cat"))
    #expect("\(error)".contains("other text in front of a reply, on the same line: loading...{\"id\":7,\"obs\":[1]}"))
  }

  @Test("a line over the limit is an error that names the limit")
  func tooLong() throws {
    var options = ServerConnection.Options()
    options.maximumLineLength = 1000
    let error = try failure(try shell("read -r l; head -c 5000 /dev/zero | tr '\\0' x; cat", options: options))
    #expect("\(error)".contains("a line of more than 1000 bytes"))
  }

  @Test("a connection that was closed is not used any more, as its descriptors may be somebody else's by then")
  func usedAfterClose() throws {
    let connection = try ServerConnection(command: ["cat"])
    #expect(connection.close() == .status(0))
    let pipes = try (0..<4).map { _ in try TestPlatform.pipe() }
    let error = try failure(connection)
    #expect(error.description.contains("was to be used after it had been closed"))
    #expect(pipes.allSatisfy { !$0.reading.isReadable(within: .zero) })
    for pipe in pipes {
      pipe.reading.close()
      pipe.writing.close()
    }
  }

  @Test("after an error every call gives the same error")
  func staysDead() throws {
    let connection = try shell("exit 1")
    let first = try failure(connection)
    let second = try #require(throws: ConnectionError.self) { _ = try connection.ask("{}") }
    #expect("\(first)" == "\(second)")
  }
}

@Suite("A server that dies")
struct DyingServerTests {
  @Test("one that exits at once is reported with its status and its last words")
  func exitsAtOnce() throws {
    let error = try failure(try shell("echo 'no module named sim' >&2; exit 3"))
    #expect(
      "\(error)".contains(
        "exited with status 3 without an answer (phase: start-up; request: {\"id\":7,\"op\":\"step\"})"
      )
    )
    #expect(error.errorLines == ["no module named sim"])
  }

  @Test("one that is killed while it answers is reported with the signal, not as half a line of JSON")
  func killedMidLine() throws {
    let error = try failure(try shell("read -r l; printf '{\"id\":7,\"obs\":[0.1,'; kill -KILL $$"))
    #expect("\(error)".contains("was killed by SIGKILL without an answer"))
    #expect("\(error)".contains("cut off: {\"id\":7,\"obs\":[0.1,"))
  }

  @Test("one that dies between requests is noticed at the next one")
  func deadBeforeRequest() throws {
    let connection = try shell("read -r l; echo '{\"id\":0}'; exit 4")
    #expect(try connection.ask("{}") == "{\"id\":0}")
    let process = try #require(connection.process)
    #expect(TestPlatform.eventually { process.exit() != nil })
    for _ in 0..<2 { #expect(try failure(connection).description.contains("exited with status 4")) }
  }

  @Test("what it still said before it died is read")
  func lastWords() throws {
    let connection = try shell("exec 0<&-; echo '{\"id\":null,\"error\":{}}'; exit 1")
    let process = try #require(connection.process)
    #expect(TestPlatform.eventually { process.exit() != nil })
    #expect(try connection.ask("{\"id\":0}") == "{\"id\":null,\"error\":{}}")
  }

  @Test("one that closes its output but goes on is ended")
  func closesOutput() throws {
    let error = try failure(try shell("exec 1>&-; exec sleep 100"))
    #expect("\(error)".contains("closed its output without an answer"))
  }

  @Test("a grandchild that holds the output open does not hide the end", arguments: ["", "yes '' &", "yes noise &"])
  func heldOpen(babble: String) throws {
    var options = ServerConnection.Options()
    options.warn = { _ in }
    let start = ContinuousClock.now
    // One that babbles on is given the time limit; one that is silent is not waited for.
    let limit = Duration.seconds(babble.isEmpty ? 600 : 1)
    func ends(_ sentence: String) throws -> Bool {
      let error = try failure(try shell("\(babble) sleep 100 & exit 5", limit: limit, options: options))
      return "\(error)".contains(sentence)
    }
    if babble.isEmpty {
      #expect(try ends("exited with status 5 without an answer"))
    } else {
      // One that has not come to say anything yet when the other ends is silent.
      #expect(try (1...20).contains { _ in try ends("within 1 s") })
    }
    #expect(start.duration(to: .now) < .seconds(60))
  }

  @Test("what it answered before it died is read, although a grandchild holds the output open")
  func heldOpenAfterAnswer() throws {
    for _ in 0..<20 {
      let connection = try shell("sleep 100 & read -r l; echo '{\"id\":0}'; exit 6", limit: .seconds(600))
      #expect(try connection.ask("{}") == "{\"id\":0}")
      #expect(try failure(connection).description.contains("exited with status 6"))
    }
  }
}

@Suite("A server that hangs")
struct HangingServerTests {
  @Test("one that never writes is asked whether it flushes")
  func silent() throws {
    let connection = try shell("echo starting >&2; sleep 100", limit: .milliseconds(300))
    let process = try #require(connection.process)
    #expect(TestPlatform.eventually { process.lastErrorLines() == ["starting"] })
    let start = ContinuousClock.now
    let error = try failure(connection)
    #expect("\(error)".contains("did not answer within 0.3 s (phase: start-up; request: {\"id\":7,\"op\":\"step\"})"))
    #expect("\(error)".contains("does it flush its output after every line?"))
    #expect(error.errorLines == ["starting"])
    #expect(start.duration(to: .now) < .seconds(60))
  }

  @Test("one that never flushes is found out", .enabled(if: isPythonHere))
  func neverFlushes() throws {
    let program = "import sys\nfor line in sys.stdin: sys.stdout.write('{\"id\":7}\\n')"
    let connection = try ServerConnection(
      command: ["env", "-u", "PYTHONUNBUFFERED", "python3", "-c", program],
      phase: .startUp(limit: .seconds(2))
    )
    #expect(try failure(connection).description.contains("does it flush its output after every line?"))
  }

  @Test("one that answers hello and hangs in step is reported with that phase")
  func hangsInStep() throws {
    let connection = try shell("read -r l; echo '{\"id\":0}'; sleep 100")
    #expect(try connection.ask("{}") == "{\"id\":0}")
    connection.phase = .step(limit: .milliseconds(200))
    let error = try failure(connection)
    #expect("\(error)".contains("did not answer within 0.2 s (phase: step;"))
    #expect("\(error)".contains("raise the time limit for step"))
  }

  @Test("half a reply is shown")
  func halfReply() throws {
    // It is there before anybody asks, so that the short limit is only that of the wait for the rest.
    let connection = try shell("printf '{\"id\":7,'; echo there >&2; sleep 100", limit: .milliseconds(300))
    let process = try #require(connection.process)
    #expect(TestPlatform.eventually { process.lastErrorLines() == ["there"] })
    let error = try failure(connection)
    #expect("\(error)".contains("there is only {\"id\":7,, without the end of the line"))
  }

  @Test("one that babbles for ever is ended in time")
  func babbles() throws {
    var options = ServerConnection.Options()
    options.warn = { _ in }
    let script = "while :; do echo; sleep 0.01; done"
    #expect(
      try failure(try shell(script, limit: .milliseconds(300), options: options)).description.contains("within 0.3 s"))
  }

  @Test(
    "one that writes without end what is no reply is ended in time",
    arguments: ["yes ''", "yes '        '", "yes 'some noise'", "printf 'x'; yes '' | tr -d '\\n'"])
  func floods(script: String) throws {
    var options = ServerConnection.Options()
    options.warn = { _ in }
    let start = ContinuousClock.now
    let error = try failure(try shell("exec 2> /dev/null; \(script)", limit: .milliseconds(500), options: options))
    #expect(error.description.contains("within 0.5 s"))
    #expect(start.duration(to: .now) < .seconds(60))
  }

  @Test("one that drips bytes without ever ending a line is ended in time")
  func drips() throws {
    let script = "while :; do printf x; sleep 0.01; done"
    #expect(try failure(try shell(script, limit: .milliseconds(300))).description.contains("within 0.3 s"))
  }

  @Test("one that does not read is ended in time, although the request does not fit the pipe")
  func doesNotRead() throws {
    let connection = try shell("sleep 100", limit: .milliseconds(300))
    let request = "{\"id\":7,\"x\":\"\(String(repeating: "x", count: 1 << 22))\"}"
    let error = try failure(connection, asking: request)
    #expect("\(error)".contains("did not answer within 0.3 s (phase: start-up; request: {\"id\":7,\"x\":\"xxxx"))
    #expect("\(error)".utf8.count < 1000)
  }

  @Test("one that is stopped is recognised")
  func stopped() throws {
    let connection = try shell("kill -STOP $$", limit: .milliseconds(300))
    let process = try #require(connection.process)
    #expect(TestPlatform.eventually { process.isStopped })
    let error = try failure(connection)
    #expect("\(error)".contains("It is stopped"))
  }
}

@Suite("A server that writes to standard error")
struct StandardErrorTests {
  @Test("a hundred megabytes do not block it")
  func floods() throws {
    let connection = try shell("head -c 100000000 /dev/zero | tr '\\0' x >&2; read -r l; echo '{\"id\":0}'; cat")
    #expect(try connection.ask("{}") == "{\"id\":0}")
  }

  @Test("it may write while nobody waits for it and while a large request is on its way")
  func floodsDuringRequest() throws {
    let connection = try shell(
      "head -c 1000000 /dev/zero >&2; while IFS= read -r l; do head -c 1000000 /dev/zero >&2; echo '{\"id\":0}'; done"
    )
    TestPlatform.sleep(milliseconds: 50)
    for _ in 0..<3 {
      #expect(try connection.ask("{\"x\":\"\(String(repeating: "x", count: 1 << 21))\"}") == "{\"id\":0}")
    }
  }

  @Test("when asked, it is shown line by line with the server's name in front, the last half line too")
  func shown() async throws {
    let result = await #expect(processExitsWith: .exitCode(0), observing: [\.standardErrorContent]) {
      var options = ServerConnection.Options()
      options.showsStandardError = true
      let loud = try shell(
        "printf 'one\\ntwo' >&2; read -r l; echo three >&2; echo '{}'; printf four >&2", options: options)
      let silent = try shell("echo silent >&2; cat")
      _ = try loud.ask("{}")
      _ = try silent.ask("{}")
      ServerConnection.close([loud, silent])
      TestPlatform.exit(0)
    }
    let lines = String(decoding: try #require(result).standardErrorContent, as: UTF8.self).split(separator: "\n")
    #expect(lines.filter { $0.hasPrefix("[sh] ") } == ["[sh] one", "[sh] twothree", "[sh] four"])
    #expect(!lines.contains { $0.contains("silent") })
  }

  @Test("what a terminal would act upon is made visible")
  func controlCharacters() throws {
    let error = try failure(try shell("printf '\\033[31mred\\a\\tend\\n' >&2; exit 1"))
    #expect(error.errorLines == ["<U+001B escape>[31mred<U+0007 bell>\\tend"])
  }

  @Test("what is shown of it cannot act upon a terminal, and long lines are cut between characters")
  func shownVisibly() async throws {
    let result = await #expect(processExitsWith: .exitCode(0), observing: [\.standardErrorContent]) {
      var options = ServerConnection.Options()
      options.showsStandardError = true
      let loud = try shell(
        "printf '\\033[2Jone\\r\\n' >&2; printf x >&2; for i in $(seq 3000); do printf '\\342\\202\\254' >&2; done; "
          + "echo '{}'; cat > /dev/null", options: options)
      _ = try loud.ask("{}")
      ServerConnection.close([loud])
      TestPlatform.exit(0)
    }
    let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(text.contains("[sh] <U+001B escape>[2Jone\n"))
    #expect(text.count { $0 == "€" } == 3000 && !text.contains("\u{FFFD}") && !text.contains("\u{1B}"))
  }

  @Test("a character is not cut in two, neither by the length of a line nor by what is kept of them")
  func wholeCharacters() throws {
    for padding in 0..<3 {
      let error = try failure(
        try shell(
          "printf '%.*s' \(padding) xx >&2; for i in $(seq 2000); do printf '\\342\\202\\254' >&2; done; exit 1"))
      let line = try #require(error.errorLines.first)
      #expect(line.allSatisfy { $0 == "€" || $0 == "." || $0 == "x" } && line.hasSuffix("€..."), "\(line)")
      let request = String(repeating: "x", count: padding) + String(repeating: "€", count: 200)
      let other = try failure(try shell("exit 1"), asking: request)
      #expect(other.description.contains("€...") && !other.description.contains("\u{FFFD}"))
    }
  }

  @Test("what is kept has no hole: a long piece does not follow what came long before it")
  func tailWithoutHole() throws {
    let error = try failure(try shell("printf begin >&2; sleep 0.5; printf '%09000d' 7 >&2; exit 1"))
    let line = try #require(error.errorLines.first)
    #expect(line.allSatisfy { $0 == "0" || $0 == "." }, "\(line)")
  }

  @Test("the last lines are kept, and not more")
  func tail() throws {
    let connection = try shell("i=0; while [ $i -lt 2000 ]; do echo line $i >&2; i=$((i+1)); done; exit 1")
    let error = try failure(connection)
    #expect(error.errorLines == (1990..<2000).map { "line \($0)" })
    #expect(
      "\(error)".hasSuffix("Its last lines on standard error:" + (1990..<2000).map { "\n    line \($0)" }.joined())
    )
  }
}

private let isPythonHere =
  (try? ChildProcess(command: ["python3", "-c", ""]))?.exit(within: .seconds(30)) == .status(0)
