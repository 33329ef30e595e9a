import GymwireIO
import Testing

@Suite("Command-line words")
struct CommandLineWordsTests {
  @Test(
    "a line is split as a POSIX shell splits it",
    arguments: [
      ("./cartpole-server", ["./cartpole-server"]),
      ("  a \t b\nc  ", ["a", "b", "c"]),
      ("python3 'my sim.py' --flag", ["python3", "my sim.py", "--flag"]),
      (#"say "a b" c\ d"#, ["say", "a b", "c d"]),
      (#"a'b'"c"\d"#, ["abcd"]),
      (#"'' "" x"#, ["", "", "x"]),
      (#"'a\b' "a\b" a\b"#, [#"a\b"#, #"a\b"#, "ab"]),
      (#""\$ \` \" \\ \n""#, [#"$ ` " \ \n"#]),
      ("a\\\nb \"c\\\nd\"", ["ab", "cd"]),
      (#""it's" 'say "hi"'"#, ["it's", #"say "hi""#]),
      ("$HOME *.py ~ | ; # &", ["$HOME", "*.py", "~", "|", ";", "#", "&"]),
      ("sim --name=\"Zoë 🚀\"", ["sim", "--name=Zoë 🚀"]),
      ("e\u{301} 'e'\u{301}", ["e\u{301}", "e\u{301}"]),
    ]
  )
  func split(line: String, words: [String]) throws {
    #expect(try CommandLineWords.split(line) == words)
  }

  @Test("the shell agrees, word for word")
  func shellAgrees() throws {
    for line in [#"a 'b c' "d  e" f\ g '' "\"x\"" 'it'\''s' a"b"'c'"#, #""a\b" 'a\b' a\\b "\\\"""#] {
      let shell = try ChildProcess(command: ["sh", "-c", "printf '%s\\n' " + line])
      let expected = try shell.output.readToEnd()
      #expect(try CommandLineWords.split(line).map { $0 + "\n" }.joined() == expected)
    }
  }

  @Test(
    "a line that is no command is refused with a sentence that says what to write",
    arguments: [
      ("", "the command is empty"), (" \t\n", "the command is empty"),
      ("sim 'a b", "' is never closed"), ("sim \"a b", "\" is never closed"), ("sim \"a\\\"", "\" is never closed"),
      ("sim \\", "ends with a backslash"),
    ]
  )
  func refused(line: String, text: String) throws {
    let error = try #require(throws: CommandLineWords.SplitError.self) { try CommandLineWords.split(line) }
    #expect("\(error)".contains(text))
  }

  @Test("a command shown to people is read back as the same words")
  func commandLineRoundTrip() throws {
    let words = ["true", "a b", "", "it's", "\"", "\\", "$x", "*", "é", "--a=b,c", "tab\tnewline\n", "#"]
    let process = try ChildProcess(command: words)
    #expect(try CommandLineWords.split(process.commandLine) == words)
  }
}
