import GymwireIO
import Testing

@Suite("Commands that cannot be started")
struct ExecutableSearchTests {
  private func refusal(_ command: String...) throws -> ChildProcessError {
    try #require(throws: ChildProcessError.self) { try ChildProcess(command: command) }
  }

  @Test("a program that is nowhere is reported with the places that were searched")
  func notFound() throws {
    let error = try refusal("no-such-program-anywhere", "--flag")
    #expect(error.reason == .notFound)
    #expect(
      "\(error)".hasPrefix("cannot start no-such-program-anywhere --flag: no program no-such-program-anywhere in /")
    )
    #expect("\(error)".contains("/bin"))
  }

  @Test("a slip of the keyboard in a program's name is recognised")
  func nearMissProgram() throws {
    #expect(try refusal("sleeep").description.contains("did you mean sleep?"))
    // Two edits make another word of a short one: touch is no slip for nosuch.
    #expect(try !refusal("nosuch").description.contains("did you mean"))
  }

  @Test("a file that is missing is reported with what is near it")
  func nearMissFile() throws {
    try TestPlatform.withTemporaryDirectory { directory in
      try TestPlatform.write("#!/bin/sh\n", to: directory + "/cartpole-server", mode: 0o755)
      let error = try refusal(directory + "/cartpole-sever")
      #expect(error.reason == .notFound)
      #expect("\(error)".contains("did you mean \(directory)/cartpole-server?"))
      #expect(try refusal(directory + "/build/sim").description.contains("no directory \(directory)/build either"))
    }
  }

  @Test("a program given by a path where it is not, but which the search finds, is pointed out")
  func unneededDirectory() throws {
    try TestPlatform.withTemporaryDirectory { directory in
      let error = try refusal(directory + "/sleep", "1")
      #expect(error.description.contains("did you mean sleep, without the directory?"))
    }
  }

  @Test("a relative path is reported with the directory that it was looked up in")
  func relativePath() throws {
    let error = try refusal("./no-such-server")
    #expect("\(error)".contains("there is no file ./no-such-server (in /"))
  }

  @Test("a file without the permission to run it is reported with the interpreter that it needs")
  func notExecutable() throws {
    try TestPlatform.withTemporaryDirectory { directory in
      try TestPlatform.write("print(1)\n", to: directory + "/sim.py")
      let error = try refusal(directory + "/sim.py")
      #expect(error.reason == .notExecutable)
      #expect("\(error)".contains("is not executable"))
      #expect("\(error)".contains("python3 \(directory)/sim.py"))
    }
  }

  @Test("a directory is named as one")
  func directory() throws {
    let error = try refusal("/usr")
    #expect(error.reason == .isDirectory)
    #expect("\(error)".contains("/usr is a directory"))
  }

  @Test("a script whose interpreter is missing is reported with the interpreter")
  func badInterpreter() throws {
    try TestPlatform.withTemporaryDirectory { directory in
      try TestPlatform.write("#!/usr/bin/no-such-python -u\nprint(1)\n", to: directory + "/sim", mode: 0o755)
      let error = try refusal(directory + "/sim")
      #expect(error.reason == .cannotRun)
      #expect("\(error)".contains("asks for the interpreter /usr/bin/no-such-python,"))
    }
  }

  @Test("a script with Windows line ends is recognised")
  func carriageReturn() throws {
    try TestPlatform.withTemporaryDirectory { directory in
      try TestPlatform.write("#!/bin/sh\r\necho 1\r\n", to: directory + "/sim", mode: 0o755)
      #expect(try refusal(directory + "/sim").description.contains("carriage return"))
    }
  }

  @Test("a script without a first line that names its interpreter is not run by accident")
  func noInterpreterLine() throws {
    try TestPlatform.withTemporaryDirectory { directory in
      try TestPlatform.write("echo 1\n", to: directory + "/sim", mode: 0o755)
      let error = try refusal(directory + "/sim")
      #expect(error.reason == .cannotRun)
      #expect("\(error)".contains("#!"))
    }
  }

  @Test("habits from the shell are recognised")
  func shellHabits() throws {
    #expect(try refusal("SEED=1", "sim").description.contains("begin with: env SEED=1"))
    #expect(try refusal("~/sim").description.contains("~ is not expanded"))
    #expect(try refusal("").description.contains("its first word, the program, is empty"))
    #expect(try refusal().description.contains("its first word, the program, is empty"))
  }
}
