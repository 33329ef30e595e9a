import Environments
import JSONLines

// Single members of messages, with errors of this module's type.
extension JSONScanner {
  mutating func flag() throws(ValueError) -> Bool {
    guard try kind() == .boolean else {
      throw ValueError("true or false was expected, but there is \(try kind().phrase)")
    }
    return try ValueError.wrap { () throws(JSONError) in try readBool() }
  }

  mutating func integer(_ name: String) throws(ValueError) -> Int {
    guard try kind() == .number else { throw ValueError("an integer was expected, but there is \(try kind().phrase)") }
    do { return Int(try readInteger()) } catch { throw ValueError("\"\(name)\" is not a usable integer: \(error)") }
  }

  mutating func string(_ name: String) throws(ValueError) -> String {
    guard try kind() == .string else { throw ValueError("a string was expected, but there is \(try kind().phrase)") }
    return try ValueError.wrap { () throws(JSONError) in try readString() }
  }

  mutating func space(path: String) throws(ValueError) -> Space {
    do { return try Space(from: &self, path: path) } catch { throw ValueError(error.description) }
  }
}
