import Foundation

/// What the system tells about processes; empty where there is no /proc.
enum ProcessTable {
  /// The peak of a process's memory in kB, once it runs.
  static func peakMemory(_ process: Int32) -> Int { memory(process, "VmHWM:") }

  /// The memory of a process in kB.
  static func memory(_ process: Int32) -> Int { memory(process, "VmRSS:") }

  private static func memory(_ process: Int32, _ name: String) -> Int {
    for line in text("/proc/\(process)/status").split(separator: "\n") where line.hasPrefix(name) {
      return line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
    }
    return 0
  }

  /// Every process that has been started with a variable of the environment, by whomever.
  ///
  /// - Parameter mark: the variable, as `NAME=VALUE`.
  static func marked(_ mark: String) -> [Int32] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return entries.compactMap { Int32($0) }.filter { process in
      guard process != SystemCalls.ownProcess else { return false }
      return text("/proc/\(process)/environ").split(separator: "\0").contains { $0 == mark }
    }
  }

  /// The children of a process, zombies too.
  static func children(of process: Int32) -> [Int32] {
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
    return threads.flatMap {
      text("/proc/\(process)/task/\($0)/children").split(separator: " ").compactMap { Int32($0) }
    }
  }

  /// The children of a process that have become programs of their own: until then, whoever starts one waits for it.
  static func programs(startedBy process: Int32) -> [Int32] {
    let own = text("/proc/\(process)/cmdline")
    return children(of: process).filter { text("/proc/\($0)/cmdline") != own }
  }

  static func isZombie(_ process: Int32) -> Bool {
    text("/proc/\(process)/stat").split(separator: ")").last?.hasPrefix(" Z") ?? false
  }

  private static func text(_ path: String) -> String {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
