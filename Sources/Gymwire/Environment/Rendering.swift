import Drawing

/// What a driver may see of an environment (protocol/SPEC.md, "render").
public enum RenderMode: String, CaseIterable, Sendable {
  /// Pixels.
  case frame = "rgb_array"
  /// Characters.
  case text = "ansi"
}

/// How large a picture is to be: rows and columns of pixels or, in a text, of characters.
public struct RenderSize: Equatable, Sendable {
  /// The sides that there are.
  public static let sides = 1...4096
  /// How high.
  public var rows: Int
  /// How wide.
  public var columns: Int

  /// Creates a size; both numbers have to be among ``sides``.
  public init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
  }

  /// What a server draws that is told nothing.
  static func usual(_ mode: RenderMode) -> RenderSize {
    switch mode {
    case .frame: RenderSize(rows: 400, columns: 600)
    case .text: RenderSize(rows: 20, columns: 60)
    }
  }
}

/// What a server has drawn.
public enum Rendering: Equatable, Sendable {
  /// Lines of characters.
  case text(String)
  /// Pixels.
  case frame(Picture)
}
