import JSONLines

/// One table of results, as people and as programs read it.
struct Table {
  let name: String
  let title: String
  var columns: [String]
  var rows: [[Cell]] = []
  var notes: [String] = []

  enum Cell {
    case text(String)
    case number(Double)
    case spread(Spread)
  }

  /// A Markdown table under its title.
  var markdown: String {
    var lines = ["### \(title)", "", line(columns), line(columns.map { _ in "---" })]
    lines += rows.map { line($0.map(\.text)) }
    if !notes.isEmpty { lines += [""] + notes }
    return lines.joined(separator: "\n") + "\n\n"
  }

  private func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }

  var json: JSONValue {
    .object([
      .init("name", .string(name)),
      .init("title", .string(title)),
      .init("columns", .array(columns.map { .string($0) })),
      .init("rows", .array(rows.map { .array($0.map(\.json)) })),
      .init("notes", .array(notes.map { .string($0) })),
    ])
  }
}

extension Table.Cell {
  var text: String {
    switch self {
    case .text(let text): text
    case .number(let value): value.compact
    case .spread(let spread):
      "\(spread.median.compact) (\(spread.quartiles.lowerBound.compact) to \(spread.quartiles.upperBound.compact))"
    }
  }

  var json: JSONValue {
    switch self {
    case .text(let text): .string(text)
    case .number(let value): value.isFinite ? .number(value) : .null
    case .spread(let spread):
      .object([
        .init("median", .number(spread.median)),
        .init("quartiles", .array([.number(spread.quartiles.lowerBound), .number(spread.quartiles.upperBound)])),
      ])
    }
  }
}

extension Double {
  /// Three significant digits or whole thousands: 0.947, 4.81, 384,000.
  var compact: String {
    guard isFinite else { return "-" }
    if magnitude >= 1000 {
      var unit = 1.0
      while magnitude / unit >= 1000 { unit *= 10 }
      var rest = String(Int((self / unit).rounded() * unit))
      var groups: [String] = []
      while rest.count > 3 {
        groups.insert(String(rest.suffix(3)), at: 0)
        rest.removeLast(3)
      }
      return ([rest] + groups).joined(separator: ",")
    }
    let decimals = magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : magnitude >= 1 ? 2 : 3
    var unit = 1
    for _ in 0..<decimals { unit *= 10 }
    let scaled = Int((magnitude * Double(unit)).rounded())
    let fraction = String(scaled % unit)
    let padded = String(repeating: "0", count: max(0, decimals - fraction.count)) + fraction
    return "\(self < 0 ? "-" : "")\(scaled / unit)" + (decimals == 0 ? "" : ".\(padded)")
  }
}
