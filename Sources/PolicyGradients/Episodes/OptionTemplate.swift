import Environments
import JSONLines
import SpaceCoding

/// Options of a reset, some of which may be distributions that each episode draws from.
///
/// A distribution is an object with one member: `{"uniform":[8,12]}` draws from [8, 12), `{"normal":[9.8,0.5]}` with that
/// mean and deviation, `{"choice":[1,2,3]}` each with equal probability. It may stand for any value, within lists and
/// objects too. Distributions are drawn in the order of their names.
public struct OptionTemplate: Equatable, Sendable {
  indirect enum Part: Equatable, Sendable {
    case fixed(PlainValue)
    case uniform(Double, Double)
    case normal(Double, Double)
    case choice([Part])
    case list([Part])
    case object([Member])
  }

  struct Member: Equatable, Sendable {
    let name: String
    var part: Part
  }

  private let root: Part
  /// The options as they were read.
  public let value: PlainValue

  /// The names of the options, sorted.
  public var names: [String] { if case .object(let members) = value { members.keys.sorted() } else { [] } }

  /// The options in JSON.
  public var text: String {
    var writer = JSONWriter(capacity: 64)
    writer.write(value)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// Reads options that are written in JSON.
  public init(_ text: String) throws(OptionError) {
    let value: PlainValue
    do throws(JSONError) { value = try PlainValue(parsing: text) } catch {
      throw OptionError("they are not JSON: \(error)")
    }
    try self.init(value)
  }

  /// Reads options that have been read from JSON.
  init(_ value: PlainValue) throws(OptionError) {
    guard case .object = value else { throw OptionError("they are no object, such as {\"gravity\":9.8}") }
    self.value = value
    root = try Part(value, at: "", isRoot: true)
  }

  /// The options of one episode.
  public func draw(using generator: inout PCG64) -> [String: PlainValue] {
    if case .object(let members) = root.draw(using: &generator) { members } else { [:] }
  }

  /// Whether every episode gets the same.
  public var isFixed: Bool { root.isFixed }
}

/// Why options cannot be used.
public struct OptionError: Error, Equatable, CustomStringConvertible {
  /// The reason, to follow the name of the options.
  public let description: String

  init(_ description: String) { self.description = description }
}

extension OptionTemplate.Part {
  fileprivate init(_ value: PlainValue, at path: String, isRoot: Bool = false) throws(OptionError) {
    switch value {
    case .list(let values):
      var parts: [Self] = []
      for (index, value) in values.enumerated() { parts.append(try Self(value, at: "\(path)[\(index)]")) }
      self = .list(parts)
    case .object(let members):
      if !isRoot, let (name, content) = members.first, members.count == 1,
        let distribution = try Self(name, of: content, at: path)
      {
        self = distribution
        return
      }
      var parts: [OptionTemplate.Member] = []
      for (name, value) in members.sorted(by: { $0.key < $1.key }) {
        parts.append(.init(name: name, part: try Self(value, at: path.isEmpty ? name : "\(path).\(name)")))
      }
      self = .object(parts)
    default: self = .fixed(value)
    }
  }

  /// A distribution of this name; nil if there is none.
  private init?(_ name: String, of content: PlainValue, at path: String) throws(OptionError) {
    switch name {
    case "uniform":
      let (low, high) = try Self.pair(content, name, "the lower bound and the upper one", at: path)
      guard low <= high, (high - low).isFinite else {
        throw OptionError("the bounds of uniform at \(path) are \(low) and \(high); the lower one comes first")
      }
      self = .uniform(low, high)
    case "normal":
      let (mean, deviation) = try Self.pair(content, name, "the mean and the deviation", at: path)
      guard deviation >= 0 else { throw OptionError("the deviation of normal at \(path) is \(deviation)") }
      self = .normal(mean, deviation)
    case "choice":
      guard let list = content.list, !list.isEmpty else {
        throw OptionError("choice at \(path) needs a list with at least one value")
      }
      var parts: [Self] = []
      for (index, value) in list.enumerated() { parts.append(try Self(value, at: "\(path).choice[\(index)]")) }
      self = .choice(parts)
    default: return nil
    }
  }

  private static func pair(
    _ content: PlainValue, _ name: String, _ what: String, at path: String
  ) throws(OptionError) -> (Double, Double) {
    let numbers = (content.list ?? []).compactMap(\.number)
    guard numbers.count == 2, content.list?.count == 2 else {
      throw OptionError("\(name) at \(path) needs a list of two numbers, \(what)")
    }
    return (numbers[0], numbers[1])
  }

  fileprivate func draw(using generator: inout PCG64) -> PlainValue {
    switch self {
    case .fixed(let value): return value
    case .uniform(let low, let high): return .number(generator.uniform(low, high))
    case .normal(let mean, let deviation): return .number(mean + deviation * generator.normal())
    case .choice(let parts):
      let index = Int(generator.next().multipliedFullWidth(by: UInt64(parts.count)).high)
      return parts[index].draw(using: &generator)
    case .list(let parts): return .list(parts.map { $0.draw(using: &generator) })
    case .object(let members):
      var drawn: [String: PlainValue] = [:]
      for member in members { drawn[member.name] = member.part.draw(using: &generator) }
      return .object(drawn)
    }
  }

  fileprivate var isFixed: Bool {
    switch self {
    case .fixed: true
    case .uniform, .normal, .choice: false
    case .list(let parts): parts.allSatisfy(\.isFixed)
    case .object(let members): members.allSatisfy(\.part.isFixed)
    }
  }
}
