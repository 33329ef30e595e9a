/// There is no native environment of some name.
public struct UnknownEnvironment: Error, Equatable, CustomStringConvertible {
  /// The name that was asked for.
  public let id: String
  /// The names that there are.
  public let known: [String]

  /// Creates an error about `id`.
  public init(id: String, known: [String]) {
    self.id = id
    self.known = known
  }

  /// The known names that differ from `id` in at most a third of its characters, the nearest first.
  public var nearMatches: [String] {
    let distances = known.map { Self.editDistance($0.lowercased(), id.lowercased()) }
    return known.indices.filter { 3 * distances[$0] <= id.count }
      .sorted { (distances[$0], $0) < (distances[$1], $1) }
      .map { known[$0] }
  }

  /// The sentence, without its full stop.
  public var description: String {
    let proposal = nearMatches.isEmpty ? "" : "; did you mean \(nearMatches.joined(separator: " or "))?"
    let list = "the environments here are \(known.joined(separator: ", "))"
    return "there is no environment \"\(id)\"\(proposal.isEmpty ? ";" : proposal) \(list)"
  }

  /// The number of characters to insert, delete or replace (Levenshtein, 1965).
  private static func editDistance(_ left: String, _ right: String) -> Int {
    let right = Array(right)
    var row = Array(0...right.count)
    for (i, character) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in right.enumerated() {
        let replaced = diagonal + (character == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
      }
    }
    return row[right.count]
  }
}
