/// A terminal that people look at.
public enum Terminal {
  /// Columns and rows of the terminal behind a descriptor; nil where there is none, or where it does not tell.
  public static func size(of descriptor: FileDescriptor) -> (columns: Int, rows: Int)? {
    Platform.terminalSize(descriptor.rawValue)
  }

  /// Whether texts may have colours: not where the variable `NO_COLOR` is set to anything (no-color.org), nor on a
  /// terminal that calls itself `dumb`.
  public static func allowsColor(_ environment: [String]) -> Bool {
    !environment.contains { $0.hasPrefix("NO_COLOR=") && $0.count > 9 || $0 == "TERM=dumb" }
  }

  /// Whether it claims to know every colour, and not 256 alone.
  public static func hasAllColors(_ environment: [String]) -> Bool {
    environment.contains("COLORTERM=truecolor") || environment.contains("COLORTERM=24bit")
  }

  /// The variables of this process, as `NAME=value`.
  public static var environment: [String] { Platform.environment() }
}
