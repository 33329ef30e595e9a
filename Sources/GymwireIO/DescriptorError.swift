/// Why bytes could not be moved.
public struct DescriptorError: Error, CustomStringConvertible, Sendable {
  let action: String
  let descriptor: Int32
  let cause: SystemError

  /// Whether the other side has closed its end.
  public var isBrokenPipe: Bool { cause == .brokenPipe }

  /// A sentence with what was tried and the system's reason.
  public var description: String {
    let name = ["standard input", "standard output", "standard error"]
    let file = name.indices.contains(Int(descriptor)) ? name[Int(descriptor)] : "descriptor \(descriptor)"
    if isBrokenPipe { return "\(action) \(file) failed: nobody reads it any more" }
    return "\(action) \(file) failed: \(cause)"
  }
}
