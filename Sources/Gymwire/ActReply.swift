import Environments
import JSONLines

/// What a policy would do, read into the first rows of a batch of answers (protocol/SPEC.md, "act").
struct ActReply: ReplyBody {
  let answers: ActionBatch
  let count: Int
  let form: ValueForm
  private var hasAction = false

  /// - Parameter form: batched where the request had `n`.
  init(into answers: ActionBatch, count: Int, form: ValueForm) {
    self.answers = answers
    self.count = count
    self.form = form
    answers.hasLogProbabilities = false
    answers.hasValues = false
  }

  mutating func read(_ name: JSONName, from scanner: inout JSONScanner) throws(ValueError) -> Bool {
    switch name {
    case "action":
      try answers.actions.read(rows: 0..<count, from: &scanner, as: form)
      hasAction = true
    case "logp":
      guard let numbers = answers.logProbabilities else { return false }
      try numbers.read(0..<count, isScalar: !form.isBatched, from: &scanner, as: form)
      answers.hasLogProbabilities = true
    case "value":
      guard let numbers = answers.values else { return false }
      try numbers.read(0..<count, isScalar: !form.isBatched, from: &scanner, as: form)
      answers.hasValues = true
    default: return false
    }
    return true
  }

  func missingMember() -> String? { hasAction ? nil : "action" }

  /// Writes the reply with its line end.
  ///
  /// - Parameter form: batched where the request had `n`.
  static func write(
    id: Int64,
    answers: ActionBatch,
    count: Int,
    form: ValueForm,
    policyVersion: Int,
    to writer: inout JSONWriter
  ) {
    writer.put(verbatim: "{\"id\":")
    writer.write(id)
    writer.put(verbatim: ",\"action\":")
    writer.write(answers.actions, rows: 0..<count, as: form)
    writer.writeEstimates(answers, count: count, form: form, policyVersion: policyVersion)
    writer.endLine()
  }
}

extension JSONWriter {
  /// Writes the estimates that there are, and the version of the policy that made them.
  mutating func writeEstimates(_ answers: ActionBatch, count: Int, form: ValueForm, policyVersion: Int) {
    if answers.hasLogProbabilities, let numbers = answers.logProbabilities {
      put(verbatim: ",\"logp\":")
      write(estimates: numbers, count: count, as: form)
    }
    if answers.hasValues, let numbers = answers.values {
      put(verbatim: ",\"value\":")
      write(estimates: numbers, count: count, as: form)
    }
    put(verbatim: ",\"policy_version\":")
    write(policyVersion)
  }

  fileprivate mutating func write(estimates numbers: FlatArray, count: Int, as form: ValueForm) {
    if form.isBatched {
      write(numbers, 0..<count, asBase64: form.allowsBase64)
    } else {
      write(numbers, element: 0)
    }
  }
}
