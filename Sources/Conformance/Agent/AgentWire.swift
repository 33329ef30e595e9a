import GymwireIO

/// What leads from the server of a scene to the agent under examination.
protocol AgentWire {
  /// The agent's next line.
  func next(within limit: Duration) throws -> LinePeer.Arrival
  /// Whether anything comes from the agent, or its output ends, within a time.
  func isHeard(within limit: Duration) -> Bool
  func write(_ bytes: [UInt8]) throws
  /// Ends what is written to the agent, and goes on reading.
  func endOutput()
}

/// The streams of an agent that this program has started.
struct PeerWire: AgentWire {
  let peer: LinePeer

  func next(within limit: Duration) throws -> LinePeer.Arrival { try peer.next(within: limit) }
  func isHeard(within limit: Duration) -> Bool { peer.isHeard(within: limit) }
  func write(_ bytes: [UInt8]) throws { _ = try peer.send(bytes, times: 1, within: .seconds(30)) }
  func endOutput() { peer.closeInput() }
}

/// The standard streams of this process, which an agent has started as its server.
struct StandardWire: AgentWire {
  private let reader: LineReader
  private let output: FileDescriptor

  init() throws {
    output = try StandardStreams.secureProtocolOutput()
    reader = LineReader(.standardInput)
  }

  func next(within limit: Duration) throws -> LinePeer.Arrival {
    // A driver has one request outstanding, so that no line waits in the reader.
    guard FileDescriptor.standardInput.isReadable(within: limit) else { return .silence(partial: []) }
    while let read = try reader.next() {
      guard case .line(let line) = read else { continue }
      return .line(Array(line))
    }
    return .end
  }

  func isHeard(within limit: Duration) -> Bool { FileDescriptor.standardInput.isReadable(within: limit) }
  func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try output.writeAll($0) } }
  func endOutput() { output.close() }
}
