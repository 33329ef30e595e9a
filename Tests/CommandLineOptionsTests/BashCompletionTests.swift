import CommandLineOptions
import Foundation
import Testing

@Suite("Completion in bash", .enabled(if: Shells.has("bash")))
struct BashCompletionTests {
  /// What bash offers for the last of the words.
  private func offers(_ program: Program = Example.tool, _ words: String...) throws -> [String] {
    let script = try Example.run(program, "--generate-completion", "bash").output
    let driver = """
      \(script)
      COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
      $(complete -p "$1" | sed 's/.*-F \\([^ ]*\\).*/\\1/')
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    return try Shells.run("bash", ["-c", driver, "bash"] + words).split(separator: "\n").map(String.init)
  }

  @Test("the first word may be a command")
  func commands() throws {
    #expect(try offers(Example.tool, "big-tool", "") == ["make", "show", "scan"])
    #expect(try offers(Example.tool, "big-tool", "s") == ["show", "scan"])
  }

  @Test("an option's name is completed from those of the command, or of the default one")
  func names() throws {
    #expect(try offers(Example.tool, "big-tool", "--no") == ["--normalize", "--no-normalize"])
    #expect(try offers(Example.tool, "big-tool", "make", "--a") == ["--algo"])
    #expect(try offers(Example.tool, "big-tool", "show", "--a") == [])
    #expect(
      try offers(Example.tool, "big-tool", "scan", "-") == ["-h", "--help", "--version", "--generate-completion"]
    )
    #expect(try offers(Example.single, "pole-server", "--s") == ["--shape", "--seed"])
  }

  @Test("a choice is completed after a space and after an equals sign, which bash makes a word")
  func choices() throws {
    #expect(try offers(Example.tool, "big-tool", "--algo", "") == ["reinforce", "vpg", "a2c"])
    #expect(try offers(Example.tool, "big-tool", "--algo", "v") == ["vpg"])
    #expect(try offers(Example.tool, "big-tool", "--algo", "=") == ["reinforce", "vpg", "a2c"])
    #expect(try offers(Example.tool, "big-tool", "--algo", "=", "a") == ["a2c"])
    #expect(try offers(Example.single, "pole-server", "--shape", "c") == ["circle"])
  }

  @Test("nothing is offered for a number")
  func numbers() throws {
    #expect(try offers(Example.tool, "big-tool", "--gamma", "") == [])
  }

  @Test("paths are completed with files or directories, names with spaces included")
  func paths() throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("completion-\(UUID().uuidString)")
    let folder = directory.appendingPathComponent("a folder")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let file = directory.appendingPathComponent("a file")
    try Data().write(to: file)
    let start = directory.path + "/a"
    #expect(try offers(Example.tool, "big-tool", "--out", start) == [folder.path])
    #expect(try Set(offers(Example.tool, "big-tool", "--from", start)) == [folder.path, file.path])
    #expect(try Set(offers(Example.tool, "big-tool", "show", start)) == [folder.path, file.path])
    #expect(try Set(offers(Example.tool, "big-tool", "scan", "x", start)) == [folder.path, file.path])
  }

  @Test("a command line is completed with commands")
  func commandLines() throws {
    #expect(try offers(Example.tool, "big-tool", "--env-cmd", "compg").contains("compgen"))
  }
}
