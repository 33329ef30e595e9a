import Environments
import Gymwire

/// How a player's environment looks on a terminal.
extension Player {
  func pictureSize(_ columns: Int, _ rows: Int) -> RenderSize? {
    let sides = RenderSize.sides
    switch environment.renderMode {
    case .text?: return RenderSize(rows: rows.clamped(to: sides), columns: columns.clamped(to: sides))
    case .frame?: return RenderSize(rows: (2 * rows).clamped(to: sides), columns: columns.clamped(to: sides))
    case nil: return nil
    }
  }

  /// Exactly so many lines, with the picture, the text, or the numbers of an environment that does not draw itself.
  func lines(of rendering: Rendering?, columns: Int, rows: Int, _ colors: ShownText.Colors) -> [String] {
    let lines: [String]
    switch rendering {
    case .text(let text)?: lines = ShownText.lines(of: text, columns: columns, colors)
    case .frame(let picture)?: lines = ShownText.lines(of: picture, columns: columns, rows: rows, colors)
    case nil: lines = numbers
    }
    return Array(lines.prefix(rows)) + Array(repeating: "", count: max(0, rows - lines.count))
  }

  /// The observation, for an environment that does not draw itself.
  private var numbers: [String] {
    let value = environment.outcome.observations
    guard let (array, width) = value.flat else { return ["", " The environment does not draw itself."] }
    return ["", " The environment does not draw itself; it observes:", ""]
      + (0..<min(width, 40)).map { " \($0)  \(array.double(at: $0).fixed(4))" }
  }
}

extension Int {
  fileprivate func clamped(to range: ClosedRange<Int>) -> Int {
    Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
  }
}
