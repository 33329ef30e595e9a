/// Where a server waits for drivers: `HOST:PORT` or `unix:PATH`.
public struct ListeningAddress: Equatable, Sendable, CustomStringConvertible {
  /// The address as it was written.
  public let description: String
  let place: Place

  enum Place: Equatable, Sendable {
    case network(address: [UInt8], port: UInt16)
    case file(String)
  }

  /// Why an address cannot be used, as a sentence without its end.
  public struct Problem: Error, Equatable, CustomStringConvertible, Sendable {
    /// The sentence.
    public let description: String
  }

  /// Reads an address.
  ///
  /// - Parameter isPublic: whether other machines may connect; by default only this one may.
  public init(_ text: String, isPublic: Bool = false) throws(Problem) {
    description = text
    if text.hasPrefix("unix:") {
      let path = String(text.dropFirst(5))
      guard !path.isEmpty else { throw Problem(description: "\(text) has no path behind unix:") }
      place = .file(path)
      return
    }
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
      throw Problem(description: "\(text) is neither HOST:PORT, such as localhost:5555, nor unix:PATH")
    }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    guard let address = Platform.addressBytes(host == "localhost" ? "127.0.0.1" : host) else {
      throw Problem(description: "\(host) is no address in digits, such as 127.0.0.1 or ::1, nor localhost")
    }
    let isLoopback = address.count == 4 ? address[0] == 127 : address == Array(repeating: 0, count: 15) + [1]
    guard isPublic || isLoopback else {
      throw Problem(description: "\(host) can be reached from other machines, which --public has to allow")
    }
    place = .network(address: address, port: port)
  }
}

extension ListeningAddress.Place {
  var ofSocket: Platform.SocketPlace {
    switch self {
    case .network(let address, let port): .network(address: address, port: port)
    case .file(let path): .file(path)
    }
  }
}
