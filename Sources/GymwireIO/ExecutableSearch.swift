/// Finds the file that a command's first word means, and gives advice when there is none.
struct ExecutableSearch {
  /// The directories of the child's PATH in order, this program's own directory first; "" is the current one.
  let directories: [String]

  /// Where programs that came with this one are.
  let ownDirectory: String?

  /// Searches with this process's PATH.
  init(environment: [String]) {
    ownDirectory = Platform.executablePath().map { path in
      let directory = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
      return directory.isEmpty ? "/" : directory
    }
    let path = environment.first { $0.hasPrefix("PATH=") }?.dropFirst(5) ?? "/usr/local/bin:/usr/bin:/bin"
    directories =
      [ownDirectory].compactMap { $0 }
      + path.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
  }

  /// The value of PATH for the child.
  var path: String { directories.joined(separator: ":") }

  /// The path of the file to run.
  func resolve(_ command: [String]) throws(ChildProcessError) -> String {
    guard let name = command.first, !name.isEmpty else {
      throw ChildProcessError(reason: .notFound, command: command, detail: "its first word, the program, is empty")
    }
    let candidates = name.contains("/") ? [name] : directories.map { Self.join($0, name) }
    var blocked: (path: String, kind: Platform.FileKind)?
    for path in candidates {
      let kind = Platform.kind(of: path)
      if kind == .executable { return path }
      if kind != .missing, blocked == nil { blocked = (path, kind) }
    }
    switch blocked {
    case (let path, .directory)?:
      throw ChildProcessError(
        reason: .isDirectory,
        command: command,
        detail: "\(path) is a directory; name the program in it"
      )
    case (let path, _)?:
      throw ChildProcessError(
        reason: .notExecutable,
        command: command,
        detail: "\(path) is not executable; run chmod +x \(path), or put its interpreter in front"
          + Self.interpreterExample(path)
      )
    case nil:
      throw ChildProcessError(reason: .notFound, command: command, detail: missing(name))
    }
  }

  private func missing(_ name: String) -> String {
    if name.hasPrefix("~") {
      return "there is no file \(name); a ~ is not expanded here, so write the directory out"
    }
    if !name.contains("/"), name.contains("=") {
      return "there is no program \(name); to set an environment variable, begin with: env \(name)"
    }
    return name.contains("/") ? missingFile(name) : missingProgram(name)
  }

  private func missingProgram(_ name: String) -> String {
    var seen = Set<String>()
    let places = directories.map { $0.isEmpty ? "." : $0 }.filter { seen.insert($0).inserted }
    let searched = "no program \(name) in " + places.joined(separator: ", ")
    switch Platform.kind(of: "./" + name) {
    case .executable: return "\(searched); ./\(name) exists here: did you mean ./\(name)?"
    case .notExecutable:
      return "\(searched); the file \(name) exists here: did you mean its interpreter in front of it"
        + (Self.interpreterExample(name).isEmpty ? ", or chmod +x and ./\(name)?" : Self.interpreterExample(name) + "?")
    default: break
    }
    var near: [String] = []
    for directory in directories + ["."] {
      for entry in (try? Platform.directoryEntries(directory.isEmpty ? "." : directory)) ?? []
      where Self.isNear(entry, name) && Platform.kind(of: Self.join(directory, entry)) == .executable {
        near.append(directory == "." ? "./" + entry : entry)
      }
    }
    return searched + (near.isEmpty ? "; check its name, or write its path out: ./\(name)" : Self.suggestion(near))
  }

  private func missingFile(_ name: String) -> String {
    let slash = name.lastIndex(of: "/") ?? name.startIndex
    let directory = slash == name.startIndex ? "/" : String(name[..<slash])
    let base = String(name[name.index(after: slash)...])
    var text = "there is no file \(name)"
    if !name.hasPrefix("/"), let current = Platform.currentDirectory() { text += " (in \(current))" }
    if Platform.kind(of: directory) == .missing { return text + ", and no directory \(directory) either" }
    let near = ((try? Platform.directoryEntries(directory)) ?? []).filter { Self.isNear($0, base) }.map {
      Self.join(directory, $0)
    }
    if !near.isEmpty { return text + Self.suggestion(near) }
    let elsewhere = directories.first { Platform.kind(of: Self.join($0, base)) == .executable }
    guard let elsewhere else { return text + "; check its path" }
    return
      "\(text); there is one in \(elsewhere.isEmpty ? "." : elsewhere): did you mean \(base), without the directory?"
  }

  /// Why the system refused to run a file that is there and may be run.
  static func refusal(path: String, command: [String], error: SystemError) -> ChildProcessError {
    let beginning = Platform.beginning(of: path, limit: 256) ?? []
    let firstLine = String(decoding: beginning.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    if firstLine.hasPrefix("#!") {
      let interpreter = firstLine.dropFirst(2).drop { $0 == " " }.prefix { $0 != " " && $0 != "\t" }
      let advice =
        firstLine.unicodeScalars.last == "\r"
        ? "the line ends with a carriage return, as files from Windows do: remove it"
        : "correct the line, or put an interpreter in front of the file"
      let name = interpreter.filter { $0 != "\r" }
      return ChildProcessError(
        reason: .cannotRun,
        command: command,
        detail: "the first line of \(path) asks for the interpreter \(name), which cannot be run (\(error)); \(advice)"
      )
    }
    switch error {
    case .notAProgram:
      return ChildProcessError(
        reason: .cannotRun,
        command: command,
        detail:
          "\(path) is neither a program for this system nor a script with a #! line; begin a script with #!/bin/sh "
          + "or the like, or put its interpreter in front" + interpreterExample(path)
      )
    case .missing:
      return ChildProcessError(
        reason: .cannotRun,
        command: command,
        detail: "\(path) is there, but not the loader that it asks for; it was probably built for another system"
      )
    default:
      return ChildProcessError(reason: .system, command: command, detail: "the system refused to run \(path): \(error)")
    }
  }

  private static func interpreterExample(_ path: String) -> String {
    let interpreters = [".py": "python3", ".js": "node", ".sh": "sh", ".rb": "ruby", ".pl": "perl", ".lua": "lua"]
    guard let match = interpreters.first(where: { path.hasSuffix($0.key) }) else { return "" }
    return ", as in: \(match.value) \(path)"
  }

  private static func join(_ directory: String, _ name: String) -> String {
    if directory.isEmpty { return "./" + name }
    return directory.hasSuffix("/") ? directory + name : directory + "/" + name
  }

  private static func suggestion(_ names: [String]) -> String {
    guard !names.isEmpty else { return "" }
    var seen = Set<String>()
    let distinct = names.filter { seen.insert($0).inserted }
    return "; did you mean " + distinct.prefix(3).joined(separator: " or ") + "?"
  }

  /// Whether one name is a slip of the keyboard away from the other: two edits, or one in a short name.
  static func isNear(_ candidate: String, _ name: String) -> Bool {
    let first = Array(candidate.utf8)
    let second = Array(name.utf8)
    let limit = second.count >= 8 ? 2 : second.count >= 3 ? 1 : 0
    guard candidate != name, abs(first.count - second.count) <= limit else { return false }
    var row = Array(0...second.count)
    for (line, byte) in first.enumerated() {
      var diagonal = row[0]
      row[0] = line + 1
      for column in second.indices {
        let substitution = diagonal + (byte == second[column] ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(substitution, diagonal + 1, row[column] + 1)
      }
    }
    return row[second.count] <= limit
  }
}
