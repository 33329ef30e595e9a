import Environments
import JSONLines

/// Reads what the requests to a worker have in common.
enum WorkerMembers {
  /// Reads an integer from 0 to 2^53 - 1.
  ///
  /// - Parameter absent: what holds where it is not there; nil where it has to be.
  static func count(
    _ member: JSONScanner?, _ name: String, otherwise absent: Int?
  ) throws(ErrorReply) -> Int {
    guard let value = try member.plain(name) else {
      guard let absent else { throw ErrorReply(.badMessage, "the request needs \"\(name)\"") }
      return absent
    }
    let greatest = Int(ProtocolConstants.greatestInteger)
    guard let number = value.number.flatMap({ Int(exactly: $0) }), (0...greatest).contains(number) else {
      throw ErrorReply(.badMessage, "\"\(name)\" has to be an integer from 0 to \(greatest)")
    }
    return number
  }

  /// Reads parts of an agent; nil where there is none.
  static func parts(_ member: JSONScanner?, _ name: String) throws(ErrorReply) -> [PartNumbers]? {
    guard try member.isPresent(name), var scanner = member else { return nil }
    do throws(ValueError) { return try scanner.parts() } catch {
      throw ErrorReply(.badMessage, "\"\(name)\" cannot be read: \(error)")
    }
  }
}
