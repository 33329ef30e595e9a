/// Does a job in two halves of its rows, the second on a helper thread where there is one.
///
/// The rows are always cut at the same place, so that results have the same bits with a helper and without.
public final class Halves {
  private let helper: HelperThread?
  // Below this the handing over costs more than it saves.
  private static let fewestRows = 64

  /// Creates the pair; without a helper the halves are done one after the other.
  public init(helper: HelperThread?) {
    self.helper = helper
  }

  /// Calls `job` with 0 and the first half of `rows`, and with 1 and the second, which may be empty.
  ///
  /// The two must not write to the same memory; each has workspaces of its own. `networks`, which the job puts rows
  /// through and does not change, are frozen meanwhile, so that their weights are laid out once and not by each half.
  public func run(rows: Int, networks: [MLP] = [], _ job: @escaping (Int, Range<Int>) -> Void) {
    for network in networks { network.freeze() }
    defer { for network in networks { network.thaw() } }
    guard rows >= Self.fewestRows else { return job(0, 0..<rows) }
    // Whole tiles of the matrix kernels in the first half.
    let middle = (rows / 2 + 15) / 16 * 16
    guard let helper else {
      job(0, 0..<middle)
      job(1, middle..<rows)
      return
    }
    helper.run({ job(0, 0..<middle) }, beside: { job(1, middle..<rows) })
  }
}
