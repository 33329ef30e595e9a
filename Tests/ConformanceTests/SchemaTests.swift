import Conformance
import Foundation
import GymwireIO
import JSONLines
import TestSupport
import Testing

@Suite("The schemas that the kit carries")
struct SchemaTests {
  private static let directory = repositoryRoot + "/protocol/schema/"

  @Test("are those of protocol/schema, all of them")
  func files() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.directory)
      .filter { $0.hasSuffix(".json") && $0 != "faults.json" }
    #expect(Set(names) == Set(MessageSchemas.all.keys))
    for name in names { #expect(MessageSchemas.all[name] == (try Self.read(name)), "\(name)") }
  }

  @Test("take every message of the golden dialogues", arguments: Transcript.names)
  func messages(name: String) throws {
    var operations: [String: String] = [:]
    for (line, action) in try Transcript(named: name).actions {
      switch action {
      case .send(let bytes, _):
        guard let request = try? bytes.withUnsafeBytes({ try JSONValue(parsing: $0) }),
          case .string(let operation)? = request["op"], let id = request["id"]
        else { continue }
        operations[id.text] = operation
      case .expect(let reply):
        guard !reply.text.contains("\"*\""), !reply.text.contains("\"?\""), let id = reply["id"] else { continue }
        let operation = reply["error"] == nil ? operations[id.text] : "error"
        // Some requests are sent in pieces, which are not taken apart here.
        guard let operation else { continue }
        #expect(MessageSchemas.fault(in: reply, schema: operation + ".reply.json") == nil, "\(name):\(line)")
      case .endInput, .restart: break
      }
    }
  }

  @Test("refuse every message of faults.json that has a fault, and take the one without")
  func faults() throws {
    guard case .array(let rows) = try Self.read("faults.json") else { throw Problem() }
    var count = 0
    for row in rows {
      guard case .string(let schema)? = row["schema"], case .object(let members)? = row["fits"],
        case .array(let faults)? = row["faults"]
      else { throw Problem() }
      #expect(MessageSchemas.fault(in: .object(members), schema: schema) == nil, "\(row.text)")
      for fault in faults {
        var broken = members
        switch fault {
        case .string(let name): broken.removeAll { $0.name == name }
        case .array(let pair):
          guard case .string(let name) = pair[0] else { throw Problem() }
          broken.removeAll { $0.name == name }
          broken.append(.init(name, pair[1]))
        default: throw Problem()
        }
        count += 1
        let message = JSONValue.object(broken)
        #expect(MessageSchemas.fault(in: message, schema: schema) != nil, "\(schema) takes \(message.text)")
      }
    }
    #expect(count > 90)
  }

  @Test(
    "say what each of several forms is",
    arguments: [
      (
        #"{"id":1,"op":"end","session":"a","obs":[0],"reward":0,"terminated":false,"truncated":false}"#, "end.request",
        "terminated true or truncated true"
      ),
      (#"{"id":1}"#, "render.reply", "the member text or the member frame"),
    ])
  func forms(message: String, schema: String, expected: String) throws {
    #expect(MessageSchemas.fault(in: try JSONValue(parsing: message), schema: schema + ".json")?.expected == expected)
  }

  @Test("take the policy files that pgagent writes, and those of the dialogues: SPEC 18.1")
  func policyFiles() throws {
    let byHand = try FileManager.default.contentsOfDirectory(atPath: Transcript.directory)
      .filter { $0.hasSuffix(".policy.json") }.map { Transcript.directory + "/" + $0 }
    #expect(byHand.count >= 2)
    for path in byHand + [try TrainedPolicy.cartPole.get(), try TrainedPolicy.swingUp.get()] {
      let file = try JSONValue(parsing: String(contentsOfFile: path, encoding: .utf8))
      #expect(MessageSchemas.fault(in: file, schema: "policy-file.json") == nil, "\(path)")
    }
  }

  private static func read(_ name: String) throws -> JSONValue {
    try JSONValue(parsing: try String(contentsOfFile: directory + name, encoding: .utf8))
  }

  private struct Problem: Error {}
}
