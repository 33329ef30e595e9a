import Foundation
import JSONLines
import TestSupport

/// A golden dialogue: what is sent to a server, and what it has to answer.
///
/// The format is that of protocol/transcripts/README.md.
struct Transcript: Sendable {
  /// One line of the script that does something.
  enum Action: Sendable {
    case send([UInt8], times: Int)
    case expect(JSONValue)
    case endInput
  }

  /// Something is wrong with the file itself.
  struct FormatError: Error, CustomStringConvertible {
    let description: String
  }

  let name: String
  /// The program to start and its arguments.
  let command: [String]
  let actions: [(line: Int, action: Action)]

  /// The directory that holds the files.
  static let directory = repositoryRoot + "/protocol/transcripts"

  /// The names of all files, sorted.
  static let names: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [])
    .filter { $0.hasSuffix(".txt") }.sorted()

  init(named name: String) throws {
    self.name = name
    let text = try String(contentsOfFile: Self.directory + "/" + name, encoding: .utf8)
    var command: [String] = []
    var actions: [(line: Int, action: Action)] = []
    // Foundation's and Swift's notions of a line differ from the format's, which knows 0x0A alone.
    for (index, utf8) in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      let line = String(decoding: utf8, as: UTF8.self)
      if line.hasPrefix("$ ") {
        command = line.dropFirst(2).split(separator: " ").map { Self.path(ofWord: String($0)) }
      } else if line.hasPrefix("> ") {
        actions.append((index + 1, .send(Array(line.dropFirst(2).utf8) + [0x0A], times: 1)))
      } else if line.hasPrefix(">> ") {
        actions.append((index + 1, try Self.bytes(line.dropFirst(3))))
      } else if line.hasPrefix("< ") {
        actions.append((index + 1, .expect(try JSONValue(parsing: String(line.dropFirst(2))))))
      } else if line == "! end" {
        actions.append((index + 1, .endInput))
      } else if !line.hasPrefix("#"), !line.isEmpty {
        throw FormatError(description: "\(name):\(index + 1) is no line of a transcript: \(line)")
      }
    }
    self.command = command
    self.actions = actions
  }

  /// A word of a command; the name of a file beside the dialogues stands for its path.
  private static func path(ofWord word: String) -> String {
    let path = directory + "/" + word
    return FileManager.default.fileExists(atPath: path) ? path : word
  }

  /// Reads `"text"` or `1000 "text"`.
  private static func bytes(_ text: Substring) throws -> Action {
    guard let quote = text.firstIndex(of: "\""),
      case .string(let string) = try JSONValue(parsing: String(text[quote...]))
    else { throw FormatError(description: "there is no JSON string in: \(text)") }
    return .send(Array(string.utf8), times: Int(text[..<quote].filter { $0 != " " }) ?? 1)
  }
}
