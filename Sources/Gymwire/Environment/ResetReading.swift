import Environments
import JSONLines

/// A reset on the server's side: which sub-environments begin anew, each with which seed.
struct ResetPlan {
  /// The indices of the sub-environments, in the order of the reply's rows.
  var indices: [Int]
  /// The seed of each of them; nil continues its generator.
  var seeds: [UInt64?]
  /// Hold for this reset only.
  var options: [String: PlainValue]

  /// Reads the indices alone, since a fault in them is found before any other.
  static func indices(_ members: Request.Members, count: Int, isBatched: Bool) throws(ErrorReply) -> [Int] {
    guard isBatched, let value = try members.environments.plain("envs") else { return Array(0..<count) }
    let expected = "\"envs\" has to be a list, not empty, of distinct integers from 0 to \(count - 1)"
    guard let list = value.list, !list.isEmpty else { throw ErrorReply(.badMessage, expected) }
    var indices: [Int] = []
    for element in list {
      guard let index = element.number.flatMap({ Int(exactly: $0) }), index >= 0, index < count else {
        throw ErrorReply(.badMessage, expected)
      }
      indices.append(index)
    }
    guard Set(indices).count == indices.count else { throw ErrorReply(.badMessage, expected) }
    return indices
  }

  /// Reads seeds and options for these indices.
  init(_ members: Request.Members, indices: [Int], isBatched: Bool) throws(ErrorReply) {
    self.indices = indices
    seeds = try Self.seeds(members, indices: indices, isBatched: isBatched)
    switch try members.options.plain("options", otherwise: .badOptions) {
    case nil: options = [:]
    case .object(let members): options = members
    default: throw ErrorReply(.badOptions, "\"options\" has to be an object")
    }
  }

  private static func seeds(
    _ members: Request.Members,
    indices: [Int],
    isBatched: Bool
  ) throws(ErrorReply) -> [UInt64?] {
    switch try members.seed.plain("seed", otherwise: .badSeed) {
    case nil: return indices.map { _ in nil }
    case .list(let list) where isBatched:
      guard list.count == indices.count else {
        throw ErrorReply(.badSeed, "there are \(list.count) seeds for \(indices.count) sub-environments")
      }
      var seeds: [UInt64?] = []
      for value in list { seeds.append(value == .null ? nil : try value.seed()) }
      return seeds
    case .some(let value):
      let first = try value.seed(plus: indices.max() ?? 0)
      return indices.map { first + UInt64($0) }
    }
  }
}
