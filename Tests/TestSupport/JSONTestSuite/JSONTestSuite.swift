import Foundation

/// The 318 texts of JSONTestSuite (Seriot 2016), read by Foundation rather than by what they test.
public enum JSONTestSuite {
  /// A text, and what a parser of RFC 8259 does with it.
  public struct Text: Sendable, CustomStringConvertible {
    /// The name of its file.
    public let name: String
    /// The text itself, which may be anything.
    public let bytes: [UInt8]
    /// True for one that has to be accepted, false for one that has to be refused, nil where the parser decides.
    public let isLegal: Bool?

    /// The name, since the bytes may be many.
    public var description: String { name }
  }

  /// All of them, by name.
  public static let texts: [Text] = {
    do {
      let data = try Data(
        contentsOf: URL(fileURLWithPath: repositoryRoot + "/Tests/TestSupport/JSONTestSuite/files.json"))
      let file = try JSONDecoder().decode(File.self, from: data)
      return file.files.sorted { $0.key < $1.key }.map { name, pieces in
        let isLegal: Bool? = name.hasPrefix("y_") ? true : name.hasPrefix("n_") ? false : nil
        return Text(name: name, bytes: pieces.flatMap(\.bytes), isLegal: isLegal)
      }
    } catch {
      fatalError("files.json cannot be read: \(error)")
    }
  }()

  private struct File: Decodable { let files: [String: [Piece]] }

  private struct Piece: Decodable {
    let bytes: [UInt8]

    init(from decoder: any Decoder) throws {
      var pair = try decoder.unkeyedContainer()
      let unit = try pair.decode(Data.self)
      bytes = Array(repeatElement(Array(unit), count: try pair.decode(Int.self)).joined())
    }
  }
}
