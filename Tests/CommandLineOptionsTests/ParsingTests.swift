import CommandLineOptions
import Testing

@Suite("Parsing")
struct ParsingTests {
  private func train(_ words: String...) throws -> Arguments {
    try Example.train.parse(["--env-cmd", "./sim --fast"] + words)
  }

  @Test("options left out have their declared defaults")
  func defaults() throws {
    let arguments = try train()
    #expect(arguments[Example.command] == "./sim --fast")
    #expect(arguments[Example.gamma] == 0.99)
    #expect(arguments[Example.policyRate] == nil)
    #expect(arguments[Example.algorithm] == "vpg")
    #expect(arguments[Example.shape] == .square)
    #expect(arguments[Example.hidden] == [64, 64])
    #expect(arguments[Example.out] == nil)
    #expect(arguments[Example.normalize])
    #expect(arguments[Example.baseline] == nil)
    #expect(arguments.isGiven(Example.command))
    #expect(!arguments.isGiven(Example.gamma))
  }

  @Test("a value follows its option after a space or an equals sign")
  func values() throws {
    let arguments = try train("--gamma", "0.5", "--pi-lr=3e-4", "--shape=circle", "--algo", "a2c", "--out=a=b")
    #expect(arguments[Example.gamma] == 0.5)
    #expect(arguments[Example.policyRate] == 3e-4)
    #expect(arguments[Example.shape] == .circle)
    #expect(arguments[Example.algorithm] == "a2c")
    #expect(arguments[Example.out] == "a=b")
    #expect(arguments.isGiven(Example.gamma))
    #expect(!arguments.isGiven(Example.valueRate))
  }

  @Test("an option given its own default counts as given")
  func givenDefault() throws {
    #expect(try train("--gamma", "0.99").isGiven(Example.gamma))
  }

  @Test("a negative number is a value, not an option", arguments: ["-1", "-0.5", "-.5", "-1e0"])
  func negative(word: String) throws {
    #expect(try train("--shift", word)[Example.shift] == Double(word))
  }

  @Test("an exact power of ten is an integer")
  func powers() throws {
    #expect(try train("--epochs", "1e6")[Example.epochs] == 1_000_000)
    #expect(try train("--offset=-25e2")[Example.offset] == -2500)
    #expect(Example.refusal("--epochs", "1e-1") != nil)
    #expect(Example.refusal("--epochs", "1e30") != nil)
  }

  @Test("the bounds of a range belong to it, and those of an open range do not")
  func bounds() throws {
    #expect(try train("--gamma", "0")[Example.gamma] == 0)
    #expect(try train("--gamma", "1")[Example.gamma] == 1)
    #expect(try train("--pi-lr", "10")[Example.policyRate] == 10)
    #expect(try train("--vf-lr", "0")[Example.valueRate] == 0)
    #expect(try train("--shift", "-5")[Example.shift] == -5)
    #expect(try train("--seed", "9007199254740991")[Example.seed] == 9_007_199_254_740_991)
    #expect(Example.refusal("--pi-lr", "0") != nil)
    #expect(Example.refusal("--vf-lr", "1") != nil)
    #expect(Example.refusal("--shift", "-5.1") != nil)
    #expect(Example.refusal("--seed", "9007199254740992") != nil)
  }

  @Test("a list of integers may have one element, or none by that word")
  func lists() throws {
    #expect(try train("--hidden", "32")[Example.hidden] == [32])
    #expect(try train("--hidden", "400,300,1")[Example.hidden] == [400, 300, 1])
    #expect(try train("--hidden", "none")[Example.hidden] == [])
  }

  @Test("a negatable option is switched on and off by its two names")
  func negatable() throws {
    #expect(try train("--no-normalize")[Example.normalize] == false)
    #expect(try train("--normalize")[Example.normalize])
    #expect(try train("--no-baseline")[Example.baseline] == false)
    #expect(try train("--baseline")[Example.baseline] == true)
  }

  @Test("positional arguments stand in order, between options too")
  func positionals() throws {
    let arguments = try Example.eval.parse(["p.json", "--sampled", "5"])
    #expect(arguments[Example.policy] == "p.json")
    #expect(arguments[Example.episodes] == 5)
    #expect(arguments[Example.label] == nil)
    #expect(arguments[Example.sampled])
    #expect(try Example.eval.parse(["p", "5", "best"])[Example.label] == "best")
    #expect(try Example.eval.parse(["-"])[Example.episodes] == 10)
  }

  @Test("after two dashes every word is an argument")
  func doubleDash() throws {
    #expect(try Example.eval.parse(["--", "--sampled"])[Example.policy] == "--sampled")
    #expect(try Example.check.parse(["a", "--", "--", "-h"])[Example.files] == ["a", "--", "-h"])
  }

  @Test("a list of arguments takes all remaining words, or none")
  func argumentList() throws {
    #expect(try Example.check.parse([])[Example.files] == [])
    #expect(try Example.check.parse(["a", "b"])[Example.files] == ["a", "b"])
    #expect(try !Example.check.parse([]).isGiven(Example.files))
  }

  @Test("a list of a fixed length takes no other")
  func fixedList() throws {
    let size = Option("size", .integers("W,H", in: 1...9, count: 2...2), default: [3, 4], help: "Size.")
    let command = Command("draw", summary: "Draw.", groups: [OptionGroup("All", size)], run: { _ in 0 })
    #expect(try command.parse(["--size", "5,6"])[size] == [5, 6])
    for word in ["5", "5,6,7", "none"] {
      #expect(throws: UsageError.self, "\(word)") { try command.parse(["--size", word]) }
    }
    let help = try Example.run(Program(version: "1", command), "--help").output
    #expect(help.contains("Size. (2 comma-separated integers from 1 to 9;"))
  }

  @Test("reading an option that the command does not declare stops the program")
  func undeclared() async {
    await #expect(processExitsWith: .failure) {
      let arguments = try Example.check.parse([])
      print(arguments[Example.gamma])
    }
  }

  @Test("an option that may be repeated collects its values, and one with a short name is read by it")
  func repetition() throws {
    let output = Option(required: "output", shortName: "o", .path(), help: "Where it goes.")
    let numbers = Option(repeatable: "number", .integer(in: 0...9), defaultText: "none", help: "Digits.")
    let command = Command("keep", summary: "Keep digits.", groups: [OptionGroup("Digits", output, numbers)]) { _ in 0 }
    let arguments = try command.parse(["-o", "a", "--number", "1", "--number=2"])
    #expect(arguments[output] == "a" && arguments[numbers] == [1, 2])
    #expect(arguments.words(without: [output]) == ["--number=1", "--number=2"])
    #expect(arguments.words(without: [numbers]) == ["--output=a"])
    #expect(try command.parse(["--output=a"])[numbers] == [])
    #expect(throws: UsageError.self) { try command.parse(["-o", "a", "--number", "1", "--number", "10"]) }
    #expect(throws: UsageError.self) { try command.parse(["-o", "a", "-o", "b"]) }
  }
}
