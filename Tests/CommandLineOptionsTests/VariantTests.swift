import CommandLineOptions
import Testing

@Suite("Choices that bring options of their own")
struct VariantTests {
  private static let seed = Option("seed", .seed(), default: 0, help: "The seed.")
  private static let kind = Option("kind", .choice(["bread", "soup"]), default: "bread", help: "What to make.")
  private static let leftovers = Option("leftovers", .path(), defaultText: "none", help: "Go on with what is in FILE.")
  private static let hours = Option("hours", .integer(in: 1...9), default: 2, help: "How long to bake.")
  private static let salt = Option("salt", .number(in: 0...1), default: 0.5, help: "How much salt.")
  private static let otherSalt = Option("salt", .number(in: 0...1), default: 0.25, help: "How much salt.")
  private static let spoons = Option("spoons", .integer(in: 1...9), default: 1, help: "How many spoons.")

  private static let cook = Command(
    "cook", summary: "Cook.", groups: [OptionGroup("Any", seed, kind, leftovers)],
    variants: CommandVariants(
      of: "kind", standard: "bread", earlier: "leftovers",
      [
        ("bread", [OptionGroup("Bread", hours, salt)]), ("soup", [OptionGroup("Soup", otherSalt, spoons)]),
      ])
  ) { arguments in
    arguments[kind] == "bread"
      ? Int32(arguments[hours]) : Int32(10 * arguments[spoons]) + Int32(100 * arguments[otherSalt])
  }
  private static let program = Program(
    "kitchen", version: "1", summary: "A kitchen.", defaultCommand: cook, otherCommands: [])

  private func run(_ words: String...) throws -> (status: Int32, output: String, errors: String) { try run(words) }

  private func run(_ words: [String]) throws -> (status: Int32, output: String, errors: String) {
    var (output, errors) = ("", "")
    let status = try Self.program.run(words, output: { output += $0 }, errors: { errors += $0 })
    return (status, output, errors)
  }

  @Test("are read by the choice, wherever it stands on the line, and by the standard one without it")
  func reading() throws {
    #expect(try run("--hours", "7").status == 7)
    #expect(try run("--kind", "soup", "--spoons", "3").status == 55)
    #expect(try run("--spoons", "3", "--salt=0.1", "--kind=soup").status == 40)
  }

  @Test("of another choice are refused, with those that have them and the nearest or all of its own")
  func refusal() throws {
    let far = try run("--kind", "soup", "--hours", "3")
    #expect(far.status == 2)
    #expect(
      far.errors == """
        kitchen cook: --kind soup has no --hours, which is for bread. It has --salt and --spoons.
        See kitchen cook --kind soup --help.

        """)
    #expect(try run("--hourz", "3").errors.contains("Did you mean --hours?"))
    #expect(try run("--kind", "stew").errors.contains("must be one of bread, soup"))
  }

  @Test("of another choice are no mistake about the choice where an earlier one is gone on with")
  func earlier() throws {
    for words in [["--leftovers", "pot", "--spoons", "3"], ["--spoons=3", "--leftovers=pot"]] {
      let refused = try run(words)
      #expect(refused.status == 2)
      #expect(refused.errors.contains("--spoons cannot be changed by --leftovers, which goes on with"))
    }
    #expect(try run("--leftovers", "pot", "--sppons", "3").errors.contains("--sppons"))
  }

  @Test("are the only ones that the help of a choice shows, and all that completion offers")
  func help() throws {
    let soup = try run("--kind", "soup", "--help").output
    #expect(soup.contains("--spoons") && soup.contains("default: 0.25") && !soup.contains("--hours"))
    #expect(try run("cook", "--help").output.contains("--hours"))
    let script = try run("--generate-completion", "bash").output
    #expect(script.contains("--spoons") && script.contains("--hours"))
    #expect(Self.program.mistakes == [])
  }
}
