/// The processors that this process may use.
public enum Processors {
  /// The smallest of what the affinity mask, a container's quota and the machine allow; at least 1.
  ///
  /// Looked up once: the answer decides on spinning, which backs off by itself should it change, and on a second thread for
  /// updates, which changes no result.
  public static let available: Int = {
    let counts = [Platform.onlineProcessorCount(), affinityCount(), quota()]
    return max(1, counts.compactMap { $0 }.min() ?? 1)
  }()

  private static func affinityCount() -> Int? {
    guard let status = Platform.beginning(of: "/proc/self/status", limit: 16384) else { return nil }
    return affinityCount(status: String(decoding: status, as: UTF8.self))
  }

  /// Counts the bits of `Cpus_allowed:`, a mask in hexadecimal with commas (Linux, proc_pid_status(5)).
  private static func affinityCount(status: String) -> Int? {
    let line = status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed:") }
    return line?.dropFirst(13).reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) }
  }

  /// Whole processors in `cpu.max`, "microseconds period" or "max period" (Linux, cgroup v2).
  private static func quota() -> Int? {
    guard let bytes = Platform.beginning(of: "/sys/fs/cgroup/cpu.max", limit: 64) else { return nil }
    let numbers = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).map { Int($0) }
    guard numbers.count == 2, let time = numbers[0], let period = numbers[1], period > 0 else { return nil }
    return time / period
  }
}
