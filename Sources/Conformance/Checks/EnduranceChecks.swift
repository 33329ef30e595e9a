import JSONLines

/// What a server must outlast.
enum EnduranceChecks {
  static let all = [
    Check("6.12", .core, "the memory does not grow with the number of steps") { examination in
      let (conversation, _) = try examination.begin()
      let steps = examination.subject.options.leakSteps
      var actions = examination.actions()
      func play(_ count: Int) throws -> Int {
        for _ in 0..<count where try conversation.step(actions.next()).isEnd { try conversation.reset() }
        guard let memory = ProcessMemory.resident(conversation.peer.process.processIdentifier) else {
          throw NotApplicable("this system does not tell how much memory a process has")
        }
        return memory
      }
      // Memory managers take their time to find their size, so that growth counts only if it does not slow down.
      let start = try play(steps / 10)
      let middle = try play(steps)
      guard middle - start > tolerableGrowth else { return }
      let end = try play(steps)
      guard end - middle > max(tolerableGrowth, (middle - start) / 2) else { return }
      throw conversation.departure(
        expected: "memory that stays within \(tolerableGrowth >> 20) MiB over \(steps) steps",
        came: "it grew by \((middle - start) >> 20) MiB, and by \((end - middle) >> 20) MiB in the next \(steps)")
    }
  ]

  private static let tolerableGrowth = 8 << 20
}
