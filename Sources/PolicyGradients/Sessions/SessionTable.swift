/// The episodes under way, by the number of their session, and those that have ended since the last update.
struct SessionTable {
  /// Those under way; nil where a number is free.
  private(set) var open: [SessionEpisode?] = []
  /// Those that have ended, in the order in which they did.
  private(set) var ended: [SessionEpisode] = []
  /// The most that were at work at once since the last update: open, and past their first action.
  private(set) var greatestCount = 0
  private var workingCount = 0
  private var spare: [SessionEpisode] = []

  /// The episode of an open session.
  subscript(session: Int) -> SessionEpisode {
    guard let episode = open.indices.contains(session) ? open[session] : nil else {
      preconditionFailure("session \(session) is not open")
    }
    return episode
  }

  /// Takes the least number that is free; `make` makes an episode where none can be used again.
  mutating func begin(_ make: () -> SessionEpisode) -> Int {
    let episode = spare.popLast() ?? make()
    guard let session = open.firstIndex(where: { $0 == nil }) else {
      open.append(episode)
      return open.count - 1
    }
    open[session] = episode
    return session
  }

  /// Notes that an open session acts for the first time.
  mutating func startWorking() {
    workingCount += 1
    greatestCount = max(greatestCount, workingCount)
  }

  /// Closes a session; its episode is kept for the next update or not at all.
  mutating func close(_ session: Int, isKept: Bool) {
    let episode = self[session]
    open[session] = nil
    if episode.hasActed { workingCount -= 1 }
    if isKept { ended.append(episode) } else { recycle(episode) }
  }

  /// Forgets what an update has used: all that has ended, and the complete steps of what goes on.
  mutating func removeUsed() {
    for episode in ended { recycle(episode) }
    ended.removeAll(keepingCapacity: true)
    for case let episode? in open { episode.removeComplete() }
    takeLateEpisodes()
    greatestCount = workingCount
  }

  /// Whether an episode under way began in time for the next update.
  var hasOpenWholeEpisodes: Bool { open.contains { $0.map { !$0.isLate } ?? false } }

  /// Whether an episode, under way or ended, began in time for the next update.
  var hasWholeEpisodes: Bool { !ended.isEmpty || hasOpenWholeEpisodes }

  /// Makes late episodes ones that begin now.
  func takeLateEpisodes() {
    for case let episode? in open { episode.isLate = false }
  }

  private mutating func recycle(_ episode: SessionEpisode) {
    episode.reset()
    spare.append(episode)
  }
}
