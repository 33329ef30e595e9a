import Foundation
import Testing

/// What an off-policy run remembers is saved with it, and nothing that was saved is lost.
@Suite("A replay that is saved")
struct SavedReplayTests {
  private let agent = "'\(BuiltProgram.path("pgagent"))'"
  private let run =
    "--env-cmd 'classic-control-server --id Pendulum-v1' --algo td3 --hidden 8 --batch-size 16 --learning-starts 100"

  /// What a run leaves on the disk, without the readings of the clock: its policy, its metrics, and its replay.
  private func result(_ path: String) throws -> [Data] {
    let files = try FileManager.default.contentsOfDirectory(atPath: path)
    let replays = files.filter { $0.hasPrefix("replay") }
    try #require(replays.count == 1, "\(files)")
    let metrics = try String(contentsOfFile: path + "/metrics.jsonl", encoding: .utf8)
      .replacing(/,"seconds":[^}]*/, with: "")
    return try ["policy.json", replays[0]].map { try Data(contentsOf: URL(fileURLWithPath: "\(path)/\($0)")) }
      + [Data(metrics.utf8)]
  }

  @Test("is gone on with after kill -9 at random moments, and each run from there ends with the same bytes")
  func killed() throws {
    try Shell.withDirectory { directory in
      // Kills from the first moment on, and kills after something more has been saved, a little later than that.
      let words = "\(run) --steps-per-epoch 100 --epochs 150 --out a"
      _ = try Shell.run(
        "\(agent) \(words) & while ! [ -e a/checkpoint.json ]; do sleep 0.01; done; kill -9 $!", in: directory)
      for round in 1...20 {
        let wait =
          round % 2 == 0
          ? "while [ \"$(ls -i a/checkpoint.json)\" = \"$old\" ] && kill -0 $!; do sleep 0.01; done" : ":"
        _ = try Shell.run(
          "old=$(ls -i a/checkpoint.json); \(agent) --resume a & \(wait); sleep \(Double.random(in: 0...0.3)); kill -9 $!",
          in: directory)
      }
      _ = try Shell.run("cp -r a b", in: directory)
      for name in ["a", "b"] {
        let (status, output) = try Shell.run("\(agent) --resume \(name)", in: directory)
        try #require(status == 0, "\(output)")
      }
      #expect(try result(directory + "/a") == result(directory + "/b"))
    }
  }

  @Test("where it no longer fits on the disk, the run ends with a sentence and goes on from what was saved")
  func diskIsFull() throws {
    try Shell.withDirectory { directory in
      // A row of Pendulum takes 21 bytes, so that 64 kB are full after some 3,100 of 5,000 steps. Metrics and networks are
      // a tenth of that.
      let (status, output) = try Shell.run(
        "ulimit -f 128; \(agent) \(run) --steps-per-epoch 500 --epochs 10 --train-freq 100 --gradient-steps 1 --out a",
        in: directory)
      #expect(status == 1, "\(output)")
      #expect(output.contains("File too large; the run is safe as it was last saved"), "\(output)")
      _ = try Shell.run("cp -r a b", in: directory)
      for name in ["a", "b"] {
        let (resumed, rest) = try Shell.run("\(agent) --resume \(name)", in: directory)
        #expect(resumed == 0, "\(rest)")
      }
      #expect(try result(directory + "/a") == result(directory + "/b"))
      let metrics = try String(contentsOfFile: directory + "/a/metrics.jsonl", encoding: .utf8)
      #expect(metrics.split(separator: "\n").count == 10)
    }
  }
}
