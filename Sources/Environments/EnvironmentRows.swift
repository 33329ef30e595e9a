/// The environments of a batch's rows, at equal distances in memory, perhaps each inside a wrapper like ``TimeLimit``.
///
/// Whoever is handed one may use it until the call is over, and only for the rows that the call names.
public struct EnvironmentRows<Element> {
  @usableFromInline let first: UnsafeMutablePointer<Element>
  @usableFromInline let stride: Int

  /// Environments at a distance of `stride` bytes, the one of row 0 at `first`.
  @inlinable
  init(first: UnsafeMutablePointer<Element>, stride: Int = MemoryLayout<Element>.stride) {
    self.first = first
    self.stride = stride
  }

  /// Where the environment of a row is.
  @inlinable
  @inline(__always)
  public subscript(row: Int) -> UnsafeMutablePointer<Element> {
    UnsafeMutableRawPointer(first).advanced(by: row &* stride).assumingMemoryBound(to: Element.self)
  }

  /// What each has in one of its stored properties.
  @inlinable
  @inline(__always)
  public func parts<Part>(_ property: WritableKeyPath<Element, Part>) -> EnvironmentRows<Part> {
    guard let part = first.pointer(to: property) else { preconditionFailure("the property is not stored") }
    return EnvironmentRows<Part>(first: part, stride: stride)
  }
}
