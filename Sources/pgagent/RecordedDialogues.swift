import CommandLineOptions
import Environments
import Gymwire
import GymwireIO
import PolicyGradients

/// `--replay-from`: dialogues that `--record` has written, as experience to begin with.
enum RecordedDialogues {
  static let files = Option(
    repeatable: "replay-from", .path("TRANSCRIPT"), defaultText: "nothing to begin with",
    help: """
      Begin with the steps that --record wrote down in an environment, or in sessions of pgagent learn, with the same \
      spaces; may be given several times. An off-policy algorithm learns from them as from its own, and they count towards \
      --learning-starts.
      """)

  /// The files that the command line names, for an algorithm that can learn from them.
  static func paths(_ arguments: Arguments, _ algorithm: Algorithm) throws(UsageError) -> [String] {
    let paths = arguments[files]
    guard paths.isEmpty || algorithm.kind == .offPolicy else {
      let names = AlgorithmCatalog.all.filter { $0.kind == .offPolicy }.map(\.name).joined(separator: ", ")
      throw .conflict(
        "--replay-from is for algorithms that learn from what others did, \(names); "
          + "\(algorithm.name) learns from what it does itself")
    }
    return paths
  }

  /// Gives an agent what is in some files, and says how much that was.
  static func read(_ paths: [String], for settings: SettingValues, _ receiver: @escaping RecordedDialogue.Receiver)
    throws
  {
    guard !paths.isEmpty else { return }
    let (steps, episodes) = try read(paths, of: "replay-from", receiver)
    let room = settings[OffPolicySettings.replaySize]
    let rest = steps > room ? "; the replay has room for \(room.grouped), so that the oldest are forgotten" : ""
    StandardStreams.report(
      "begins with \(steps.grouped) steps of \(episodes.grouped) episodes from \(text(paths))\(rest)")
  }

  /// Hands on what is in the files that an option names, and returns how much that was.
  static func read(
    _ paths: [String], of option: String, _ receiver: @escaping RecordedDialogue.Receiver
  ) throws -> (steps: Int, episodes: Int) {
    var (steps, episodes) = (0, 0)
    for path in paths {
      let dialogue = try read(path, option, receiver)
      (steps, episodes) = (steps + dialogue.steps, episodes + dialogue.episodes)
    }
    return (steps, episodes)
  }

  /// Some files, for people.
  static func text(_ paths: [String]) -> String {
    paths.count == 1 ? VisibleText.line(paths[0]) : "\(paths.count) files"
  }

  private static let largestSize = 1 << 32

  private static func read(
    _ path: String, _ option: String, _ receiver: @escaping RecordedDialogue.Receiver
  ) throws -> RecordedDialogue {
    let bytes = try NamedFile.read(path, of: "--\(option)", meaning: "a transcript", atMost: largestSize)
    var dialogue = RecordedDialogue(receiver)
    var line = 0
    do {
      try bytes.withUnsafeBytes { bytes in
        var start = 0
        // A last line without its end is one whose writing was interrupted.
        while let end = bytes[start...].firstIndex(of: 0x0A) {
          line += 1
          try dialogue.read(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), line)
          start = end + 1
        }
      }
      try dialogue.finish()
    } catch {
      let place = (error as? RecordedConversation.Fault)?.line ?? line
      throw UsageError.conflict("--\(option) cannot use \(path):\(place): \(error)")
    }
    guard dialogue.steps > 0 else {
      throw UsageError.conflict(
        "--\(option) \(path) has no step of an environment in it, nor of a learner's session; give what --record has "
          + "written of one")
    }
    return dialogue
  }
}
