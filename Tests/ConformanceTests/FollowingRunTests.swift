import Foundation
import TestSupport
import Testing

/// What comes after a run: its directory is played, served, extended, and begun from.
@Suite("What follows a run", .serialized)
struct FollowingRunTests {
  private let agent = "'\(BuiltProgram.path("pgagent"))'"
  private let quick = "--env-cmd cartpole-server --epochs 3 --steps-per-epoch 320 --hidden 8"

  private func run(_ words: String, in directory: String) throws -> String {
    let (status, output) = try Shell.run("\(agent) \(words)", in: directory)
    try #require(status == 0, "\(output)")
    return output
  }

  private func refused(_ words: String, in directory: String) throws -> String {
    let (status, output) = try Shell.run("\(agent) \(words)", in: directory)
    #expect(status == 2 || status == 1, "\(output)")
    return output
  }

  private func metrics(_ path: String) throws -> [[String: Any]] {
    try String(contentsOfFile: path + "/metrics.jsonl", encoding: .utf8).split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
    }
  }

  @Test("eval, serve and export take the run's directory, and eval says how the actions were chosen")
  func directories() throws {
    try Shell.withDirectory { directory in
      _ = try run("\(quick) --out run", in: directory)
      let named = try run("eval --env-cmd cartpole-server --policy run/policy.json --episodes 8", in: directory)
      #expect(named.hasSuffix("8 episodes, greedy\n"), "\(named)")
      for words in ["eval run --episodes 8", "eval --env-cmd cartpole-server --policy run --episodes 8"] {
        #expect(try run(words, in: directory) == named)
      }
      let sampled = try run("eval run --episodes 8 --sampled --json", in: directory)
      #expect(sampled.contains(#""actions":"sampled""#), "\(sampled)")
      let hello = #"{"id":0,"op":"hello","versions":[1]}"#
      let (status, reply) = try Shell.run("echo '\(hello)' | \(agent) serve run", in: directory)
      #expect(status == 0 && reply.contains(#""role":"policy""#), "\(reply)")
      _ = try run("export run --format c -o policy.c", in: directory)
      let missing = try refused("eval --env-cmd cartpole-server --policy .", in: directory)
      #expect(missing.contains("policy.json cannot be read"), "\(missing)")
    }
  }

  @Test("a run that is over goes on to more epochs, and its learning rate is that of a run of that length")
  func extended() throws {
    try Shell.withDirectory { directory in
      _ = try run("\(quick) --out run", in: directory)
      let output = try run("--resume run --epochs 6", in: directory)
      #expect(output.contains("run goes on to epoch 6 instead of 3; its learning rates go on at 50 %"), "\(output)")
      let rates = try metrics(directory + "/run").map { try #require($0["learning_rate"] as? Double) }
      #expect(rates.count == 6)
      // They fall to 0 over the run: 3e-3 · (1 - 3/6) at the first update of the fourth epoch, or a little later.
      #expect(rates[2] < 1.1e-3 && rates[3] > 1.2e-3 && rates[3] <= 1.5e-3, "\(rates)")
      let shorter = try refused("--resume run --epochs 5", in: directory)
      #expect(shorter.contains("--epochs 5: run has 6 epochs behind it"), "\(shorter)")
      // Nothing has changed by what was refused.
      _ = try run("--resume run", in: directory)
      #expect(try metrics(directory + "/run").count == 6)
    }
  }

  @Test("a run with --policy begins with what another has learned")
  func warmStart() throws {
    try Shell.withDirectory { directory in
      let trained = try TrainedPolicy.cartPole.get()
      let gentle = "--env-cmd cartpole-server --epochs 1 --pi-lr 1e-5"
      _ = try run("\(gentle) --policy '\(trained)' --out warm", in: directory)
      _ = try run("\(gentle) --out cold", in: directory)
      // Random play holds the pole for about 22 steps, and an episode that a trained policy plays is longer than the epoch.
      let lengths = try ["warm", "cold"].map { name in
        try metrics("\(directory)/\(name)")[0]["episodes"] as? Int ?? -1
      }
      #expect(lengths[0] <= 16 && lengths[1] > 30, "\(lengths)")
      let other = try refused("\(gentle) --policy '\(trained)' --hidden 8", in: directory)
      #expect(other.contains("--hidden cannot be given with --policy"), "\(other)")
      let swingUp = try refused("--env-cmd swingup-server --policy '\(trained)' --out other", in: directory)
      #expect(swingUp.contains("The policy was made for observations of"), "\(swingUp)")
    }
  }

  @Test("a run that has not learned says so, and what to try; one that has does not")
  func hints() throws {
    try Shell.withDirectory { directory in
      let car = #"--env-cmd "classic-control-server --id MountainCar-v0" --epochs 12 --steps-per-epoch 3200 --hidden 8"#
      let output = try run("\(car) --out car", in: directory)
      #expect(output.contains("the mean return has not risen: -200.0 in the first quarter"), "\(output)")
      #expect(output.contains("hint: every episode returned -200.0"), "\(output)")
      let pole = try run("--env-cmd cartpole-server --epochs 24 --out pole", in: directory)
      #expect(!pole.contains("hint"), "\(pole)")
      // It learns within the first epochs, and is as good as can be in all others.
      let corridor = "'python3 \(repositoryRoot)/protocol/examples/corridor.py'"
      let short = "--num-envs 1 --steps-per-epoch 256 --epochs 40"
      let walk = try run("--env-cmd \(corridor) \(short) --out walk", in: directory)
      #expect(!walk.contains("hint"), "\(walk)")
      // Its first epochs are a few steep steps from -100 to -5, since nothing ends an episode but the goal.
      let page = try #require(DocumentationPage.named("WriteAServer"))
      let source = try #require(page.blocks("js").first).replacingOccurrences(of: "steps === 200", with: "false")
      try source.write(toFile: directory + "/corridor.js", atomically: true, encoding: .utf8)
      let steep = try run("--env-cmd 'node corridor.js' --out steep", in: directory)
      #expect(!steep.contains("hint"), "\(steep)")
    }
  }
}
