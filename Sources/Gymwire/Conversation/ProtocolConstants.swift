/// The numbers that both sides of Gymwire rely on (protocol/SPEC.md, "Framing" and "Versions and features").
public enum ProtocolConstants {
  /// The versions that this implementation speaks, best first.
  public static let versions = [1]
  /// The longest line, in bytes without its end, that a side accepts unless it says otherwise.
  public static let defaultMaximumLine = 67_108_864
  /// The least that a side may say about its longest line.
  public static let leastMaximumLine = 65_536
  /// The nesting beyond which a line is refused.
  public static let maximumDepth = 64
  /// The greatest integer that every JSON implementation holds exactly, 2^53 - 1: the last id and seed.
  public static let greatestInteger: Int64 = 9_007_199_254_740_991
  /// The longest name of a session, in bytes.
  public static let longestSessionName = 64
  /// The version of this software, which hello tells for people to read.
  public static let softwareVersion = "0.1.0"
}
