#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import GymwireIO
import JSONLines
import Reporting

extension RecordedRun {
  /// What a report shows of the run.
  func data() throws -> RunData {
    let metrics = try Self.contents(path + "/metrics.jsonl").withUnsafeBytes { MetricsTable(jsonLines: $0) }
    let evaluations = try Self.contents(path + "/evaluations.jsonl").split(separator: UInt8(ascii: "\n")).compactMap {
      try? JSONDecoder().decode(EvaluationRow.self, from: Data($0))
    }
    return RunData(
      name: VisibleText.line(path), settings: try settings(), metrics: metrics,
      evaluations: evaluations.map {
        RunData.Evaluated(steps: Double($0.steps), mean: $0.meanReturn, returns: $0.returns ?? [])
      })
  }

  /// Every setting of `config.json`, those of the algorithm by their names on the command line.
  private func settings() throws -> [(name: String, value: String)] {
    let text = String(decoding: try Self.contents(path + "/config.json"), as: UTF8.self)
    var settings: [(name: String, value: String)] = []
    func add(_ value: JSONValue, _ name: String) {
      guard case .object(let members) = value else {
        settings.append((VisibleText.line(name), VisibleText.line(Self.plain(value))))
        return
      }
      for member in members {
        // The algorithm's settings stand for themselves; every other nested one says where it is.
        add(member.value, name.isEmpty || name == "configuration" ? member.name : "\(name).\(member.name)")
      }
    }
    add(try JSONValue(parsing: text), "")
    let first = ["environmentID", "environmentCommand", "algorithm", "seed"]
    return first.flatMap { name in settings.filter { $0.name == name } } + settings.filter { !first.contains($0.name) }
  }

  private static func plain(_ value: JSONValue) -> String {
    switch value {
    case .string(let text): text
    case .array(let elements): elements.map(plain).joined(separator: ", ")
    default: value.text
    }
  }

  private static let largestFile = 1 << 32

  /// The bytes of a file; none if it is not there.
  private static func contents(_ path: String) throws(FileError) -> [UInt8] {
    do throws(FileError) { return try WholeFile.read(path, atMost: largestFile) } catch {
      if error.isMissing { return [] }
      throw error
    }
  }
}
