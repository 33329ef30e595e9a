import CommandLineOptions
import Testing

@Suite("Program")
struct ProgramTests {
  @Test("the first word selects the command, and an option or nothing selects the default one")
  func selection() throws {
    #expect(try Example.run(Example.program, "eval", "p.json", "42").status == 42)
    #expect(try Example.run(Example.program, "--env-cmd", "./sim").status == 0)
    #expect(try Example.run(Example.program, "train", "--env-cmd", "./sim").status == 0)
    #expect(try Example.run(Example.single).status == 7)
    let refused = """
      agent train: --env-cmd CMD is required. Command line that starts the environment server, run without a shell.
      See agent train --help.

      """
    #expect(try Example.run(Example.program) == Example.Run(status: 2, errors: refused))
  }

  @Test("an unknown command is refused with the nearest one, or with all")
  func unknownCommand() throws {
    let near = "agent: There is no command \"evla\". Did you mean eval?\nSee agent --help.\n"
    #expect(try Example.run(Example.program, "evla", "p.json") == Example.Run(status: 2, errors: near))
    let far = "agent: There is no command \"./sim\". The commands are train, eval and check.\nSee agent --help.\n"
    #expect(try Example.run(Example.program, "./sim") == Example.Run(status: 2, errors: far))
    #expect(try Example.run(Example.program, "help", "nothing").status == 2)
  }

  @Test("a usage error goes to standard error with status 2 and says where the help is")
  func usageError() throws {
    let refused = "agent eval: There is no option --sample. Did you mean --sampled?\nSee agent eval --help.\n"
    #expect(try Example.run(Example.program, "eval", "p", "--sample") == Example.Run(status: 2, errors: refused))
    let single = "pole-server: --seed needs a value: write --seed S.\nSee pole-server --help.\n"
    #expect(try Example.run(Example.single, "--seed") == Example.Run(status: 2, errors: single))
  }

  @Test("an option of another command is said to be one")
  func optionOfOtherCommand() throws {
    let refused = "agent eval: --gamma is an option of agent train, not of agent eval.\nSee agent eval --help.\n"
    #expect(try Example.run(Example.program, "eval", "p", "--gamma=1") == Example.Run(status: 2, errors: refused))
  }

  @Test("the version is printed in any place before two dashes")
  func version() throws {
    let version = Example.Run(status: 0, output: "agent 1.2.3\n")
    #expect(try Example.run(Example.program, "--version") == version)
    #expect(try Example.run(Example.program, "eval", "--bad", "--version") == version)
    #expect(try Example.run(Example.single, "--version").output == "pole-server 1.2.3\n")
    #expect(try Example.run(Example.program, "eval", "--", "--version").status == 10)
  }

  @Test("a usage error that a command finds itself is reported like any other")
  func conflict() throws {
    let refused = "agent check: One of two is enough: leave the other out.\nSee agent check --help.\n"
    #expect(try Example.run(Example.program, "check", "both") == Example.Run(status: 2, errors: refused))
  }

  @Test("any other error of a command passes through")
  func otherErrors() {
    #expect(throws: Example.BrokenDisk.self) { try Example.run(Example.program, "check", "broken") }
  }

  @Test("a completion script needs no other option, but the command line must be right")
  func completionRequest() throws {
    #expect(try Example.run(Example.program, "train", "--generate-completion", "fish").status == 0)
    #expect(try Example.run(Example.program, "eval", "--generate-completion", "zsh").status == 0)
    let refused = """
      agent train: --generate-completion is "csh", but must be one of bash, zsh, fish. Did you mean zsh?
      See agent train --help.

      """
    let run = try Example.run(Example.program, "--generate-completion", "csh")
    #expect(run == Example.Run(status: 2, errors: refused))
  }

  @Test("the example's tables have no mistakes")
  func noMistakes() {
    #expect(Example.program.mistakes == [])
    #expect(Example.single.mistakes == [])
  }

  @Test("a table's own mistakes are found")
  func mistakes() {
    let list = Option(arguments: "A", .text(), defaultText: "none", help: "Words.")
    let last = Option(argument: "B", .text(), help: "Word.")
    let bad: [any DeclaredOption] = [
      Option("x", .number(in: 0...1), default: 2, help: "Number."),
      Option(flag: "x", help: "Twice"),
      Option(negatable: "help", default: true, help: "Taken."),
      Option(flag: "Upper", help: "Letters."),
      Option("shape", .choice(["square"]), default: "round", help: "Shape."),
      list,
      last,
    ]
    let command = Command("c", summary: "C.", groups: [OptionGroup("Bad", bad)], run: { _ in 0 })
    let program = Program("p", version: "1", summary: "P.", defaultCommand: command, otherCommands: [command])
    let found = [
      "Two options are written --help in p c.",
      "Two options are written --x in p c.",
      "Two rows are named help in p c.",
      "Two rows are named x in p c.",
      "The default of --x is not one of its values in p c.",
      "The help of --x does not end with a full stop in p c.",
      "The name --Upper is not of lower-case letters, digits and hyphens in p c.",
      "The default of --shape is not one of its values in p c.",
      "B stands after a list that takes all words in p c.",
      "B is required after the optional A in p c.",
    ]
    #expect(program.mistakes == ["Two commands are named c."] + found + found)
  }
}
