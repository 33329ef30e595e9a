import GymwireIO
import Testing

/// Runs a shell command to its end and gives what it printed.
private func shell(_ script: String) throws -> String {
  let child = try ChildProcess(command: ["sh", "-c", script])
  child.closeInput()
  return try child.output.readToEnd()
}

@Suite("Writing a file")
struct AtomicFileTests {
  @Test("a new file takes the place of an old one with the same permissions, and nothing else is left")
  func replace() throws {
    try TestPlatform.withTemporaryDirectory { directory in
      try TestPlatform.write("old", to: directory + "/a", mode: 0o600)
      try AtomicFile.write("new", to: directory + "/a")
      #expect(try shell("cd \(directory); cat a; ls -A; stat -c %a a 2>/dev/null || stat -f %Lp a") == "newa\n600\n")
    }
  }

  @Test("a FIFO stays one, and what is added later goes to the same reader")
  func fifo() throws {
    try TestPlatform.withTemporaryDirectory { directory in
      _ = try shell("mkfifo \(directory)/fifo")
      let reader = try ChildProcess(command: ["cat", directory + "/fifo"])
      let file = try GrowingFile(directory + "/fifo", beginningWith: "first\n")
      try file.append("second\n")
      var bytes = [UInt8](repeating: 0, count: 64)
      var text = ""
      while text.utf8.count < 13 {
        let count = try bytes.withUnsafeMutableBytes { try reader.output.read(into: $0) }
        text += String(decoding: bytes[..<count], as: UTF8.self)
      }
      #expect(text == "first\nsecond\n")
      #expect(try shell("test -p \(directory)/fifo && ls -A \(directory)") == "fifo\n")
    }
  }

  @Test(
    "a device stays one, under its own name and behind a link", .enabled(if: TestPlatform.contents("/dev/null") != nil))
  func device() throws {
    try TestPlatform.withTemporaryDirectory { directory in
      // Only the superuser may make a device of his own.
      _ = try shell("cd \(directory); ln -s /dev/null link; mknod node c 1 3 2>/dev/null && cat node || rm -f node")
      let names = try shell("ls \(directory)").split(separator: "\n")
      for name in names { try AtomicFile.write("text", to: "\(directory)/\(name)") }
      for name in names { #expect(try shell("test -c \(directory)/\(name) && echo yes") == "yes\n", "\(name)") }
      #expect(try shell("test -L \(directory)/link && test -c /dev/null && echo yes") == "yes\n")
    }
  }

  @Test("a link to a file stays one, and the file that it leads to is replaced")
  func link() throws {
    try TestPlatform.withTemporaryDirectory { directory in
      _ = try shell("cd \(directory); mkdir there; echo old > there/file; ln -s there/file link")
      try AtomicFile.write("new", to: directory + "/link")
      #expect(try shell("cd \(directory); test -L link && cat there/file; ls -A there") == "newfile\n")
      _ = try shell("cd \(directory); ln -s nowhere dangling")
      let error = try #require(throws: FileError.self) { try AtomicFile.write("new", to: directory + "/dangling") }
      #expect("\(error)" == "cannot write \(directory)/dangling: No such file or directory")
    }
  }

  @Test("a link that somebody has planted for a temporary file is not followed")
  func planted() throws {
    try TestPlatform.withTemporaryDirectory { directory in
      _ = try shell("cd \(directory); echo mine > victim; ln -s victim file.new; ln -s victim .file.new")
      try AtomicFile.write("new", to: directory + "/file")
      #expect(try shell("cd \(directory); cat victim file") == "mine\nnew")
    }
  }

  @Test("where nothing can be written, the old file stays and a sentence says why")
  func refusals() throws {
    try TestPlatform.withTemporaryDirectory { directory in
      try TestPlatform.write("old", to: directory + "/file")
      for (path, reason) in [
        (directory, "Is a directory"), (directory + "/none/file", "No such file or directory"),
        (directory + "/file/file", "Not a directory"), ("/proc/version", "Permission denied"),
      ] where path != "/proc/version" || TestPlatform.contents(path) != nil {
        let error = try #require(throws: FileError.self) { try AtomicFile.write("new", to: path) }
        #expect("\(error)".hasPrefix("cannot write \(path): "), "\(error)")
        #expect("\(error)".contains(reason) || path == "/proc/version", "\(error)")
      }
      #expect(try shell("cd \(directory); cat file; ls -A") == "oldfile\n")
    }
  }

  @Test("what a writer left behind that was killed can be removed, and nothing else is")
  func leftovers() throws {
    try TestPlatform.withTemporaryDirectory { directory in
      _ = try shell("cd \(directory); touch .gymwire-0123456789abcdef.new .gymwire-notes file.new")
      AtomicFile.removeLeftovers(in: directory)
      #expect(try shell("cd \(directory); ls -A | sort") == ".gymwire-notes\nfile.new\n")
    }
  }
}

@Suite("Reading a whole file")
struct WholeFileTests {
  @Test("gives its bytes, those of a FIFO too, and those of a file that is exactly as large as it may be")
  func reads() throws {
    try TestPlatform.withTemporaryDirectory { directory in
      try TestPlatform.write("12345", to: directory + "/file")
      #expect(try WholeFile.read(directory + "/file", atMost: 5) == Array("12345".utf8))
      _ = try shell("mkfifo \(directory)/fifo")
      let writer = try ChildProcess(command: ["sh", "-c", "head -c 3000000 /dev/zero > \(directory)/fifo"])
      #expect(try WholeFile.read(directory + "/fifo", atMost: 3_000_000).count == 3_000_000)
      writer.terminate()
    }
  }

