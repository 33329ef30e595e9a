#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The path of this executable; its neighbours are the servers.
func ownPath() -> String {
  #if os(Linux)
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
  #else
    CommandLine.arguments[0]
  #endif
}

/// The path of another executable of this package.
func builtProgram(_ name: String) -> String {
  let own = ownPath()
  return String(own[..<(own.lastIndex(of: "/") ?? own.startIndex)]) + "/" + name
}

enum Processor {
  /// Keeps this process, and the children that it starts from now on, on processor 0; false where that cannot be done.
  static func pin() -> Bool {
    #if os(Linux)
      // Swift's module of the C library does not show it.
      typealias SetAffinity = @convention(c) (Int32, Int, UnsafeRawPointer) -> Int32
      guard let symbol = dlsym(nil, "sched_setaffinity") else { return false }
      var mask: UInt64 = 1
      return unsafeBitCast(symbol, to: SetAffinity.self)(0, MemoryLayout.size(ofValue: mask), &mask) == 0
    #else
      return false
    #endif
  }
}

/// Seconds of processor time that this thread has used: unlike a clock on the wall, it stands still for other programs.
func processorTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

enum Directories {
  static func create(_ path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
}

/// Seconds of processor time that this process and its living children have used, to the nanosecond; Linux only.
func processorTimeOfFamily() -> Double {
  func number(_ path: String) -> Double {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return 0 }
    return text.split(separator: " ").first.flatMap { Double($0) } ?? 0
  }
  let own = getpid()
  let children = (try? String(contentsOfFile: "/proc/self/task/\(own)/children", encoding: .utf8)) ?? ""
  let processes = ["\(own)"] + children.split(separator: " ").map(String.init)
  return processes.reduce(0) { $0 + number("/proc/\($1)/schedstat") } * 1e-9
}

/// Resident memory of this process and then of its living children, in kB; Linux only.
func residentKilobytesOfFamily() -> [Double] {
  let own = getpid()
  let children = (try? String(contentsOfFile: "/proc/self/task/\(own)/children", encoding: .utf8)) ?? ""
  return (["\(own)"] + children.split(separator: " ").map(String.init)).map { process in
    let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return line.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Double($0) } ?? 0
  }
}

/// Seconds on a clock that all processes of the machine share.
func monotonicSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
