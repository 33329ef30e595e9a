import Environments
import JSONLines
import SpaceCoding

/// Options of which some have several values: all combinations, each to be tried by itself.
///
/// `{"grid":[0.5,1]}` in the place of a value stands for each of its elements.
public enum OptionGrid {
  /// The most combinations that are made.
  public static let mostPoints = 10_000

  /// The combinations of options that are written in JSON, the last name changing fastest.
  public static func points(_ text: String) throws(OptionError) -> [OptionTemplate] {
    let value: PlainValue
    do throws(JSONError) { value = try PlainValue(parsing: text) } catch {
      throw OptionError("they are not JSON: \(error)")
    }
    guard case .object(let members) = value else { throw OptionError("they are no object, such as {\"gravity\":9.8}") }
    var points: [[String: PlainValue]] = [[:]]
    for (name, value) in members.sorted(by: { $0.key < $1.key }) {
      var choices = [value]
      if case .object(let inner) = value, inner.count == 1, let list = inner["grid"] {
        guard let elements = list.list, !elements.isEmpty else {
          throw OptionError("grid at \(name) needs a list with at least one value")
        }
        choices = elements
      }
      guard points.count * choices.count <= mostPoints else {
        throw OptionError("the grid has more than \(mostPoints) points")
      }
      points = points.flatMap { point in choices.map { point.merging([name: $0]) { _, new in new } } }
    }
    var templates: [OptionTemplate] = []
    for point in points { templates.append(try OptionTemplate(.object(point))) }
    return templates
  }
}