  @Test("looks at the size before it reads anything")
  func tooLarge() throws {
    try TestPlatform.withTemporaryDirectory { directory in
      _ = try shell("dd if=/dev/zero of=\(directory)/sparse bs=1 count=0 seek=8000000000000 2>/dev/null")
      let start = ContinuousClock.now
      for (path, limit) in [(directory + "/sparse", 1 << 30), ("/dev/zero", 5_000_000)] {
        let error = try #require(throws: FileError.self) { _ = try WholeFile.read(path, atMost: limit) }
        #expect("\(error)".hasPrefix("cannot read \(path): it has "), "\(error)")
        #expect("\(error)".hasSuffix(" bytes or more, and \(limit) are the most that are read"), "\(error)")
      }
      #expect(start.duration(to: .now) < .seconds(60))
    }
  }

  @Test("says why there is nothing to read")
  func refusals() throws {
    let missing = try #require(throws: FileError.self) { _ = try WholeFile.read("/no/such/file", atMost: 1) }
    #expect(missing.isMissing && "\(missing)" == "cannot read /no/such/file: No such file or directory")
    let directory = try #require(throws: FileError.self) { _ = try WholeFile.read("/", atMost: 1) }
    #expect(!directory.isMissing && "\(directory)" == "cannot read /: Is a directory")
  }
}

@Suite("The lock of a directory")
struct DirectoryLockTests {
  @Test("one holder at a time, in this process and in others, until the object goes")
  func oneHolder() throws {
    try TestPlatform.withTemporaryDirectory { directory in
      let first = try DirectoryLock(directory)
      #expect(first.isEnforced)
      let refusal = try #require(throws: DirectoryLock.Refusal.self) { _ = try DirectoryLock(directory) }
      #expect("\(refusal)".hasPrefix("it is in use by another run, process "))
      // A child of the holder does not inherit it, and closing another descriptor of the file does not drop it.
      let child = try ChildProcess(command: ["sleep", "60"])
      _ = TestPlatform.contents(directory + "/.lock")
      #expect(throws: DirectoryLock.Refusal.self) { _ = try DirectoryLock(directory) }
      first.removeEmptyDirectory()
      _ = consume first
      #expect(try Directory.make(directory))
      let second = try DirectoryLock(directory)
      #expect(second.isEnforced)
      child.kill()
    }
  }

  @Test("of many that make one directory, one alone is told that it is new")
  func directories() throws {
    try TestPlatform.withTemporaryDirectory { directory in
      #expect(try Directory.make(directory + "/a/b/c"))
      #expect(try !Directory.make(directory + "/a/b/c"))
      let error = try #require(throws: FileError.self) { _ = try Directory.make("/dev/null/x") }
      #expect("\(error)" == "cannot write /dev/null/x: Not a directory")
    }
  }
}
