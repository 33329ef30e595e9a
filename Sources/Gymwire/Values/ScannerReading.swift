import Environments
import JSONLines
import SpaceCoding

// The scanner's steps with errors of this module's type, and what single members of messages may hold.
extension JSONScanner {
  mutating func kind() throws(ValueError) -> JSONKind {
    do { return try peek() } catch { throw ValueError(error) }
  }

  /// Whether the list that was entered goes on.
  mutating func hasElement() throws(ValueError) -> Bool {
    do { return try nextElement() } catch { throw ValueError(error) }
  }

  /// The name of the next member of the object that was entered; nil at its end.
  mutating func nextMember() throws(ValueError) -> JSONName? {
    do { return try nextName() } catch { throw ValueError(error) }
  }

  mutating func skip() throws(ValueError) {
    do { try skipValue() } catch { throw ValueError(error) }
  }

  mutating func enterList(expected: @autoclosure () -> String) throws(ValueError) {
    try require(.array, expected())
    do { try enterArray() } catch { throw ValueError(error) }
  }

  mutating func enterMembers(expected: @autoclosure () -> String) throws(ValueError) {
    try require(.object, expected())
    do { try enterObject() } catch { throw ValueError(error) }
  }

  mutating func flag() throws(ValueError) -> Bool {
    try require(.boolean, "true or false")
    do { return try readBool() } catch { throw ValueError(error) }
  }

  mutating func integer() throws(ValueError) -> Int {
    try require(.number, "an integer")
    do { return Int(try readInteger()) } catch { throw ValueError(error) }
  }

  mutating func text(expected: @autoclosure () -> String = "a string") throws(ValueError) -> String {
    try require(.string, expected())
    do { return try readString() } catch { throw ValueError(error) }
  }

  mutating func plain() throws(ValueError) -> PlainValue {
    do { return try PlainValue(from: &self) } catch { throw ValueError(error) }
  }

  mutating func space(path: String) throws(ValueError) -> Space {
    do { return try Space(from: &self, path: path) } catch { throw ValueError(error.description) }
  }

  private mutating func require(_ kind: JSONKind, _ expected: @autoclosure () -> String) throws(ValueError) {
    let found = try self.kind()
    guard found == kind else { throw ValueError("\(expected()) was expected, but there is \(found.phrase)") }
  }
}
