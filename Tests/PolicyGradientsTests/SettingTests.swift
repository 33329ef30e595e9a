import Environments
import PolicyGradients
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite("Settings")
struct SettingTests {
  static let names = AlgorithmCatalog.all.map(\.name)

  @Test("every algorithm's defaults are valid, and survive being written and read", arguments: names)
  func defaults(name: String) throws {
    let settings = configuration(name) { _ in }
    try settings.validate()
    #expect(settings.algorithm.name == name)
    #expect(try JSONDecoder().decode(SettingValues.self, from: JSONEncoder().encode(settings)) == settings)
  }

  @Test("no two algorithms have one name, no algorithm has a setting or a metric twice, and each is declared in words")
  func declarations() {
    #expect(Set(Self.names).count == Self.names.count)
    for algorithm in AlgorithmCatalog.all {
      let declarations = algorithm.settings.map(\.declaration)
      #expect(Set(declarations.map(\.name)).count == declarations.count, "\(algorithm.name)")
      #expect(Set(algorithm.metrics).count == algorithm.metrics.count, "\(algorithm.name)")
      #expect(!algorithm.paper.isEmpty && !algorithm.summary.isEmpty && !algorithm.actions.isEmpty)
      for setting in declarations {
        #expect(setting.help.hasSuffix("."), "\(setting.name)")
        #expect(setting.name.allSatisfy { $0.isLowercase || $0 == "-" }, "\(setting.name)")
      }
    }
  }

  /// Values that are just outside of a domain, or of another type.
  private func outside(_ domain: SettingDomain) -> [SettingContent] {
    switch domain {
    case .integer(let range):
      [.integer(range.lowerBound - 1), .integer(range.upperBound + 1), .integer(.max), .integer(.min), .number(1)]
    case .number(let range):
      [.number(range.lowerBound.nextDown), .number(range.upperBound.nextUp), .number(.nan), .number(.infinity)]
    case .positive(let limit): [.number(0), .number(-1), .number(limit.nextUp), .number(.nan)]
    case .toggle: [.integer(1)]
    case .integers(let range, let count):
      [
        .integers([range.lowerBound - 1]), .integers([range.upperBound + 1]),
        .integers(Array(repeating: range.lowerBound, count: count.upperBound + 1)),
      ]
    case .word: [.word(""), .word("no such word")]
    }
  }

  @Test("a value outside its range is refused by a sentence that names the setting and the range", arguments: names)
  func ranges(name: String) throws {
    for setting in configuration(name, { _ in }).algorithm.settings.map(\.declaration) {
      for content in outside(setting.domain) {
        var settings = configuration(name) { _ in }
        let error = try #require(throws: TrainingError.self) { try settings.set(setting.name, to: content) as Void }
        #expect(error.description.hasPrefix("The setting \(setting.name) is "), "\(error)")
        #expect(error.description.hasSuffix("it has to be \(setting.domain.requirement)."), "\(error)")
      }
    }
  }

  /// The settings of an algorithm as they are read from a file in which something is replaced.
  private func read(_ name: String, replacing original: String, by other: String) throws -> SettingValues {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let text = String(decoding: try encoder.encode(configuration(name) { _ in }), as: UTF8.self)
    #expect(text.contains(original), "\(text)")
    return try JSONDecoder().decode(
      SettingValues.self, from: Data(text.replacingOccurrences(of: original, with: other).utf8))
  }

  @Test(
    "the ranges hold for files as well",
    arguments: [
      ("\"epochs\":100", "\"epochs\":9223372036854775807", "epochs"), ("\"epochs\":100", "\"epochs\":0", "epochs"),
      ("\"steps-per-epoch\":500", "\"steps-per-epoch\":1000000001", "steps-per-epoch"),
      ("\"min-horizon\":60", "\"min-horizon\":16777217", "min-horizon"),
      ("\"gamma\":0.99", "\"gamma\":7", "gamma"), ("\"hidden\":[64]", "\"hidden\":[0]", "hidden"),
      ("\"algorithm\":\"vpg\"", "\"algorithm\":\"vgp\"", "algorithm"), ("\"seed\":0", "\"seed\":-1", "seed"),
      ("\"lam\":", "\"lambda\":", "lambda"), ("\"optimizer\":\"adam\"", "\"optimizer\":\"adamant\"", "optimizer"),
    ])
  func files(original: String, other: String, name: String) throws {
    let error = try #require(throws: TrainingError.self) { try read("vpg", replacing: original, by: other) }
    #expect(error.description.contains(name), "\(error)")
  }

  @Test("a setting that a file does not have, has its default; one of another type is refused")
  func missing() throws {
    #expect(try read("vpg", replacing: "\"lam\":0.97,", by: "") == configuration("vpg") { _ in })
    #expect(throws: DecodingError.self) { try read("vpg", replacing: "\"gamma\":0.99", by: "\"gamma\":true") }
  }

  @Test("a default by the kind of action holds where nothing else was chosen, and is in what the run keeps")
  func defaultsByAction() throws {
    func settings(_ environment: any VectorEnvironment, _ change: (inout SettingValues) -> Void) throws -> SettingValues
    {
      try Trainer(configuration("ppo", change), environments: [environment]).settings
    }
    let (discrete, box) = (vector(1) { IdentityTask() }, vector(1) { TargetTask() })
    #expect(try settings(discrete) { _ in }.normalizesObservations == false)
    #expect(try settings(box) { _ in }.normalizesObservations == true)
    let chosen = try settings(box) { $0.normalizesObservations = false }
    #expect(chosen.normalizesObservations == false)
    #expect(try Trainer(chosen, environments: [box]).settings == chosen)
    let read = try JSONDecoder().decode(SettingValues.self, from: JSONEncoder().encode(chosen))
    #expect(try Trainer(read, environments: [box]).settings == chosen)
    let names = configuration("ppo") { _ in }.algorithm.settings.map(\.declaration).filter { setting in
      setting.boxStandard.map { !setting.domain.contains($0) } ?? false
    }
    #expect(names.isEmpty)
  }

  @Test("settings that contradict each other are refused")
  func contradiction() {
    let settings = configuration("vpg") {
      $0.finishesEpisodes = true
      $0.stepsPerUpdate = 10
    }
    #expect {
      try settings.validate()
    } throws: { "\($0)".contains("setting steps-per-update is 10") }
  }

  @Test(
    "what no machine has the memory for is refused before it is taken",
    arguments: [("steps-per-epoch", 1_000_000_000), ("min-horizon", 16_777_216)])
  func memory(name: String, value: Int) throws {
    var settings = configuration("vpg") { _ in }
    try settings.set(name, to: .integer(value))
    let wide = 1 << 20
    let space = TestSpaces.box(wide)
    let error = try #require(throws: TrainingError.self) {
      try Trainer(settings, environments: [Blank(observationSpace: space, count: 1)])
    }
    #expect(error.description.contains("The setting \(name) is \(value)"), "\(error)")
    #expect(error.description.contains("GB"), "\(error)")
  }
}
