import Environments
import JSONLines
import SpaceCoding

extension JSONWriter {
  /// Writes the members of `about` that there are (protocol/SPEC.md 11.5 to 11.8).
  mutating func write(_ about: EnvironmentDescription) {
    beginObject()
    if !about.options.isEmpty {
      name("options")
      write(Space.dict(about.options.map { Space.Member($0.name, $0.space) }))
      name("defaults")
      let defaults = about.options.compactMap { option in option.defaultValue.map { (option.name, $0) } }
      write(PlainValue.object(Dictionary(defaults) { first, _ in first }))
    }
    for (key, parts) in [("obs", about.observation), ("action", about.action)] {
      guard let parts else { continue }
      name(key)
      var members = ["names": PlainValue.list(parts.names.map { .string($0) })]
      if let units = parts.units { members["units"] = .list(units.map { .string($0) }) }
      write(PlainValue.object(members))
    }
    if !about.seconds.isEmpty {
      name("seconds")
      write(PlainValue.object(about.seconds.mapValues { .number($0) }))
    }
    endObject()
  }
}
