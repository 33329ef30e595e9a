import Foundation
import GymwireIO

/// The table of figures: a row for each attack.
final class Ledger {
  /// What came of one attack.
  struct Row {
    let what: String
    /// How many of what was done.
    var count = 0
    var unit: String
    /// A sentence for each thing that went wrong.
    var failures: [String] = []
    /// The most memory that any process under attack took, in kB.
    var peakMemory = 0
    /// What else there is to say.
    var note = ""
    fileprivate(set) var seconds = 0.0

    init(_ what: String, _ unit: String) { (self.what, self.unit) = (what, unit) }

    mutating func see(memoryOf process: Int32) { peakMemory = max(peakMemory, ProcessTable.peakMemory(process)) }

    mutating func fail(_ sentence: String) {
      failures.append(sentence)
      StandardStreams.report("\(what): \(sentence)")
    }
  }

  private static let head = """
    | attack | done | failures | peak memory | time |
    |---|---|---|---|---|

    """
  private let orders: Orders
  private let path: String
  private(set) var rows: [Row] = []

  init(_ orders: Orders, _ name: String) { (self.orders, path) = (orders, "\(orders.directory)/\(name).md") }

  var hasFailures: Bool { rows.contains { !$0.failures.isEmpty } }

  /// Runs one attack if it is wanted, and prints and keeps its row.
  func record(_ what: String, _ unit: String, _ attack: (inout Row) throws -> Void) throws {
    guard orders.includes(what) else { return }
    var row = Row(what, unit)
    let start = SystemCalls.now()
    do { try attack(&row) } catch { row.fail("the attack could not be made: \(error)") }
    row.seconds = SystemCalls.now() - start
    rows.append(row)
    let output = FileDescriptor.standardOutput
    try output.writeAll((rows.count == 1 ? Self.head : "") + row.markdown)
    let failures = rows.flatMap { row in row.failures.map { "* \(row.what): \($0)\n" } }
    let text = Self.head + rows.map(\.markdown).joined() + (failures.isEmpty ? "" : "\n") + failures.joined()
    try AtomicFile.write(text, to: path)
  }
}

extension Ledger.Row {
  fileprivate var markdown: String {
    let memory = peakMemory == 0 ? "" : "\((peakMemory + 1023) / 1024) MB"
    let time = seconds < 90 ? "\(Int(seconds.rounded())) s" : "\(Int((seconds / 60).rounded())) min"
    let done = "\(count.grouped) \(unit)" + (note.isEmpty ? "" : "; \(note)")
    return "| \(what) | \(done) | \(failures.count) | \(memory) | \(time) |\n"
  }
}

extension Int {
  /// With a comma before every three digits: 1,234,567.
  var grouped: String {
    let digits = String(self)
    return String(
      digits.enumerated().flatMap { index, digit in
        index > 0 && (digits.count - index) % 3 == 0 ? [",", digit] : [digit]
      })
  }
}
