import Environments

/// How many sub-environments a server grants to a driver that wishes for many.
enum GrantedEnvironments {
  /// The most of them, however small their observations are.
  static let greatest = 1 << 16

  /// As many as were wanted, but no more than whose replies surely fit the driver's longest line.
  ///
  /// A step in which every episode ends tells every observation twice; a number takes at most 25 bytes, one of a
  /// mask 2, and 128 more are room for the rest of an entry (protocol/SPEC.md 2.12 and 12.1).
  static func count(wanted: Int, of observations: Space, maskWidth: Int, longestLine: Int) -> Int {
    let row = 2 * (26 * observations.elementCount + 128) + 2 * min(maskWidth, longestLine)
    return max(1, min(wanted, greatest, longestLine / row))
  }
}
