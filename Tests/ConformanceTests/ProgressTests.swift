import Foundation
import TestSupport
import Testing

@testable import pgagent

@Suite("What a run shows while it works")
struct ProgressTests {
  private static let terminal = repositoryRoot + "/Tests/ConformanceTests/Fixtures/terminal.py"
  private static let run =
    "'\(BuiltProgram.path("pgagent"))' --env-cmd cartpole-server --algo vpg --epochs 40 --steps-per-epoch 960 --out run"

  /// The lines on a terminal so wide after a run.
  private func screen(columns: Int, _ variables: String = "TERM=xterm") throws -> [String] {
    try Shell.withDirectory { directory in
      let (status, output) = try Shell.run(
        "python3 '\(Self.terminal)' \(columns) 24 env \(variables) \(Self.run)", in: directory)
      #expect(status == 0 && output.contains("status 0, restored"), "\(output)")
      return output.split(separator: "\n").map(String.init)
    }
  }

  @Test(
    "on a terminal of any width two lines stay, with the end of the run in them, and nothing is left behind",
    arguments: [9, 20, 39, 40, 50, 80, 200])
  func widths(columns: Int) throws {
    let lines = try screen(columns: columns)
    #expect(lines[0].contains("40/40"), "\(lines)")
    #expect(lines[1].contains(/\d\.\d/), "\(lines)")
    #expect(lines.count { $0.contains("40/40") } == 1 && !lines.joined().contains("1/40"), "\(lines)")
    #expect(lines.dropFirst(2).joined().hasPrefix("policy written to"), "\(lines)")
    #expect(lines.prefix(2).allSatisfy { $0.count < columns }, "\(lines)")
    if columns >= 50 { #expect(lines[0].contains("━━━━━━━━") && lines[1].contains("█"), "\(lines)") }
    if columns == 200 { #expect(lines[1].count > 60, "the curve uses the width") }
  }

  @Test("colours are left out with NO_COLOR, and a dumb terminal gets plain lines")
  func plain() throws {
    try Shell.withDirectory { directory in
      func raw(_ variables: String, _ out: String) throws -> String {
        try Shell.run(
          "python3 -c 'import pty, sys; pty.spawn(sys.argv[1:])' env \(variables) \(Self.run)\(out)", in: directory
        ).output
      }
      #expect(try raw("TERM=xterm NO_COLOR=", "1").contains("\u{1B}[36m"), "an empty variable asks for nothing")
      let without = try raw("TERM=xterm NO_COLOR=1", "2")
      #expect(without.contains("━") && !without.contains("\u{1B}[36m"))
      let dumb = try raw("TERM=dumb", "3")
      #expect(!dumb.contains("\u{1B}") && dumb.contains("epoch 40/40  steps 38,400  mean return "))
    }
  }

  @Test("the time left and the speed do not count what a run that was stopped did not work")
  func suspended() {
    let start = ContinuousClock.now
    var pace = TrainingPace(start: start)
    for epoch in 1...10 { pace.note(start.advanced(by: .seconds(epoch))) }
    pace.note(start.advanced(by: .seconds(3611)))
    #expect(pace.seconds == 11 && pace.secondsLeft(epochs: 5) == 5)
    // An epoch that is merely slow counts in full.
    pace.note(start.advanced(by: .seconds(3616)))
    #expect(pace.seconds == 16)
  }

  @Test("a curve has the shape of the values at any width, however many there are")
  func curve() {
    var few = Sparkline()
    #expect(few.text(width: 10) == "")
    for value in [0.0, 1, 2, 3, 4, 5, 6, 7, .nan] { few.append(value) }
    #expect(few.text(width: 80) == "▁▂▃▄▅▆▇█" && few.text(width: 4) == "▁▃▆█" && few.text(width: 0) == "")
    var many = Sparkline()
    for index in 0..<1_000_000 { many.append(Double(index)) }
    #expect(many.text(width: 8) == "▁▂▃▄▅▆▇█")
    var flat = Sparkline()
    for _ in 0..<3 { flat.append(5) }
    #expect(flat.text(width: 3) == "▁▁▁")
  }

  @Test("numbers have digits that mean something")
  func numbers() {
    let shown = [500.0, 231.44, -9.314, 0.07251, 0, 0.000_000_01, -1234.56, 1e12].map(\.shown)
    #expect(shown == ["500.0", "231.4", "-9.31", "0.0725", "0.0", "0.000000", "-1234.6", "1000000000000.0"])
    #expect([0.42, 12.4, 240, 12_000].map(\.duration) == ["0.4 s", "12 s", "4 min", "3 h 20 min"])
  }

  @Test("a server that is slow to begin is waited for visibly on a terminal")
  func waiting() throws {
    let bench =
      "'\(BuiltProgram.path("pgagent"))' bench --seconds 0.1 --env-cmd \"sh -c 'sleep 2; exec cartpole-server'\""
    let (_, shown) = try Shell.run("python3 -c 'import pty, sys; pty.spawn(sys.argv[1:])' \(bench)", in: "/")
    #expect(shown.contains("waiting for hello from "), "\(shown)")
    let (_, written) = try Shell.run(bench, in: "/")
    #expect(!written.contains("waiting for hello from "), "\(written)")
  }
}
