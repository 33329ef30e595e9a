import Foundation
import GymwireIO

/// Makes programs that can be started out of conforming ones and of mutants, in a directory of its own.
final class Workshop {
  private let root: String
  private let directory: String
  private var count = 0

  /// - Parameter root: the root of the repository.
  init(_ root: String) throws {
    self.root = root
    directory = NSTemporaryDirectory() + "gymwire-mutants-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  /// The command of a program that is as it should be.
  func command(of program: ConformingProgram) throws -> [String] {
    try starter(of: program, at: root + "/" + program.path) + program.arguments
  }

  /// Refuses to judge mutants of a program that says nothing where it is as it should be.
  func requireWords(from program: ConformingProgram) throws {
    let command = try command(of: program)
    guard !FirstWords.come(from: program, command: command) else { return }
    throw FaultFile.Mistake(
      description: "\(program.path) says nothing here even as it is: \(ShellWords.quote(command)) has to run first")
  }

  /// The text of a mutant; nil where other words make the program one.
  ///
  /// - Throws: ``FaultFile/Mistake`` where the program does not have what the mutant changes, exactly once.
  func text(of mutant: Mutant) throws -> String? {
    guard case .replacement(let old, let new) = mutant.change else { return nil }
    let path = mutant.program.path
    let pieces = try String(contentsOfFile: root + "/" + path, encoding: .utf8).components(separatedBy: old)
    guard pieces.count == 2 else {
      throw FaultFile.Mistake(
        description: "\(path) has \(pieces.count - 1) times, and not once, what \"\(mutant.fault)\" changes")
    }
    return pieces.joined(separator: new)
  }

  /// The command of a mutant.
  func command(of mutant: Mutant) throws -> [String] {
    let program = mutant.program
    if case .arguments(let words) = mutant.change { return try command(of: program) + words }
    count += 1
    let path = "\(directory)/\(count)-" + (program.path.split(separator: "/").last ?? "")
    try text(of: mutant)?.write(toFile: path, atomically: false, encoding: .utf8)
    return try starter(of: program, at: path) + program.arguments
  }

  /// The words that start the program whose text is in a file.
  private func starter(of program: ConformingProgram, at path: String) throws -> [String] {
    switch program.language {
    case "Python": return [Self.python, "-S", "-E", path]
    case "JavaScript": return ["node", path]
    case "C":
      count += 1
      let binary = "\(directory)/\(count)-compiled"
      let compiler = try ChildProcess(command: ["cc", "-std=c99", "-O1", "-w", "-o", binary, path, "-lm"])
      guard compiler.exit(within: .seconds(120)) == .status(0) else {
        throw FaultFile.Mistake(description: "\(program.path) does not compile: \(compiler.lastErrorLines())")
      }
      return [binary]
    default: return ["sh", path]
    }
  }

  /// The program itself: what is found as python3 may be a script that looks for it, and takes longer than the server.
  private static let python: String = {
    guard let child = try? ChildProcess(command: ["python3", "-c", "import sys; print(sys.executable)"]) else {
      return "python3"
    }
    // A line is valid for as long as its reader lives.
    let reader = LineReader(child.output)
    return withExtendedLifetime(reader) {
      guard case .line(let line)? = try? reader.next() else { return "python3" }
      return String(decoding: line, as: UTF8.self)
    }
  }()
}
