import CommandLineOptions

/// The other side of a bare ping-pong.
enum Peer {
  static let request = Option(argument: "request", .integer(in: 1...100_000_000), help: "Bytes of a request.")
  static let reply = Option(argument: "reply", .integer(in: 1...100_000_000), help: "Bytes of a reply.")

  static let command = Command(
    "peer", summary: "Internal: answers every so many bytes with so many bytes.",
    groups: [OptionGroup("Sizes", request, reply)]
  ) { arguments in
    try BarePipe.answer(.init(request: arguments[request], reply: arguments[reply]))
    return 0
  }
}
