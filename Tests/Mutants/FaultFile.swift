import Foundation
import GymwireIO

/// A file of Tests/Mutants/Faults: a program, and the ways to break it.
///
/// Its first lines say `program PATH`, `role ROLE`, and may say `arguments WORDS`,
/// `options JSON` and `patience SECONDS`. Then each fault has
///
///     # 6.2, 6.5 the seed is not used
///     - random.seed(int(seed))
///     + pass
///
/// or, in place of the last two lines, `! WORDS` to put behind the command. Several lines of a kind stand for a text of
/// several lines. A last line `= mute` belongs to a fault by which not even hello is said or answered.
struct FaultFile {
  let program: ConformingProgram
  let mutants: [Mutant]

  /// Where a file, or a program, is not what it should be.
  struct Mistake: Error, CustomStringConvertible {
    let description: String
  }

  init(name: String, text: String) throws {
    var settings: [String: String] = [:]
    var faults: [[Substring]] = []
    for line in text.split(separator: "\n") {
      if line.hasPrefix("# ") {
        faults.append([line])
      } else if !faults.isEmpty {
        faults[faults.count - 1].append(line)
      } else {
        let parts = line.split(separator: " ", maxSplits: 1)
        settings[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
      }
    }
    guard let path = settings["program"], let role = settings["role"].flatMap(ConformingProgram.Role.init) else {
      throw Mistake(description: "Faults/\(name).txt names no program, or no role")
    }
    let program = ConformingProgram(
      name: name, path: path, role: role,
      arguments: try settings["arguments"].map { try CommandLineWords.split($0) } ?? [],
      resetOptions: settings["options"], patience: settings["patience"].flatMap(Double.init))
    self.program = program
    mutants = try faults.map { try Mutant(program, $0) }
  }
}

extension Mutant {
  fileprivate init(_ program: ConformingProgram, _ lines: [Substring]) throws {
    let head = lines[0].dropFirst(2)
    let numbers = head.prefix { $0.isNumber || $0 == "." || $0 == "," || $0 == " " }
    clauses = numbers.split { $0 == "," || $0 == " " }.map(String.init)
    fault = String(head.dropFirst(numbers.count))
    self.program = program
    isMute = lines.last == "= mute"
    func text(_ mark: Character) -> [Substring] { lines.filter { $0.first == mark }.map { $0.dropFirst(2) } }
    let (old, new, words) = (text("-"), text("+"), text("!"))
    guard !clauses.isEmpty, !fault.isEmpty, old.isEmpty != words.isEmpty,
      lines.dropFirst().allSatisfy({ "-+!".contains($0.prefix(1)) || $0 == "= mute" })
    else {
      throw FaultFile.Mistake(
        description: "Faults/\(program.name).txt: the fault \"\(head)\" is not written as it should be")
    }
    change =
      words.isEmpty
      ? .replacement(old.joined(separator: "\n"), with: new.joined(separator: "\n"))
      : .arguments(try CommandLineWords.split(words.joined(separator: " ")))
  }
}

/// All mutants that there are.
enum MutantCatalog {
  /// The files of Tests/Mutants/Faults below the root of the repository, in the order of their names.
  static func files(_ root: String) throws -> [FaultFile] {
    let directory = root + "/Tests/Mutants/Faults"
    return try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasSuffix(".txt") }.sorted().map {
      let text = try String(contentsOfFile: directory + "/" + $0, encoding: .utf8)
      return try FaultFile(name: String($0.dropLast(4)), text: text)
    }
  }
}
