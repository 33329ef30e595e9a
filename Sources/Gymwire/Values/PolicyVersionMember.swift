import JSONLines

// The places are not counted as owned: whoever makes a message keeps them while it is written or read.

/// The version of the policy that answers, which nobody but people reads.
struct PolicyVersionMember: MemberValue {
  let version: Int

  @inline(__always) var isRequired: Bool { false }

  @inline(__always)
  func write(to writer: inout JSONWriter) { writer.write(version) }

  @inline(__always)
  func readUsual(from scanner: inout JSONScanner) -> Bool { scanner.usualInteger() != nil }

  func read(from scanner: inout JSONScanner) throws(ValueError) { try scanner.skip() }
}
