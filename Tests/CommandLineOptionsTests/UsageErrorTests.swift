import CommandLineOptions
import Testing

@Suite("Usage errors")
struct UsageErrorTests {
  @Test("an unknown option is named, with the nearest ones that there are")
  func unknownOption() {
    #expect(Example.refusal("--gama", "1") == "There is no option --gama. Did you mean --gamma?")
    #expect(Example.refusal("--gmama=1") == "There is no option --gmama. Did you mean --gamma?")
    #expect(Example.refusal("--pi_lr", "1") == "There is no option --pi_lr. Did you mean --pi-lr?")
    #expect(Example.refusal("-gamma", "1") == "There is no option -gamma. Did you mean --gamma?")
    #expect(Example.refusal("--lr", "1") == "There is no option --lr. Did you mean --pi-lr or --vf-lr?")
    #expect(Example.refusal("--step", "1") == "There is no option --step. Did you mean --step-timeout?")
    #expect(Example.refusal("--algorithm", "vpg") == "There is no option --algorithm. Did you mean --algo?")
    #expect(Example.refusal("--GAMMA", "1") == "There is no option --GAMMA. Did you mean --gamma?")
    #expect(Example.refusal("--no-normalise") == "There is no option --no-normalise. Did you mean --no-normalize?")
    #expect(Example.refusal("--tensorboard") == "There is no option --tensorboard.")
    #expect(Example.refusal("-x") == "There is no option -x.")
  }

  @Test("a word that has no place is named, with the option that it may have been")
  func unexpectedArgument() {
    #expect(Example.refusal("x") == #"Unexpected argument "x"."#)
    #expect(Example.refusal("gamma") == #"Unexpected argument "gamma". Did you mean --gamma?"#)
    #expect(Example.refusal("—gamma") == #"Unexpected argument "—gamma". Did you mean --gamma?"#)
  }

  @Test("a value that is missing is asked for")
  func missingValue() {
    #expect(Example.refusal("--gamma") == "--gamma needs a value: write --gamma X.")
    #expect(
      Example.refusal("--out", "--sampled")
        == "--out needs a value, but the option --sampled follows it: write --out DIR, or --out=--sampled if that is the value."
    )
    #expect(
      Example.refusal("--out=") == "--out is empty: give it a value, or leave it out (default: nothing is written)."
    )
    #expect(
      Example.refusal("--out", "") == "--out is empty: give it a value, or leave it out (default: nothing is written)."
    )
    for name in ["gamma", "epochs", "hidden"] {
      #expect(Example.refusal("--\(name)=")?.hasPrefix("--\(name) is empty: give it a value") == true)
    }
  }

  @Test("a value that is not of the type says what it must be")
  func malformed() {
    #expect(
      Example.refusal("--gamma", "high")
        == #"--gamma is "high", but must be a number from 0 to 1: give such a value, or leave it out (default: 0.99)."#
    )
    #expect(
      Example.refusal("--epochs", "1.5")
        == #"--epochs is "1.5", but must be an integer at least 1: give such a value, or leave it out (default: 50)."#
    )
    for word in ["nan", "inf", "-inf", "0x10", "1e999", "1,5", " 1", "1_000", "١"] {
      #expect(Example.refusal("--scale", word)?.contains("must be a number: give such a value") == true, "\(word)")
      #expect(Example.refusal("--offset", word)?.contains("must be an integer: give such a value") == true, "\(word)")
    }
    #expect(Example.refusal("--offset", "99999999999999999999")?.contains("must be an integer") == true)
  }

  @Test("a value outside the range names the option, the value, the range and the default")
  func outOfRange() {
    #expect(
      Example.refusal("--gamma", "1.5")
        == "--gamma is 1.5, but must be from 0 to 1: give a value in that range, or leave it out (default: 0.99)."
    )
    #expect(
      Example.refusal("--pi-lr", "-1")
        == "--pi-lr is -1, but must be above 0 and at most 10: give a value in that range, or leave it out (default: 0.01; vpg 0.0003)."
    )
    #expect(
      Example.refusal("--seed", "-1")
        == "--seed is -1, but must be from 0 to 9007199254740991: give a value in that range, or leave it out (default: 0)."
    )
  }

  @Test(
    "a list is refused for its elements and its length",
    arguments: ["64,", ",64", "64,,64", "a", "64;64", "64, 64"]
  )
  func malformedList(word: String) {
    #expect(
      Example.refusal("--hidden", word)
        == "--hidden is \"\(word)\", but must be 1 to 8 comma-separated integers from 1 to 4096, or none: give such a value, or leave it out (default: 64,64)."
    )
  }

  @Test(
    "a list is refused for an element out of range and for its length",
    arguments: ["0", "64,4097", "1,2,3,4,5,6,7,8,9"]
  )
  func listOutOfRange(word: String) {
    #expect(
      Example.refusal("--hidden", word)?.hasPrefix("--hidden is \(word), but must be 1 to 8 comma-separated") == true
    )
  }

  @Test("an unknown choice lists the choices and the nearest one")
  func unknownChoice() {
    #expect(
      Example.refusal("--algo", "vgp")
        == #"--algo is "vgp", but must be one of reinforce, vpg, a2c. Did you mean vpg?"#
    )
    #expect(Example.refusal("--shape", "hexagon") == #"--shape is "hexagon", but must be one of square, circle."#)
    #expect(Example.refusal("--algo", "") == #"--algo is "", but must be one of reinforce, vpg, a2c."#)
  }

  @Test("a flag refuses a value")
  func unexpectedValue() {
    #expect(
      Example.refusal("--normalize=yes")
        == #"--normalize takes no value, but was given "yes": write --normalize alone."#
    )
    #expect(
      Example.refusal("--no-normalize=")
        == #"--no-normalize takes no value, but was given "": write --no-normalize alone."#
    )
  }

  @Test("an option may stand only once, also in its negated form")
  func repeated() {
    #expect(Example.refusal("--seed", "1", "--seed=1") == "--seed is given more than once: keep one of them.")
    #expect(
      Example.refusal("--normalize", "--no-normalize") == "--normalize is given more than once: keep one of them."
    )
  }

  @Test("a required option or argument that is missing is named with its meaning")
  func missingRequired() {
    #expect(throws: UsageError.missingOption(option: "POLICY", help: "Policy to run.")) { try Example.eval.parse([]) }
    do throws(UsageError) {
      _ = try Example.train.parse([])
      Issue.record("train without --env-cmd was accepted")
    } catch {
      #expect(
        error.description
          == "--env-cmd CMD is required. Command line that starts the environment server, run without a shell."
      )
    }
  }

  @Test("what was typed is shown on one line and cut, whatever it is")
  func hostileWords() throws {
    let shown = try #require(Example.refusal("--gamma", "a\u{1B}[31m\n" + String(repeating: "x", count: 100_000)))
    #expect(shown.hasPrefix(#"--gamma is "a\u{1B}[31m\nxxx"#))
    #expect(!shown.contains("\u{1B}"))
    #expect(!shown.contains("\n"))
    #expect(shown.count < 200)
    #expect(Example.refusal("--" + String(repeating: "-gamma", count: 100_000)) != nil)
    #expect(Example.refusal("--hidden", String(repeating: "1,", count: 100_000)) != nil)
    #expect(Example.refusal("--=") == "There is no option --.")
  }
}
