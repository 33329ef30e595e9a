import Environments
import JSONLines

/// The reward of one row.
struct RewardMember: MemberValue {
  /// One number of type float64.
  let place: FlatSlice

  @inline(__always)
  func write(to writer: inout JSONWriter) { writer.write(place.numbers(as: Double.self)[0]) }

  @inline(__always)
  func readUsual(from scanner: inout JSONScanner) -> Bool {
    guard let reward = try? scanner.readDouble(), reward.isFinite else { return false }
    place.numbers(as: Double.self)[0] = reward
    return true
  }

  func read(from scanner: inout JSONScanner) throws(ValueError) {
    try place.read(isScalar: true, from: &scanner, as: ValueForm())
    try place.requireFiniteRewards(isBatched: false)
  }
}

/// The rewards of all rows of a batch.
struct RewardsMember: MemberValue {
  /// Numbers of type float64, one for each row.
  let places: FlatSlice
  let form: ValueForm

  @inline(__always)
  func write(to writer: inout JSONWriter) { writer.write(places, asBase64: form.allowsBase64) }

  func read(from scanner: inout JSONScanner) throws(ValueError) {
    try places.read(isScalar: false, from: &scanner, as: form)
    try places.requireFiniteRewards(isBatched: true)
  }
}

extension FlatSlice {
  /// Refuses rewards that are not finite, since no return can be made of them.
  fileprivate func requireFiniteRewards(isBatched: Bool) throws(ValueError) {
    let rewards = numbers(as: Double.self)
    // An exponent of ones, as NaN and infinity have it, carries into the sign.
    let exponent = Double.infinity.bitPattern
    var carries: UInt64 = 0
    for reward in rewards { carries |= (reward.bitPattern & exponent) &+ (1 << 52) }
    guard carries >> 63 != 0, let row = rewards.firstIndex(where: { !$0.isFinite }) else { return }
    let place = isBatched ? " in sub-environment \(row)" : ""
    throw ValueError("it is \(rewards[row])\(place), and no return can be made of that")
  }
}

extension JSONWriter {
  @inline(__always)
  mutating func write(_ flags: EndFlags) {
    switch (flags.isTerminated, flags.isTruncated) {
    case (false, false): put(verbatim: ",\"terminated\":false,\"truncated\":false")
    case (true, false): put(verbatim: ",\"terminated\":true,\"truncated\":false")
    case (false, true): put(verbatim: ",\"terminated\":false,\"truncated\":true")
    case (true, true): put(verbatim: ",\"terminated\":true,\"truncated\":true")
    }
  }
}

extension JSONScanner {
  @inline(__always)
  mutating func readUsual(_ flags: EndFlags) -> Bool {
    if skip(verbatim: ",\"terminated\":false,\"truncated\":false") {
      (flags.isTerminated, flags.isTruncated) = (false, false)
      return true
    }
    guard skip(verbatim: ",\"terminated\":"), let isTerminated = usualFlag(), skip(verbatim: ",\"truncated\":"),
      let isTruncated = usualFlag()
    else { return false }
    (flags.isTerminated, flags.isTruncated) = (isTerminated, isTruncated)
    return true
  }
}
