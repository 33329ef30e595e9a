import Environments
import JSONLines

/// The order to compute gradients (protocol/WORKERS.md, "gradient").
struct GradientRequest {
  let order: GradientOrder

  /// Writes the request with its line end.
  func write(id: Int64, to writer: inout JSONWriter) {
    writer.beginRequest(id, .gradient)
    writer.name("update")
    writer.write(order.update)
    writer.name("round")
    writer.write(order.round)
    if order.steps > 0 {
      writer.name("steps")
      writer.write(order.steps)
      writer.name("streams")
      writer.write(order.streamParts)
    }
    writer.name("policy")
    writer.write(order.state)
    writer.endLine()
  }

  /// Reads an order.
  static func order(_ members: Request.Members) throws(ErrorReply) -> GradientOrder {
    guard let state = try WorkerMembers.parts(members.policy, "policy") else {
      throw ErrorReply(.badMessage, "gradient needs \"policy\"")
    }
    return GradientOrder(
      update: try WorkerMembers.count(members.update, "update", otherwise: nil),
      round: try WorkerMembers.count(members.round, "round", otherwise: nil),
      steps: try WorkerMembers.count(members.steps, "steps", otherwise: 0), state: state,
      streamParts: try WorkerMembers.parts(members.streams, "streams") ?? [])
  }
}

/// Gradients, and what was seen on the way.
struct GradientReply: ReplyBody {
  private(set) var answer = GradientAnswer(gradients: [], figures: [:], streamParts: [], counts: [:])
  private var hasGradients = false

  /// Writes the reply with its line end.
  static func write(_ answer: GradientAnswer, id: Int64, to writer: inout JSONWriter) {
    writer.beginReply(id)
    for (name, figures) in [("figures", answer.figures), ("counts", answer.counts)] {
      writer.name(name)
      writer.beginObject()
      for (name, figure) in figures.sorted(by: { $0.key < $1.key }) {
        writer.name(name)
        writer.write(figure)
      }
      writer.endObject()
    }
    writer.name("streams")
    writer.write(answer.streamParts)
    writer.name("gradients")
    writer.write(answer.gradients)
    writer.endLine()
  }

  mutating func read(_ name: JSONName, from scanner: inout JSONScanner) throws(ValueError) -> Bool {
    switch name {
    case "figures": answer.figures = try Self.figures(from: &scanner)
    case "counts": answer.counts = try Self.figures(from: &scanner)
    case "streams": answer.streamParts = try scanner.parts()
    case "gradients": (answer.gradients, hasGradients) = (try scanner.parts(), true)
    default: return false
    }
    return true
  }

  func missingMember() -> String? { hasGradients ? nil : "gradients" }

  /// Reads an object of numbers; what is not finite is left out.
  private static func figures(from scanner: inout JSONScanner) throws(ValueError) -> [String: Double] {
    guard case .object(let members) = try scanner.plain() else { throw ValueError("an object of numbers was expected") }
    return members.compactMapValues(\.number).filter(\.value.isFinite)
  }
}
