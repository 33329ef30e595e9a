import Foundation
import TestSupport
import Testing

/// What the README and the pages promise is what a newcomer sees: their commands run, and print what they show.
@Suite("The README and the pages beside it", .serialized)
struct ReadmeTests {
  private let readme: String
  /// The pages whose commands go on where those of the README end, in this order.
  private static let followers = [
    "SeeARun", "UseAPolicy", "LearnInsideYourOwnLoop", "CheckYourProgram", "Runs", "Reliability",
    "Algorithms",
    "KnobsAndLessons", "ShowHowItIsDone", "ARunningSimulator", "MoreThanOneMachine", "Results", "Speed",
  ]

  init() throws {
    readme = try String(contentsOfFile: repositoryRoot + "/README.md", encoding: .utf8)
  }

  @Test(
    "its commands work in the order in which they stand, and print what is shown",
    .timeLimit(.minutes(20)))
  func commands() throws {
    try Shell.withDirectory(checkCommands)
  }

  private func checkCommands(in directory: String) throws {
    try FileManager.default.createDirectory(
      atPath: directory + "/.build", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: directory + "/.build/release", withDestinationPath: BuiltProgram.path(""))
    try FileManager.default.createSymbolicLink(
      atPath: directory + "/protocol", withDestinationPath: repositoryRoot + "/protocol")
    let server = try #require(readme.firstMatch(of: /```python\n((?:.*\n)+?)```/)).output.1
    try String(server).write(toFile: directory + "/walk.py", atomically: true, encoding: .utf8)

    let pages = try Self.followers.map { try #require(DocumentationPage.named($0)).text }
    // What needs the Python package is run by that package's own tests.
    let programs = Self.commandsWithOutput([readme] + pages).filter { (command, _) in
      command.contains(".build/release/") && !command.contains("--gym")
    }
    #expect(programs.count >= 12)
    let firstRun = try #require(programs.first)
    for (command, shown) in programs {
      let (status, output) = try Shell.run(command, in: directory)
      #expect(status == 0, "\(command)\n\(output)")
      let lines = output.split(separator: "\n").map(String.init)
      for line in shown {
        #expect(
          lines.contains { ShownLine(line).fits($0) },
          "\(command) printed\n\(output)\nand not \(line)")
      }
      if command == firstRun.command {
        // A machine that takes more than two seconds for it shows where the run is meanwhile.
        let more = lines.filter { line in !shown.contains { ShownLine($0).fits(line) } }
        #expect(more.allSatisfy { $0.hasSuffix(" left") && !$0.hasPrefix("epoch 1/") }, "\(output)")
      }
    }
  }

  @Test("its dialogue is the server's, number for number")
  func dialogue() throws {
    let page = try #require(DocumentationPage.named("TheProtocolInOneScreen")).text
    let block = try #require(page.firstMatch(of: /```\n((?:[<>] .*\n)+)```/)).output.1
    let lines = block.split(separator: "\n")
    let requests = lines.filter { $0.hasPrefix("> ") }.map { String($0.dropFirst(2)) }
    // hello's reply is abridged in the README.
    let replies = lines.filter { $0.hasPrefix("< ") && !$0.contains("...") }.map {
      String($0.dropFirst(2))
    }
    let input = requests.joined(separator: "\n")
    let (status, output) = try Shell.run(
      "printf '%s\\n' '\(input)' | '\(BuiltProgram.path("cartpole-server"))'", in: "/")
    #expect(status == 0)
    #expect(output.split(separator: "\n").dropFirst().map(String.init) == replies)
  }

  @Test("the table of algorithms is the one that pgagent prints")
  func algorithms() throws {
    let (status, table) = try Shell.run(
      "'\(BuiltProgram.path("pgagent"))' algorithms --markdown", in: "/")
    let page = try #require(DocumentationPage.named("Algorithms")).text
    #expect(status == 0 && page.contains(table), "\(table)")
  }

  @Test("every file and directory that it links to exists")
  func links() {
    for link in readme.matches(of: /\]\(([^)#]+)\)/).map({ String($0.output.1) })
    where !link.hasPrefix("http") {
      #expect(FileManager.default.fileExists(atPath: repositoryRoot + "/" + link), "\(link)")
    }
  }

  /// The lines after `$ ` in the console blocks of some texts, with the output shown below each.
  private static func commandsWithOutput(_ texts: [String]) -> [(command: String, output: [String])] {
    texts.flatMap { $0.matches(of: /```console\n((?:.*\n)+?)```/) }.flatMap { block in
      block.output.1.split(separator: "\n").reduce(into: [(command: String, output: [String])]()) {
        commands, line in
        if line.hasPrefix("$ ") {
          commands.append((String(line.dropFirst(2)), []))
        } else if !commands.isEmpty {
          commands[commands.count - 1].output.append(String(line))
        }
      }
    }
  }
}
