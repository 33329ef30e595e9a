import Foundation
import Testing

/// `pgagent train --tensorboard`, read by TensorBoard itself.
@Suite("Event files for TensorBoard")
struct TensorBoardTests {
  private static let agent = "'\(BuiltProgram.path("pgagent"))'"

  private func read(_ run: String, in directory: String) throws -> String {
    let (status, output) = try FormatReaders.run("read_events.py", run, in: directory)
    #expect(status == 0, "\(output)")
    return output
  }

  @Test("TensorBoard reads every record: each metric at its step, histograms of the actions, the settings")
  func everyRecord() throws {
    try Shell.withDirectory { directory in
      let (status, output) = try Shell.run(
        """
        \(Self.agent) --env-cmd cartpole-server --epochs 5 --steps-per-epoch 320 --eval-interval 2 --eval-episodes 3 \
        --tensorboard --out choices && \
        \(Self.agent) --env-cmd 'classic-control-server --id Pendulum-v1' --algo sac --epochs 3 --num-envs 1 \
        --steps-per-epoch 200 --tensorboard --out numbers
        """, in: directory)
      #expect(status == 0, "\(output)")
      let choices = try read("choices", in: directory)
      #expect(choices.contains("in 5 epochs"), "\(choices)")
      // The version and the settings, an epoch each, three evaluations, the end, and the film of an episode.
      #expect(choices.contains("1 files, 12 records"), "\(choices)")
      #expect(choices.contains("eval/episode: 240 x 160 pixels, "), "\(choices)")
      let numbers = try read("numbers", in: directory)
      #expect(numbers.contains("actions/action: 600 actions in 3 epochs"), "\(numbers)")
    }
  }

  @Test("a run that was killed and is gone on with has each step once, as if it had never been killed")
  func resumed() throws {
    try Shell.withDirectory { directory in
      let settings = "--env-cmd cartpole-server --epochs 80 --steps-per-epoch 320 --tensorboard --out run"
      let (_, output) = try Shell.run(
        """
        \(Self.agent) \(settings) & until [ "$(wc -l < run/metrics.jsonl)" -gt 10 ]; do sleep 0.05; done 2>/dev/null
        kill -9 $! && wait; \(Self.agent) --resume run
        """, in: directory)
      #expect(output.contains("policy written to run/policy.json"), "\(output)")
      let read = try read("run", in: directory)
      #expect(read.contains("in 80 epochs"), "\(read)")
      #expect(read.contains("2 files"), "\(read)")
    }
  }

  @Test("without the option there is no such file, and nothing else changes")
  func unwanted() throws {
    try Shell.withDirectory { directory in
      let settings = "--env-cmd cartpole-server --epochs 3 --steps-per-epoch 320"
      let (status, output) = try Shell.run(
        "\(Self.agent) \(settings) --out plain && \(Self.agent) \(settings) --tensorboard --out shown", in: directory)
      #expect(status == 0, "\(output)")
      let names = try ["plain", "shown"].map {
        try FileManager.default.contentsOfDirectory(atPath: "\(directory)/\($0)").sorted()
      }
      #expect(names[0] == names[1].filter { !$0.hasPrefix("events.out.tfevents.") } && names[0] != names[1])
      let policies = ["plain", "shown"].map { FileManager.default.contents(atPath: "\(directory)/\($0)/policy.json") }
      #expect(policies[0] != nil && policies[0] == policies[1])
    }
  }
}
