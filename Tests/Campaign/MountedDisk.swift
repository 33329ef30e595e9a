import Environments
import Foundation
import GymwireIO

/// A disk in memory of a few kB, where this may be mounted.
struct MountedDisk {
  /// What happens to it.
  enum Harm: String, CaseIterable {
    case full = "a full disk"
    case readOnly = "a disk that turns read-only in the middle"
    case readOnlyFromTheStart = "a disk that is read-only"
  }

  private let orders: Orders
  private let path: String

  init(_ orders: Orders) throws {
    self.orders = orders
    path = try orders.scratch("disk")
  }

  private func system(_ words: String...) -> Bool {
    guard let process = try? ChildProcess(command: words) else { return false }
    defer { process.kill() }
    return process.exit(within: Patience.duration) == .status(0)
  }

  /// Lets a run meet it, then mends it and lets the run go on; false where nothing can be mounted.
  func suffer(_ harm: Harm, _ number: Int, _ generator: inout PCG64, _ row: inout Ledger.Row) throws -> Bool {
    defer { Files.remove(path) }
    // One that is full fills up at another write each time.
    let size = harm == .full ? 4 * (1 + number % 40) : 4096
    guard system("mount", "-t", "tmpfs", "-o", "size=\(size)k", "campaign", path) else { return false }
    defer { _ = system("umount", "-l", path) }
    if harm == .readOnlyFromTheStart { _ = system("mount", "-o", "remount,ro", path) }
    let run = path + "/run"
    let agent = try ChildProcess(command: DiskRun.words(orders, out: run, number))
    defer { agent.kill() }
    let moment = generator.uniform() * 0.6
    if harm == .readOnly {
      DiskRun.waitForStart(of: run)
      SystemCalls.sleep(seconds: moment)
      guard Files.exists(run) else {
        row.fail("the run did not begin")
        return true
      }
      // A disk with files open for writing cannot turn read-only, but another view of the directory can take its place.
      guard system("mount", "--bind", run, run), system("mount", "-o", "remount,bind,ro", run) else { return false }
    }
    row.count += 1
    let when = harm == .full ? "with \(size) kB" : "after \(moment) s"
    DiskRun.judge(agent, when, &row)
    if harm == .readOnly { _ = system("umount", "-l", run) }
    _ = system("mount", "-o", "remount,rw,size=8m", path)
    try DiskRun.requireWhole(run, orders, when, &row)
    return true
  }
}
