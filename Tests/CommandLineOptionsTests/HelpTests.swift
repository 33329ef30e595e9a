import CommandLineOptions
import Testing

@Suite("Help")
struct HelpTests {
  @Test("a command's help has its usage, and the meaning, range and default of every option")
  func train() throws {
    let run = try Example.run(Example.program, "train", "--help")
    let expected = """
      Train a policy on an environment process.

      Usage: agent [train] --env-cmd CMD [options]

      Environment
        --env-cmd CMD           Command line that starts the environment server, run
                                without a shell. (required)
        --step-timeout SECONDS  Longest wait for the reply to one step. (above 0;
                                default: 60)

      Learning
        --gamma X               Discount γ of future rewards. (from 0 to 1;
                                default: 0.99)
        --pi-lr X               Step size of the policy. (above 0 and at most 10;
                                default: 0.01; vpg 0.0003)
        --vf-lr X               Step size of the value function. (at least 0 and below
                                1; default: 1e-5)
        --algo NAME             Algorithm. (one of reinforce, vpg, a2c; default: vpg)
        --shape NAME            Shape. (one of square, circle; default: square)
        --seed S                Seed of every random draw. (from 0 to
                                9007199254740991; default: 0)
        --epochs N              Number of updates. (at least 1; default: 50)
        --offset N              Any integer. (default: -3)
        --shift X               Shift. (at least -5; default: 0)
        --scale X               Any number. (default: 1)
        --hidden N,N            Widths of the hidden layers. (1 to 8 comma-separated
                                integers from 1 to 4096, or none; default: 64,64)

      Other
        --out DIR               Where the run is written. (default: nothing is
                                written)
        --[no-]normalize        Normalise observations. (on by default)
        --[no-]baseline         Subtract a baseline. (default: on for vpg)

      General
        -h, --help              Print this text and exit.
        --version               Print the version and exit.
        --generate-completion SHELL
                                Print a completion script for this shell and exit.
                                (one of bash, zsh, fish)

      """
    #expect(run == Example.Run(status: 0, output: expected))
  }

  @Test("positional arguments stand in the usage line, and details at the end")
  func eval() throws {
    let expected = """
      Evaluate a policy.

      Usage: agent eval [options] POLICY [EPISODES] [LABEL]

      Evaluation
        POLICY                  Policy to run. (required)
        EPISODES                How many episodes. (at least 1; default: 10)
        LABEL                   Name of the result. (default: no label)
        --sampled               Sample actions; don't take the most likely. (off by
                                default)

      General
        -h, --help              Print this text and exit.
        --version               Print the version and exit.
        --generate-completion SHELL
                                Print a completion script for this shell and exit.
                                (one of bash, zsh, fish)

      Example:
        agent eval policy.json 100

      """
    #expect(try Example.run(Example.program, "eval", "-h") == Example.Run(status: 0, output: expected))
  }

  @Test("a list of arguments is marked by an ellipsis")
  func check() throws {
    let run = try Example.run(Example.program, "check", "--help")
    #expect(run.output.contains("\nUsage: agent check [options] [FILE...]\n"))
    #expect(run.output.contains("\n  FILE...                 Files to check. (default: standard input)\n"))
  }

  @Test("a program of one command has its name in the place of the command's")
  func single() throws {
    let expected = """
      Serve a pole.

      Usage: pole-server [options]

      Pole
        --shape NAME            Shape. (one of square, circle; default: square)
        --seed S                Seed of every random draw. (from 0 to
                                9007199254740991; default: 0)

      General
        -h, --help              Print this text and exit.
        --version               Print the version and exit.
        --generate-completion SHELL
                                Print a completion script for this shell and exit.
                                (one of bash, zsh, fish)

      """
    #expect(try Example.run(Example.single, "--help") == Example.Run(status: 0, output: expected))
  }

  @Test("the program's help lists the commands, then the options of the default one")
  func overview() throws {
    let head = """
      agent 1.2.3: trains policies on processes.

      Usage: agent [COMMAND] [options]

      Commands
        train  Train a policy on an environment process. This is the default.
        eval   Evaluate a policy.
        check  Check files, and fail as told.

      See agent COMMAND --help for the options of a command. Those of train:


      """
    let run = try Example.run(Example.program, "--help")
    let options = try Example.run(Example.program, "train", "--help").output.drop { $0 != "[" }.drop { $0 != "\n" }
    #expect(run.status == 0)
    #expect(run.output == head + options.drop { $0 == "\n" })
    #expect(try Example.run(Example.program, "-h") == run)
    #expect(try Example.run(Example.program, "help") == run)
  }

  @Test("where the program names its essential options, its help shows those, and --help-all shows every one")
  func essentials() throws {
    let option = Option("rate", .number(above: 0), default: 2, help: "How fast it goes: in steps. More is not better.")
    let other = Option(flag: "odd", help: "Something that few need.")
    let command = Command(
      "run", summary: "Run.", details: "Example: tool", groups: [OptionGroup("All", option, other)]
    ) { _ in 0 }
    let program = Program(
      "tool", version: "1", summary: "a tool.", defaultCommand: command, essentials: [option], otherCommands: [])
    let short = """
      tool 1: a tool.

      Usage: tool [COMMAND] [options]

      Commands
        run  Run. This is the default.

      The options of run that most people use
        --rate X                How fast it goes. (default: 2)
      tool COMMAND --help has every option of a command; tool --help-all has all of
      run's and this list.

      Example: tool

      """
    #expect(try Example.run(program, "--help") == Example.Run(status: 0, output: short))
    let long = try Example.run(program, "--help-all")
    #expect(long.output.contains("--odd") && long.output.contains("More is not better."))
    #expect(try Example.run(program, "run", "--help-all") == long)
  }

  @Test("help is asked for in any place and wins over errors beside it")
  func places() throws {
    let help = try Example.run(Example.program, "eval", "--help")
    #expect(try Example.run(Example.program, "help", "eval") == help)
    #expect(try Example.run(Example.program, "eval", "--no-such", "--sampled=1", "-h") == help)
    let train = try Example.run(Example.program, "train", "--help")
    #expect(try Example.run(Example.program, "--gamma", "7", "--help") == train)
  }

  @Test("after two dashes --help is an argument")
  func afterDoubleDash() throws {
    #expect(try Example.run(Example.program, "check", "--", "--help") == Example.Run(status: 1))
  }

  @Test("no line of help is wider than 80 columns")
  func width() throws {
    for words in [["--help"], ["train", "--help"], ["eval", "--help"], ["check", "--help"]] {
      let lines = try Example.run(Example.program, words).output.split(separator: "\n")
      #expect(lines.count > 5)
      #expect(lines.allSatisfy { $0.count <= 80 && $0.last != " " })
    }
  }

  @Test("a usage line with many required options wraps under itself")
  func longUsage() throws {
    let options = (1...6).map { Option(required: "required-\($0)", .path(), help: "Needed.") }
    let command = Command("tool", summary: "Need much.", groups: [OptionGroup("All", options)], run: { _ in 0 })
    let help = try Example.run(Program(version: "1", command), "-h").output
    let expected = """
      Usage: tool --required-1 FILE --required-2 FILE --required-3 FILE
             --required-4 FILE --required-5 FILE --required-6 FILE [options]
      """
    #expect(help.contains(expected))
  }
}
