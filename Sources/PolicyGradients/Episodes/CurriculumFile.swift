import Environments
import JSONLines
import SpaceCoding

extension Curriculum {
  /// Reads a curriculum that is written in JSON.
  ///
  ///     {"lessons": [
  ///       {"name": "long", "options": {"length": 1}, "next": {"mean_return": 400, "episodes": 20}},
  ///       {"name": "short", "options": {"length": {"uniform": [0.3, 0.5]}}}]}
  public convenience init(_ text: String) throws(OptionError) {
    let value: PlainValue
    do throws(JSONError) { value = try PlainValue(parsing: text) } catch {
      throw OptionError("it is not JSON: \(error)")
    }
    guard case .object(let members) = value, let list = members["lessons"]?.list, !list.isEmpty else {
      throw OptionError("it needs \"lessons\", a list with at least one lesson")
    }
    try Self.refuseOthers(in: members, than: ["lessons"], "the curriculum")
    var lessons: [Lesson] = []
    for (index, lesson) in list.enumerated() {
      lessons.append(try Lesson(lesson, number: index + 1, isLast: index == list.count - 1))
    }
    self.init(lessons)
  }

  /// The names of what lessons want to know of info.
  public var infoNames: [String] { Set(lessons.flatMap { $0.end?.info.keys.map(\.self) ?? [] }).sorted() }

  fileprivate static func refuseOthers(
    in members: [String: PlainValue], than names: [String], _ what: String
  ) throws(OptionError) {
    guard let stranger = members.keys.sorted().first(where: { !names.contains($0) }) else { return }
    throw OptionError("\(what) has \"\(stranger)\"; it may have \(names.map { "\"\($0)\"" }.joined(separator: ", "))")
  }
}

extension Lesson {
  fileprivate init(_ value: PlainValue, number: Int, isLast: Bool) throws(OptionError) {
    let what = "lesson \(number)"
    guard case .object(let members) = value else { throw OptionError("\(what) is no object") }
    try Curriculum.refuseOthers(in: members, than: ["name", "options", "next"], what)
    if let name = members["name"], name.string == nil { throw OptionError("the name of \(what) is no string") }
    name = members["name"]?.string ?? "\(number)"
    do throws(OptionError) {
      options = try OptionTemplate(members["options"] ?? .object([:]))
    } catch { throw OptionError("the options of \(what) cannot be used: \(error)") }
    switch (members["next"], isLast) {
    case (nil, true): end = nil
    case (nil, false): throw OptionError("\(what) needs \"next\", which says when the one after it begins")
    case (.some, true): throw OptionError("\(what) is the last one, and nothing can be \"next\"")
    case (let next?, false): end = try LessonEnd(next, of: what)
    }
  }
}

extension LessonEnd {
  fileprivate init(_ value: PlainValue, of what: String) throws(OptionError) {
    let place = "\"next\" of \(what)"
    guard case .object(let members) = value else { throw OptionError("\(place) is no object") }
    try Curriculum.refuseOthers(
      in: members, than: ["steps", "mean_return", "mean_length", "info", "episodes"], place)
    func number(_ name: String, in members: [String: PlainValue]) throws(OptionError) -> Double? {
      guard let value = members[name] else { return nil }
      guard let number = value.number, number.isFinite else { throw OptionError("\(name) in \(place) is no number") }
      return number
    }
    func count(_ name: String, _ range: ClosedRange<Int>) throws(OptionError) -> Int? {
      guard let value = try number(name, in: members) else { return nil }
      guard let count = Int(exactly: value), range.contains(count) else {
        throw OptionError(
          "\(name) in \(place) is \(value), and has to be an integer from \(range.lowerBound) to \(range.upperBound)")
      }
      return count
    }
    steps = try count("steps", 0...1_000_000_000_000)
    meanReturn = try number("mean_return", in: members)
    meanLength = try number("mean_length", in: members)
    if let episodes = try count("episodes", Self.episodeCounts) { self.episodes = episodes }
    if let info = members["info"] {
      guard case .object(let thresholds) = info else {
        throw OptionError("info in \(place) is no object, such as {\"success\":0.8}")
      }
      for name in thresholds.keys.sorted() { self.info[name] = try number(name, in: thresholds) }
    }
    guard steps != nil || meanReturn != nil || meanLength != nil || !info.isEmpty else {
      throw OptionError("\(place) says nothing: give steps, mean_return, mean_length or info")
    }
  }
}
