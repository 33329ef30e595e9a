import CommandLineOptions
import Environments
import Gymwire
import JSONLines

/// Which key stands for which action, of any space.
struct KeyBindings {
  /// A key that is known by name, and what a terminal sends for it.
  private static let named: [(name: String, bytes: [UInt8])] = [
    ("up", [27, 91, 65]), ("down", [27, 91, 66]), ("right", [27, 91, 67]), ("left", [27, 91, 68]),
    ("space", [32]), ("enter", [13]), ("tab", [9]),
  ]

  private var bindings: [(name: String, bytes: [UInt8], action: ValueBatch)] = []

  /// Reads what `--key` says; where it says nothing, the digits and the arrows stand for the choices of a Discrete.
  init(_ texts: [String], for space: Space) throws(UsageError) {
    for text in texts {
      guard let sign = text.dropFirst().firstIndex(of: "=") else {
        throw .conflict("--key \(text) is no key with an action behind it, such as a=0 or left=[-1,0]")
      }
      let name = String(text[..<sign])
      let action = try Self.action(String(text[text.index(after: sign)...]), of: space, option: "--key \(name)")
      bindings.append((name, try Self.bytes(name), action))
    }
    guard bindings.isEmpty else { return }
    guard case .discrete(let discrete) = space else {
      throw .conflict("--key is missing: say which key stands for which action of \(space.text), such as --key a=[0.5]")
    }
    let arrows =
      [2: ["left", "right"], 3: ["left", "down", "right"], 4: ["left", "down", "right", "up"]][discrete.n] ?? []
    for (index, name) in ((0..<min(discrete.n, 10)).map { "\($0)" } + arrows).enumerated() {
      let choice = index % min(discrete.n, 10)
      let action = try Self.action("\(discrete.start + choice)", of: space, option: "--key")
      bindings.append((name, try Self.bytes(name), action))
    }
  }

  private static func bytes(_ name: String) throws(UsageError) -> [UInt8] {
    if let key = named.first(where: { $0.name == name }) { return key.bytes }
    guard name.unicodeScalars.count == 1, name.utf8.count == 1 else {
      let names = named.map(\.name).joined(separator: ", ")
      throw .conflict("--key \(name): \"\(name)\" is no key; give one character, or one of \(names)")
    }
    return Array(name.utf8)
  }

  /// An action that is written as it goes over the wire.
  static func action(_ text: String, of space: Space, option: String) throws(UsageError) -> ValueBatch {
    let batch = ValueBatch(space, count: 1)
    var text = text
    let problem: String? = text.withUTF8 { bytes in
      do {
        var scanner = JSONScanner(UnsafeRawBufferPointer(bytes))
        try batch.read(rows: 0..<1, from: &scanner, as: ValueForm())
        try scanner.finish()
        return batch.violation(in: 0..<1)?.reason
      } catch { return "\(error)" }
    }
    if let problem { throw .conflict("\(option): \(text) is no action of \(space.text): \(problem)") }
    return batch
  }

  /// The action of the last key among some bytes that stands for one; nil where none does.
  func action(_ bytes: [UInt8]) -> ValueBatch? {
    var found: ValueBatch?
    var rest = bytes[...]
    while !rest.isEmpty {
      let hit = bindings.filter { rest.starts(with: $0.bytes) }.max { $0.bytes.count < $1.bytes.count }
      if let hit { found = hit.action }
      rest = rest.dropFirst(hit?.bytes.count ?? 1)
    }
    return found
  }

  /// The keys and the actions, for people.
  var text: String {
    bindings.map { binding in
      var writer = JSONWriter(capacity: 32)
      writer.write(binding.action, rows: 0..<1, as: ValueForm())
      return "\(binding.name) \(String(decoding: writer.bytes, as: UTF8.self))"
    }.joined(separator: "  ")
  }
}
