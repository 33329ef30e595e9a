/// The name of an object's member, compared where it stands.
///
/// Valid as long as the bytes that its scanner borrows.
public struct JSONName {
  @usableFromInline let token: StringToken

  init(_ token: StringToken) { self.token = token }

  /// The name with its escapes resolved.
  public var string: String { token.string }

  /// Whether the name is `text`, byte for byte after its escapes are resolved.
  @inlinable
  public static func == (name: JSONName, text: StaticString) -> Bool {
    if name.token.hasEscapes { return name.equalsAfterUnescaping(text) }
    let count = text.utf8CodeUnitCount
    guard name.token.count == count else { return false }
    for index in 0..<count where name.token.start[index] != text.utf8Start[index] { return false }
    return true
  }

  /// Whether the name is not `text`.
  @inlinable
  public static func != (name: JSONName, text: StaticString) -> Bool { !(name == text) }

  /// Lets a `switch` over names list string literals.
  @inlinable
  public static func ~= (text: StaticString, name: JSONName) -> Bool { name == text }

  @usableFromInline
  func equalsAfterUnescaping(_ text: StaticString) -> Bool {
    string.utf8.elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}
