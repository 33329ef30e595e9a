import Foundation
import TestSupport
import Testing

/// `pgagent watch`, on a terminal and without one.
@Suite("Watching a policy")
struct WatchTests {
  private static let terminal = "python3 '\(repositoryRoot)/Tests/ConformanceTests/Fixtures/terminal.py'"
  private static let agent = "'\(BuiltProgram.path("pgagent"))'"

  private static func play(_ rest: String = "") throws -> String {
    "\(agent) watch --env-cmd cartpole-server --policy '\(try TrainedPolicy.cartPole.get())' \(rest)"
  }

  @Test("keys change the speed, begin the next episode and end the play, and the terminal is as it was")
  func keys() throws {
    let (status, output) = try Shell.run("\(Self.terminal) 80 24 --keys '+-+nq' \(try Self.play("--speed 2"))")
    #expect(status == 0 && output.hasSuffix("status 0, restored\n"), "\(output)")
  }

  @Test(
    "the terminal is as it was, whatever ends the play",
    arguments: [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129), ("SIGSEGV", -11), ("SIGABRT", -6), ("SIGQUIT", -3)])
  func restores(signal: String, expected: Int) throws {
    let (_, output) = try Shell.run("ulimit -c 0; \(Self.terminal) 60 20 --signal \(signal) \(try Self.play())")
    #expect(output.hasSuffix("status \(expected), restored\n"), "\(output)")
  }

  @Test("it ends after so many episodes, and says what each has earned", arguments: [(9, 4), (80, 24), (200, 60)])
  func episodes(columns: Int, rows: Int) throws {
    let (_, output) = try Shell.run(
      "\(Self.terminal) \(columns) \(rows) \(try Self.play("--episodes 2 --speed 1000"))")
    #expect(output.contains("status 0, restored\n"), "\(output)")
    if columns > 40 { #expect(output.contains(/episode 1: return \d+\.\d\d, \d+ steps\n/), "\(output)") }
  }

  @Test("without a terminal it prints a line for each episode")
  func plain() throws {
    let (status, output) = try Shell.run(try Self.play("--episodes 2"))
    #expect(
      status == 0 && output.matches(of: /episode \d: return 500.00, 500 steps, truncated\n/).count == 2, "\(output)")
  }

  @Test("a run knows its environment and its policy")
  func run() throws {
    let run = (try TrainedPolicy.cartPole.get() as NSString).deletingLastPathComponent
    let (status, output) = try Shell.run("\(Self.agent) watch '\(run)/'")
    #expect(status == 0 && output.hasPrefix("episode 1: return 500.00"), "\(output)")
    let (wrong, sentence) = try Shell.run("\(Self.agent) watch /nowhere")
    #expect(wrong == 2 && sentence.contains("/nowhere is not a run"), "\(sentence)")
  }

  @Test("a film has as many pictures as there were steps, and each picture can be a file: SPEC 15.4")
  func saving() throws {
    try Shell.withDirectory { directory in
      let command = try Self.play("--save a.apng --save-frames frames --size 30x20")
      let (status, output) = try Shell.run(command, in: directory)
      #expect(status == 0 && output.contains("film of 501 pictures written to a.apng"), "\(output)")
      let film = try Data(contentsOf: URL(fileURLWithPath: directory + "/a.apng"))
      #expect(film.prefix(4) == Data([0x89, 0x50, 0x4E, 0x47]))
      let control = try #require(film.range(of: Data("acTL".utf8)))
      #expect(film[control.upperBound..<control.upperBound + 4] == Data([0, 0, 1, 0xF5]))
      #expect(try FileManager.default.contentsOfDirectory(atPath: directory + "/frames").count == 501)
    }
  }

  @Test("what cannot be saved is refused with a sentence that says what to do")
  func refusals() throws {
    try Shell.withDirectory { directory in
      let (status, output) = try Shell.run(try Self.play("--save a.gif"), in: directory)
      #expect(status == 2 && output.contains("give a name that ends with .apng"), "\(output)")
      let (none, sentence) = try Shell.run(
        "\(Self.agent) watch --env-cmd 'python3 \(repositoryRoot)/protocol/examples/corridor.py' "
          + "--policy '\(try TrainedPolicy.cartPole.get())' --save a.png", in: directory)
      #expect(none == 2 && sentence.contains("draws no frames"), "\(sentence)")
    }
  }
}
