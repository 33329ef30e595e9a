import Environments
import Gymwire
import JSONLines
import SpaceCoding

/// Section 11: what an environment says about its options, and about the parts of what is seen and done.
enum AboutChecks {
  static let all = [
    Check("11.6", .core, "without options the defaults hold, and a value outside an option's space is bad_options") {
      examination in
      let (conversation, about) = try examination.about()
      guard let options = about["options"], options != .null else { throw NotApplicable("no option is declared") }
      guard case .dict(let members)? = Space(options) else {
        throw conversation.departure(expected: "a Dict in about.options", came: options.text)
      }
      let defaults = about["defaults"] ?? .object([])
      for member in members {
        if let value = defaults[member.key], let fault = ValueFault.find(in: value, of: member.space, at: member.key) {
          throw conversation.departure(expected: "\(fault.expected), as its space says", came: defaults.text)
        }
        for value in UnusableActions.texts(for: member.space).prefix(2) + UnusableActions.boxes(in: member.space)
        where value != "null" {
          let name = JSONValue.string(member.key).text
          try conversation.expectRefusal(.badOptions, "reset", #""seed":3,"options":{\#(name):\#(value)}"#)
        }
      }
      try examination.establish(.episode)
      let plain = try examination.episode(conversation, #""seed":3"#, steps: 20)
      let same = try examination.episode(conversation, #""seed":3,"options":\#(defaults.text)"#, steps: 20)
      try examination.require(
        same, equal: plain, "what comes without options, as these are the defaults", restingOn: .episode)
    },
    Check("11.7", .core, "about names each part of a flat space") { examination in
      let (conversation, about) = try examination.about()
      for (name, space) in [("obs", examination.facts.observationSpace), ("action", examination.facts.actionSpace)] {
        guard let parts = about[name], parts != .null, let count = space.partCount else { continue }
        let lists = [parts["names"], parts["units"]].compactMap { $0 }.filter { $0 != .null }
        guard !lists.isEmpty, lists.allSatisfy({ $0.elements?.count == count }) else {
          throw conversation.departure(
            expected: "\(count) names in about.\(name), and as many units if there are any", came: parts.text)
        }
      }
    },
  ]
}

extension Examination {
  /// For each option that the server declares, options with a value of its space.
  func declaredOptions() throws -> [String] {
    guard facts.features.contains(.about) else { return [] }
    let greeting = try greet(features: [.about]).greeting
    guard case .dict(let members)? = greeting?.value["about"]?["options"].flatMap({ Space($0) }) else { return [] }
    return members.map { member in
      var values = RandomTexts(member.space, seed: 2)
      return "{\(JSONValue.string(member.key).text):\(values.next())}"
    }
  }

  /// A conversation with the feature about on, and what was told.
  fileprivate func about() throws -> (Conversation, JSONValue) {
    try require(.about)
    let conversation = try greet(features: [.about])
    guard let about = conversation.greeting?.value["about"], about != .null else {
      throw NotApplicable("the server says nothing about itself")
    }
    return (conversation, about)
  }
}

extension Space {
  /// The space that a message describes; nil if it is none.
  fileprivate init?(_ description: JSONValue) {
    let space: Space? = Array(description.text.utf8).withUnsafeBytes { bytes in
      var scanner = JSONScanner(bytes)
      return try? Space(from: &scanner, path: "about.options")
    }
    guard let space else { return nil }
    self = space
  }

  /// How many parts of a flat space have a name (clause 11.7); nil for another space.
  fileprivate var partCount: Int? {
    if case .discrete(let discrete) = self { return discrete.n }
    return flat?.shape.elementCount
  }
}
