import Foundation
import TestSupport
import Testing

/// Programs that own their loop and ask `pgagent serve` what to do.
@Suite("The example controllers")
struct ExampleControllerTests {
  @Test(
    "each is under 40 lines, and holds the pole for 500 steps with a policy that pgagent serves",
    arguments: ["control.py", "control.js", "control.c"])
  func holds(name: String) throws {
    let source = repositoryRoot + "/protocol/examples/" + name
    #expect(try String(contentsOfFile: source, encoding: .utf8).split(separator: "\n").count < 40)
    let interpreters = ["control.py": "python3", "control.js": "node", "control.c": "cc"]
    let interpreter = try #require(interpreters[name])
    try #require(Interpreter.exists(interpreter), "\(interpreter) is not installed")
    let policy = try TrainedPolicy.cartPole.get()
    try Shell.withDirectory { directory in
      var program = "\(interpreter) '\(source)'"
      if name == "control.c" {
        let flags = "-std=c99 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -pedantic -Werror -O2"
        let (status, output) = try Shell.run("cc \(flags) -o control '\(source)' -lm", in: directory)
        #expect(status == 0, "\(output)")
        program = "./control"
      }
      let (status, output) = try Shell.run(
        "\(program) '\(BuiltProgram.path("pgagent"))' serve '\(policy)'", in: directory)
      #expect(status == 0)
      #expect(output == "held for 500 steps\n")
    }
  }
}
