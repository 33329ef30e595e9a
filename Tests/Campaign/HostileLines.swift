import CommandLineOptions
import Foundation
import Gymwire
import GymwireIO
import JSONLines

/// Mutated requests at each role's server: each is answered once, and what is asked afterwards is answered as before.
enum HostileLines {
  static let fullCount = 1_000_000
  static let command = Command(
    "lines", summary: "Mutated lines at each role's server, 1,000,000 for each.", groups: [Orders.group]
  ) { arguments in try Campaign.attack(arguments, "lines", run) }

  private static let linesPerProcess = 20_000
  private static let bytesAtOnce = 24_000

  static func run(_ orders: Orders, _ ledger: Ledger) throws {
    for target in try Target.all(orders) {
      try ledger.record("hostile lines, \(target.name)", "lines") { row in
        try attack(target, orders, &row)
      }
    }
    guard !orders.hasGymnasium else { return }
    try ledger.record("hostile lines, env in Python", "lines") { row in
      row.note = "not run, as \(orders.python) cannot import gymnasium"
    }
  }

  private static func attack(_ target: Target, _ orders: Orders, _ row: inout Ledger.Row) throws {
    let material = (target.hellos + target.requests).map { Array($0.utf8) }
    var mutator = Mutator(seed: orders.seed, material: material)
    let count = orders.count(of: fullCount)
    var processes = 0
    // A program that cannot be started, or dies at once each time, would never end this.
    while row.count < count, row.failures.count < 20 {
      let directory = try orders.scratch("lines")
      defer { Files.remove(directory) }
      let peer = try Peer(target.command.map { $0.replacing("{directory}", with: directory) })
      defer { peer.process.kill() }
      var assault = Assault(peer: peer, target: target, hello: target.hellos[processes % target.hellos.count])
      processes += 1
      do {
        try assault.begin()
        let end = min(count, row.count + linesPerProcess)
        while row.count < end {
          row.count += try assault.send(mutator.lines(from: material, bytes: bytesAtOnce, atMost: end - row.count))
        }
        try assault.ask()
        row.see(memoryOf: peer.process.processIdentifier)
      } catch {
        row.see(memoryOf: peer.process.processIdentifier)
        let input = assault.lastLines.joined(separator: [0x0A])
        let name = "\(target.name)-\(orders.seed)-\(processes).lines".replacing(" ", with: "-")
        row.fail("\(error) (\(orders.keep(Array(input), as: name)))")
        if processes == 1, row.count == 0 { return }
      }
    }
    row.note = "in \(processes) process\(processes == 1 ? "" : "es")"
  }
}

extension Mutator {
  /// Hostile lines, some of them ordinary, that together fit into a pipe; a longer one comes alone.
  fileprivate mutating func lines(from material: [[UInt8]], bytes: Int, atMost count: Int) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var size = 0
    while size < bytes, lines.count < min(count, 64) {
      let ordinary = pick(material)
      let line = (happens(oneIn: 8) ? ordinary : spoil(ordinary)).filter { $0 != 0x0A }
      if Peer.isBlank(line) { continue }
      if line.count > bytes { return lines.isEmpty ? [line] : lines }
      size += line.count + 1
      lines.append(line)
    }
    return lines
  }
}

/// One conversation, and what has to hold throughout.
private struct Assault {
  struct WrongAnswer: Error, CustomStringConvertible { let description: String }

  let peer: Peer
  let target: Target
  let hello: String
  private(set) var lastLines: [[UInt8]] = []
  private var truth: [String] = []
  private static let codes = Set(ErrorCode.allCases.map(\.rawValue))

  init(peer: Peer, target: Target, hello: String) { (self.peer, self.target, self.hello) = (peer, target, hello) }

  mutating func begin() throws {
    lastLines = [Array(hello.utf8)]
    let greeting = try JSONValue(parsing: text(try peer.exchange(lastLines)[0]))
    guard greeting["error"] == nil else { throw WrongAnswer(description: "hello failed: \(greeting.text.prefix(300))") }
    truth = try answers()
    guard try answers() == truth else { throw WrongAnswer(description: "the server does not repeat itself") }
  }

  /// Sends lines and looks at the form of each answer; gives how many they were.
  mutating func send(_ lines: [[UInt8]]) throws -> Int {
    lastLines = lines
    for reply in try peer.exchange(lines) { try Self.judge(reply) }
    return lines.count
  }

  /// Asks what was asked in the beginning.
  func ask() throws {
    let now = try answers()
    guard now == truth else {
      let (answer, before) = zip(now, truth).first { $0.0 != $0.1 } ?? ("", "")
      throw WrongAnswer(
        description: "a wrong answer afterwards: \(answer.prefix(200)) instead of \(before.prefix(200))")
    }
    guard try !peer.hasSurplus() else { throw WrongAnswer(description: "more replies than requests") }
  }

  private func answers() throws -> [String] {
    try peer.exchange(target.questions.map { Array($0.utf8) }).map { reply in
      try Self.judge(reply)
      let value = try JSONValue(parsing: text(reply))
      guard !target.isConstant, case .object(let members) = value else { return value.text }
      return members.map(\.name).joined(separator: " ")
    }
  }

  private static func judge(_ reply: [UInt8]) throws {
    guard let value = try? reply.withUnsafeBytes({ try JSONValue(parsing: $0) }), case .object = value,
      let id = value["id"], value["op"] == nil
    else { throw WrongAnswer(description: "a malformed reply: \(text(reply).prefix(300))") }
    guard let error = value["error"] else {
      guard id != .null else { throw WrongAnswer(description: "an answer without an id: \(text(reply).prefix(300))") }
      return
    }
    guard case .string(let code)? = error["code"], codes.contains(code), case .string(let message)? = error["message"],
      !message.isEmpty, error["fatal"] != .boolean(true)
    else { throw WrongAnswer(description: "an unusable error: \(text(reply).prefix(300))") }
  }
}

private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
