import Environments
import JSONLines

// The places are not counted as owned: whoever makes a message keeps them while it is written or read.

/// An estimate about actions, one number for each.
struct EstimateMember: MemberValue {
  enum Kind { case logProbability, value }

  unowned(unsafe) let answers: ActionBatch
  let kind: Kind
  let count: Int
  let form: ValueForm

  @inline(__always)
  init(_ answers: ActionBatch, _ kind: Kind, count: Int, form: ValueForm) {
    (self.answers, self.kind, self.count, self.form) = (answers, kind, count, form)
  }

  @inline(__always) var isRequired: Bool { false }
  @inline(__always) var isThere: Bool {
    switch kind {
    case .logProbability: answers.hasLogProbabilities && answers.logProbabilities != nil
    case .value: answers.hasValues && answers.values != nil
    }
  }
  /// Where the numbers are kept; nil where nobody asked for them.
  @inline(__always) private var numbers: FlatArray? {
    kind == .logProbability ? answers.logProbabilities : answers.values
  }

  @inline(__always)
  func write(to writer: inout JSONWriter) {
    guard let numbers else { return }
    if form.isBatched {
      writer.write(numbers[0..<count], asBase64: form.allowsBase64)
    } else {
      writer.write(numbers.slice, isScalar: true, asBase64: false)
    }
  }

  @inline(__always)
  func read(from scanner: inout JSONScanner) throws(ValueError) {
    guard let numbers else { return try scanner.skip() }
    try numbers[0..<count].read(isScalar: !form.isBatched, from: &scanner, as: form)
    switch kind {
    case .logProbability: answers.hasLogProbabilities = true
    case .value: answers.hasValues = true
    }
  }
}
