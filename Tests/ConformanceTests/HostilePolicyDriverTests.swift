import Environments
import Foundation
import GymwireIO
import JSONLines
import PolicyGradients
import Testing

/// SPEC 7.10, for a policy: the ones who ask are games in any state.
@Suite("pgagent serve and drivers that err")
struct HostilePolicyDriverTests {
  /// GYMWIRE_HOSTILE_REQUESTS=1000000 makes the run a long one.
  private static let requestCount =
    ProcessInfo.processInfo.environment["GYMWIRE_HOSTILE_REQUESTS"].flatMap(Int.init) ?? 60_000

  /// A request that is wrong in one way, and what has to be answered.
  private struct Fault {
    var line: [UInt8]
    /// The id and code of the error; nil where nobody can say beforehand whether chance has left a good request.
    var refusal: String?
  }

  @Test(
    "one in ten is malformed, cut, or of the wrong shape: each gets its error, the next its answer, memory stays flat")
  func hostility() throws {
    let path = try TrainedPolicy.cartPole.get()
    let policy = try PolicyFile.decode([UInt8](#require(FileManager.default.contents(atPath: path))))
    let server = try ServerConnection(command: [BuiltProgram.path("pgagent"), "serve", path])
    defer { server.close() }
    func ask(_ line: [UInt8]) throws -> JSONValue {
      try (line + [0x0A]).withUnsafeBytes { try server.send($0) }
      return try JSONValue(parsing: server.receiveLine())
    }
    _ = try ask(Array(#"{"id":0,"op":"hello","versions":[1],"features":["batch","b64","mask"]}"#.utf8))
    let observation = ValueBatch(policy.observationSpace, count: 1)
    let answers = ActionBatch(policy.actionSpace, count: 1, withEstimates: true)
    var generator = PCG64(seed: 10)
    var (early, refused, wrong) = (0, 0, 0)
    for id in 1...Self.requestCount {
      let numbers = (0..<4).map { _ in Float(generator.uniform(-3, 3)) }
      let good = Array(#"{"id":\#(id),"op":"act","deterministic":true,"obs":\#(numbers)}"#.utf8)
      if Int(generator.next() % 10) == 0 {
        let fault = Self.fault(of: good, id: id, &generator)
        let reply = try ask(fault.line)
        let error = reply["error"]?["code"].map { "\(reply["id"]?.text ?? "") \($0.text)" }
        if let refusal = fault.refusal, error != refusal {
          Issue.record("\(String(decoding: fault.line, as: UTF8.self)) got \(reply.text)")
        }
        refused += error == nil ? 0 : 1
      } else {
        let reply = try ask(good)
        try numbers.store(in: observation, row: 0)
        try policy.act(on: observation, count: 1, masks: nil, choice: .greedy, into: answers)
        let action = try Int.load(from: answers.actions, row: 0)
        if reply["id"] != .integer(Int64(id)) || reply["action"] != .integer(Int64(action)) { wrong += 1 }
      }
      if id == Self.requestCount / 5 { early = Self.residentKilobytes(server) }
    }
    #expect(wrong == 0)
    #expect(refused > Self.requestCount / 20)
    let growth = Self.residentKilobytes(server) - early
    #expect(growth < 1024, "\(growth) kB more after \(Self.requestCount) requests, from \(early) kB")
    print("\(Self.requestCount) requests, \(refused) refused, \(early) kB and then \(growth) kB more")
  }

  private static func fault(of good: [UInt8], id: Int, _ generator: inout PCG64) -> Fault {
    func line(_ rest: String, _ code: String) -> Fault {
      Fault(line: Array((#"{"id":\#(id),"op":"# + rest).utf8), refusal: "\(id) \"\(code)\"")
    }
    let place = Int(generator.next() % UInt64(good.count - 1)) + 1
    var bytes = good
    switch generator.next() % 14 {
    case 0, 1: return Fault(line: Array(good[..<place]), refusal: "null \"bad_json\"")
    case 2:
      bytes[place] = 0xFF
      return Fault(line: bytes, refusal: "null \"bad_json\"")
    case 3:
      bytes.insert(UInt8(ascii: "]"), at: place)
      // Within a name it is a name like any other.
      return Fault(line: bytes, refusal: nil)
    case 4:
      for _ in 0..<3 {
        let byte = UInt8(truncatingIfNeeded: generator.next())
        bytes[Int(generator.next() % UInt64(bytes.count - 1)) + 1] = byte == 0x0A || byte == 0x0D ? 0x20 : byte
      }
      return Fault(line: bytes, refusal: nil)
    case 5: return line(#""act","obs":[1,2,3]}"#, "bad_message")
    case 6: return line(#""act","n":2,"obs":[1,2,3,4,5,6,7]}"#, "bad_message")
    case 7: return line(#""act","obs":[1,2,3,"NaN"]}"#, "bad_message")
    case 8: return line(#""act","obs":{"b64":"AAAA"}}"#, "bad_message")
    case 9: return line(#""act","n":\#(generator.next() >> 11),"obs":[1,2,3,4]}"#, "bad_message")
    case 10: return line(#""act","obs":[1,2,3,4],"action_mask":[0,0]}"#, "bad_message")
    case 11: return line(#""act","seed":-\#(place),"obs":[1,2,3,4]}"#, "bad_seed")
    case 12: return line(#""jump","obs":[1,2,3,4]}"#, "unknown_op")
    default:
      return Fault(
        line: Array(String(repeating: "{\"id\":", count: 1000 + place).utf8), refusal: "null \"bad_json\"")
    }
  }

  /// Resident memory of the server; 0 where the system does not tell.
  private static func residentKilobytes(_ server: ServerConnection) -> Int {
    let path = "/proc/\(server.process?.processIdentifier ?? 0)/status"
    let status = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return line.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) } ?? 0
  }
}
