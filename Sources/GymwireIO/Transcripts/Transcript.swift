import JSONLines

/// A dialogue in a file: what is sent to a server, and what it has to answer.
///
/// The format is that of protocol/transcripts/README.md.
public struct Transcript: Sendable {
  /// One line of the script that does something.
  public enum Action: Sendable {
    /// Bytes to write, so many times.
    case send([UInt8], times: Int)
    /// A reply to read.
    case expect(JSONValue)
    /// The server's input ends.
    case endInput
    /// The server is killed, and its command is started again.
    case restart
  }

  /// Something is wrong with the file itself.
  public struct FormatError: Error, CustomStringConvertible {
    /// The sentence.
    public let description: String
  }

  /// The name of the file.
  public let name: String
  /// The program to start and its arguments; empty if the file names none.
  public let command: [String]
  /// What happens, in order, and the line of the file that says so.
  public let actions: [(line: Int, action: Action)]

  /// Reads the text of a file.
  ///
  /// - Parameter name: the name of the file, for messages.
  public init(_ text: String, name: String) throws(FormatError) {
    self.name = name
    var command: [String] = []
    var actions: [(line: Int, action: Action)] = []
    // Swift's notion of a line differs from the format's, which knows 0x0A alone.
    for (index, utf8) in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      let line = String(decoding: utf8, as: UTF8.self)
      do {
        if line.hasPrefix("$ ") {
          command = try CommandLineWords.split(String(line.dropFirst(2)))
        } else if let action = try Self.action(line) {
          actions.append((index + 1, action))
        }
      } catch {
        throw FormatError(description: "\(name):\(index + 1) is no line of a transcript: \(error)")
      }
    }
    self.command = command
    self.actions = actions
  }

  private static func action(_ line: String) throws -> Action? {
    if line.isEmpty || line.hasPrefix("#") { return nil }
    if line.hasPrefix("> ") { return .send(Array(line.dropFirst(2).utf8) + [0x0A], times: 1) }
    if line.hasPrefix(">> ") { return try bytes(line.dropFirst(3)) }
    if line.hasPrefix("< ") { return .expect(try JSONValue(parsing: String(line.dropFirst(2)))) }
    if line == "! end" { return .endInput }
    if line == "! restart" { return .restart }
    throw FormatError(description: "it begins with none of #, $, >, >>, < and !")
  }

  /// Reads `"text"`, `1000 "text"` or `{"b64":"..."}`.
  private static func bytes(_ text: Substring) throws -> Action {
    let start = text.firstIndex { $0 == "\"" || $0 == "{" } ?? text.endIndex
    let value = try JSONValue(parsing: String(text[start...]))
    let times = try repetitions(text[..<start])
    let bytes: [UInt8]
    if case .string(let string) = value {
      bytes = Array(string.utf8)
    } else if case .string(let characters)? = value["b64"], let decoded = Base64.bytes(of: characters) {
      bytes = decoded
    } else {
      throw FormatError(description: "there is neither a JSON string nor b64 in it")
    }
    guard times <= mostBytes / max(1, bytes.count) else {
      throw FormatError(description: "it stands for more than \(mostBytes) bytes")
    }
    return .send(bytes, times: times)
  }

  /// Reads how often bytes are sent: once where nothing is said.
  private static func repetitions(_ text: Substring) throws(FormatError) -> Int {
    let digits = text.drop { $0 == " " }.prefix { $0 != " " }
    guard !digits.isEmpty else { return 1 }
    guard text.drop(while: { $0 == " " }).dropFirst(digits.count).allSatisfy({ $0 == " " }),
      digits.allSatisfy({ ("0"..."9").contains($0) }), let times = Int(digits), (1...mostTimes).contains(times)
    else {
      throw FormatError(
        description: "it says how often by \"\(digits)\", which is no integer from 1 to \(mostTimes)")
    }
    return times
  }

  private static let mostTimes = 1_000_000_000
  private static let mostBytes = 1 << 32
}
