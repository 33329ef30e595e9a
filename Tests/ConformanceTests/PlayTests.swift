import Foundation
import TestSupport
import Testing

/// `pgagent play`: a person at the keys.
@Suite("Playing by keys")
struct PlayTests {
  private static let terminal = "python3 '\(repositoryRoot)/Tests/ConformanceTests/Fixtures/terminal.py'"
  private static let agent = "'\(BuiltProgram.path("pgagent"))'"

  @Test("keys from a file are steps, whatever else is in it, and what was recorded can be cloned")
  func keysOfAFile() throws {
    try Shell.withDirectory { directory in
      // One action alone lets the pole fall within a dozen steps, whatever the seed.
      let keys = String(repeating: "x1\n1 ", count: 200)
      try keys.write(toFile: directory + "/keys", atomically: true, encoding: .utf8)
      let (status, output) = try Shell.run(
        "\(Self.agent) play --env-cmd cartpole-server --episodes 3 --record said.txt < keys", in: directory)
      #expect(status == 0, "\(output)")
      #expect(output.matches(of: /episode \d: return \d+.00, \d+ steps, terminated\n/).count == 3, "\(output)")
      let (cloned, text) = try Shell.run(
        "\(Self.agent) clone --from said.txt --hidden 8 --passes 30 --learning-rate 1e-2 --out p.json && "
          + "\(Self.agent) eval --env-cmd cartpole-server --policy p.json --episodes 5", in: directory)
      #expect(cloned == 0 && text.contains("with 3 episodes"), "\(text)")
      // It does as it was shown.
      #expect(text.contains(/max (8|9|10|11|12).00/), "\(text)")
    }
  }

  @Test("a key can stand for an action of any space, and q ends the play")
  func boundKeys() throws {
    try Shell.withDirectory { directory in
      try "aadq".write(toFile: directory + "/keys", atomically: true, encoding: .utf8)
      let (status, output) = try Shell.run(
        "\(Self.agent) play --env-cmd 'classic-control-server --id Pendulum-v1' --key a=[-1.5] --key 'd=[ 2 ]' "
          + "--record said.txt < keys", in: directory)
      #expect(status == 0, "\(output)")
      let said = try String(contentsOfFile: directory + "/said.txt", encoding: .utf8)
      let actions = said.matches(of: /"action":(\[.*?\])/).map { String($0.1) }
      #expect(actions == ["[-1.5]", "[-1.5]", "[2]"], "\(said)")
    }
  }

  @Test("on a terminal time passes where it may, keys act, and the terminal is as it was")
  func onATerminal() throws {
    for (words, keys) in [("--idle 0 --fps 200", ""), ("--idle 1 --fps 40", "q")] {
      let keyWords = keys.isEmpty ? "" : "--keys \(keys)"
      let (_, output) = try Shell.run(
        "\(Self.terminal) 80 24 \(keyWords) \(Self.agent) play --env-cmd cartpole-server --episodes 3 \(words)")
      if keys.isEmpty { #expect(output.contains(/episode 3: return \d+.00, \d+ steps, terminated/), "\(output)") }
      #expect(output.hasSuffix("status 0, restored\n"), "\(output)")
    }
  }

  @Test(
    "an input without keys is told what it lacks",
    arguments: [("", "there are no keys in it"), ("abc", "none of its characters is a key")])
  func noKeys(input: String, reason: String) throws {
    let (status, output) = try Shell.run("printf '\(input)' | \(Self.agent) play --env-cmd cartpole-server")
    #expect(status == 2, "\(output)")
    #expect(output.contains("standard input is not a terminal, and \(reason)"), "\(output)")
  }

  @Test("what is no key or no action is refused in a sentence")
  func refusals() throws {
    for (words, sentence) in [
      ("--key a", "--key a is no key with an action behind it"), ("--key ab=0", "\"ab\" is no key"),
      ("--key a=7", "7 is outside Discrete(n=2)"), ("--idle left", "--idle: left is no action"),
    ] {
      let (status, output) = try Shell.run("\(Self.agent) play --env-cmd cartpole-server \(words)")
      #expect(status == 2 && output.contains(sentence), "\(words): \(output)")
    }
  }
}
