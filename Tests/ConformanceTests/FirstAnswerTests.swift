import Environments
import Foundation
import GymwireIO
import TestSupport
import Testing

/// Trainings that do not wait for the slowest of their environment processes.
@Suite("A training with --wait first:K", .enabled(if: Misbehaving.isPossible), .timeLimit(.minutes(10)))
struct FirstAnswerTests {
  private let agent = "'\(BuiltProgram.path("pgagent"))'"

  private func fixture(_ name: String) -> String { "\(repositoryRoot)/Tests/ConformanceTests/Fixtures/\(name).py" }

  private func train(_ words: String, in directory: String) throws -> String {
    let (status, output) = try Shell.run("\(agent) train \(words)", in: directory)
    try #require(status == 0, "\(output)")
    return output
  }

  private func lines(_ path: String) -> [String] {
    ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test("makes four times the steps a second where one of 8 processes sleeps 20 ms, and counts every return right")
  func speed() throws {
    try Shell.withDirectory { directory in
      var paces: [Double] = []
      for (wait, epochs) in [("all", 1), ("first:6", 4)] {
        let run = wait.replacing(":", with: "")
        _ = try train(
          "--env-cmd \"python3 \(fixture("paced")) lock \(run).log 20\" --num-envs 16 --env-procs 8 --wait \(wait) "
            + "--epochs \(epochs) --out \(run)", in: directory)
        let rows = try lines("\(directory)/\(run)/metrics.jsonl").map(object)
        var (episodes, sum, most, least) = (0, 0.0, 0.0, 1e9)
        for row in rows {
          let count = try #require(row["episodes"] as? Int)
          episodes += count
          sum += Double(count) * (try #require(row["mean_return"] as? Double))
          most = max(most, try #require(row["max_return"] as? Double))
          least = min(least, try #require(row["min_return"] as? Double))
          #expect(row["cut_episodes"] as? Int == 0)
        }
        let returns = lines("\(directory)/\(run).log").compactMap(Double.init)
        #expect(episodes == returns.count && episodes > 100, "\(wait): \(episodes), \(returns.count)")
        #expect(abs(sum - returns.reduce(0, +)) < 1e-6 * sum && most == returns.max() && least == returns.min())
        let (steps, seconds) = (rows.last?["steps"] as? Double, rows.last?["seconds"] as? Double)
        paces.append(try #require(steps) / (try #require(seconds)))
      }
      #expect(paces[1] > 4 * paces[0], "steps per second: \(paces)")
    }
  }

  @Test("solves CartPole")
  func learning() throws {
    try Shell.withDirectory { directory in
      // All but the first of the processes, which sleeps, are cartpole-server itself.
      let command =
        "sh -c 'mkdir slow 2> err && exec python3 \(fixture("sleepy")) 5 cartpole-server; exec cartpole-server'"
      _ = try train(
        "--env-cmd \"\(command)\" --env-procs 4 --wait first:3 --seed 1 --out run",
        in: directory)
      let (_, result) = try Shell.run(
        "\(agent) eval --env-cmd cartpole-server --policy run/policy.json --json", in: directory)
      #expect(try object(result)["mean_return"] as? Double ?? 0 > 400, "\(result)")
    }
  }

  @Test("goes on with it when it is resumed, and with another one when it is told so")
  func resume() throws {
    try Shell.withDirectory { directory in
      _ = try train(
        "--env-cmd cartpole-server --env-procs 3 --num-envs 6 --wait first:2 --epochs 2 --options '{}' --out run",
        in: directory)
      #expect(try object(lines(directory + "/run/config.json").joined())["wait"] as? Int == 2)
      _ = try train("--resume run --epochs 3", in: directory)
      let (status, output) = try Shell.run("\(agent) train --resume run --epochs 4 --env-procs 1", in: directory)
      #expect(status != 0 && output.contains("--wait first:2 waits for 2 processes, but there is 1"), "\(output)")
      _ = try train("--resume run --epochs 4 --env-procs 1 --wait all", in: directory)
      #expect(lines(directory + "/run/metrics.jsonl").count == 4)
    }
  }

  @Test("is the run that waits for all where there are no more processes")
  func all() throws {
    try Shell.withDirectory { directory in
      for (run, words) in [("a", ""), ("b", "--wait all"), ("c", "--wait first:2")] {
        _ = try train(
          "--env-cmd cartpole-server --env-procs 2 --num-envs 4 --epochs 2 --out \(run) \(words)", in: directory)
        #expect(
          FileManager.default.contentsEqual(
            atPath: directory + "/a/policy.json", andPath: "\(directory)/\(run)/policy.json"), "\(words)")
      }
    }
  }

  @Test(
    "is refused in a sentence where it makes no sense",
    arguments: [
      ("--wait first:3", "--wait first:3 waits for 3 processes, but there are 2"),
      ("--wait first:0", "--wait first:0 cannot be used: it is all, or first:K"),
      ("--wait some", "--wait some cannot be used: it is all, or first:K"),
      (
        "--wait first:1 --workers 2",
        "all where workers act for ppo, which learns from one version of its policy at a time"
      ),
      ("--wait first:1 --threads 2 --algo a3c", "all where workers act for a3c"),
      ("--wait first:3 --workers 2 --algo sac", "--wait first:3 waits for 3 workers, but there are 2"),
      ("--wait first:1 --algo reinforce", "learns from whole episodes and so waits for the slowest process"),
    ])
  func refusal(words: String, sentence: String) throws {
    try Shell.withDirectory { directory in
      let (status, output) = try Shell.run(
        "\(agent) train --env-cmd cartpole-server --env-procs 2 \(words) --out run", in: directory)
      #expect(status != 0 && output.contains(sentence), "\(output)")
    }
  }

  @Test(
    "steps the others while one process does something else than a step",
    arguments: [
      Elsewhere(
        "starts in the place of one that died", "failure alone", "--restarts 1 --restart-delay 0.1", restarts: 1),
      Elsewhere(
        "starts, with batch, in the place of one that died", "failure", "--num-envs 8 --restarts 1 --restart-delay 0",
        restarts: 1),
      Elsewhere("starts in the place of one that has made its steps", "start", "--num-envs 5 --restart-after 1024"),
      Elsewhere("ends for another to take its place", "close", "--num-envs 5 --restart-after 1024"),
      Elsewhere("begins an episode", "reset alone", ""),
      Elsewhere(
        "begins an episode with options of its own", "reset",
        "--num-envs 8 --options '{\"low\":{\"uniform\":[0.1,1]}}'"),
      Elsewhere("begins an episode because the one before took too long", "reset", "--num-envs 8 --time-limit 3"),
      Elsewhere(
        "begins an episode because the one before ended within an action", "reset unseen",
        "--num-envs 8 --action-repeat 3"),
    ])
  func elsewhere(_ what: Elsewhere) throws {
    try Shell.withDirectory { directory in
      _ = try train(
        "--env-cmd \"python3 \(fixture("patient")) . \(what.place)\" --env-procs 4 --wait first:1 --epochs 2 --out run "
          + what.options, in: directory)
      let waits = lines(directory + "/waited")
      // Where a process holds up the others, they make a step each at the most.
      #expect(waits.count == 1 && waits.compactMap(Int.init).allSatisfy { $0 >= 10 }, "steps meanwhile: \(waits)")
      let rows = try lines(directory + "/run/metrics.jsonl").map(object)
      #expect(rows.reduce(0) { $0 + ($1["restarts"] as? Int ?? 0) } == what.restarts)
      var (episodes, sum) = (0, 0.0)
      for row in rows {
        let count = try #require(row["episodes"] as? Int)
        episodes += count
        sum += Double(count) * (try #require(row["mean_return"] as? Double))
      }
      let returns = lines(directory + "/returns").compactMap(Double.init)
      #expect(episodes == returns.count && episodes > 100, "\(episodes), \(returns.count)")
      #expect(abs(sum - returns.reduce(0, +)) < 1e-6 * sum)
    }
  }

  /// What one process does while the others are stepped.
  struct Elsewhere: CustomTestStringConvertible {
    let testDescription: String
    let place: String
    let options: String
    let restarts: Int

    init(_ description: String, _ place: String, _ options: String, restarts: Int = 0) {
      (testDescription, self.place, self.options, self.restarts) = (description, place, options, restarts)
    }
  }

  @Test("gives up a process that hangs after its time limit, while the others go on")
  func hanging() throws {
    try Shell.withDirectory { directory in
      let command =
        "sh -c 'mkdir bad 2> err && exec python3 \(fixture("unreliable")) log hang 60 1 cartpole-server; "
        + "exec python3 \(fixture("sleepy")) 5 cartpole-server'"
      let output = try train(
        "--env-cmd \"\(command)\" --env-procs 4 --num-envs 4 --wait first:3 --restarts 1 --restart-delay 0 "
          + "--step-timeout 2 --epochs 4 --out run", in: directory)
      #expect(output.contains("did not answer within 2 s"), "\(output)")
      let rows = try lines(directory + "/run/metrics.jsonl").map(object)
      #expect(rows.count == 4 && rows.reduce(0) { $0 + ($1["restarts"] as? Int ?? 0) } == 1)
      // In the two seconds the others have made hundreds of steps.
      #expect(rows.reduce(0) { $0 + ($1["episodes"] as? Int ?? 0) } > 50)
    }
  }
}

@Suite("A process that is asked whether it has answered", .timeLimit(.minutes(5)))
struct HasAnsweredTests {
  /// One that writes `before` at once, and the reply when a file is there.
  private func environment(_ file: String, before: String, limit: Duration = .seconds(60)) throws
    -> RemoteVectorEnvironment
  {
    let script = """
      read -r r; printf '%s\\n' '\(ScriptedServer.hello)'; read -r r; printf '%s\\n' '\(ScriptedServer.reset)'
      read -r r; printf '\(before)'
      while [ ! -e '\(file)' ]; do sleep 0.02; done
      printf '%s\\n' '"id":2,"obs":[0.25],"reward":1,"terminated":true,"truncated":false}'
      read -r r; while [ ! -e '\(file).2' ]; do sleep 0.02; done; printf '%s\\n' '{"id":3,"obs":[0.75]}'
      cat > /dev/null
      """
    var options = RemoteVectorEnvironment.Options(command: ["sh", "-c", script])
    options.stepLimit = limit
    return try RemoteVectorEnvironment(options)
  }

  private func waitForAnswer(_ environment: RemoteVectorEnvironment) throws -> Bool {
    for _ in 0..<600 {
      if try environment.hasAnswered() { return true }
      RemoteVectorEnvironment.awaitAnswer(of: [environment])
    }
    return false
  }

  @Test(
    "says so when the whole reply is there, and the reset that follows",
    arguments: ["{", #"{"op":"log","text":"busy"}\n{"#, #"noise\n{"#, #"noise\n{"op":"progress"}\n\nmore\n{"#])
  func answers(before: String) throws {
    try Shell.withDirectory { directory in
      let environment = try environment(directory + "/go", before: before)
      defer { environment.close() }
      try environment.reset(seed: 1, options: [:])
      let actions = ValueBatch(environment.actionSpace, count: 1)
      try environment.beginStep(actions)
      for _ in 0..<20 {
        #expect(try !environment.hasAnswered())
        RemoteVectorEnvironment.awaitAnswer(of: [environment])
      }
      _ = FileManager.default.createFile(atPath: directory + "/go", contents: nil)
      // The step is there soon, and the reset is not.
      for _ in 0..<20 {
        #expect(try !environment.hasAnswered())
        RemoteVectorEnvironment.awaitAnswer(of: [environment])
      }
      _ = FileManager.default.createFile(atPath: directory + "/go.2", contents: nil)
      #expect(try waitForAnswer(environment))
      try environment.finishStep()
      #expect(environment.outcome.rewards[0] == 1 && environment.outcome.isTerminated[0])
      var shown: Float = 0
      shown = try [Float].load(from: environment.outcome.observations, row: 0)[0]
      #expect(shown == 0.75)
    }
  }

  @Test("is given up when it has been asked for as long as it may take")
  func late() throws {
    try Shell.withDirectory { directory in
      let environment = try environment(directory + "/never", before: "{", limit: .milliseconds(500))
      defer { environment.close() }
      try environment.reset(seed: 1, options: [:])
      try environment.beginStep(ValueBatch(environment.actionSpace, count: 1))
      // Nobody has asked yet: the driver may have learned meanwhile.
      usleep(700_000)
      #expect(try !environment.hasAnswered())
      #expect(try waitForAnswer(environment))
      let error = try #require(throws: ConnectionError.self) { try environment.finishStep() }
      #expect("\(error)".contains("did not answer within"), "\(error)")
    }
  }

  @Test("is known to have ended, even where another process keeps its output open")
  func ended() throws {
    var options = RemoteVectorEnvironment.Options(
      command: [
        "sh", "-c",
        "read -r r; printf '%s\\n' '\(ScriptedServer.hello)'; read -r r; printf '%s\\n' '\(ScriptedServer.reset)'; "
          + "read -r r; sleep 60 & exit 3",
      ])
    options.stepLimit = .seconds(60)
    let environment = try RemoteVectorEnvironment(options)
    defer { environment.close() }
    try environment.reset(seed: 1, options: [:])
    try environment.beginStep(ValueBatch(environment.actionSpace, count: 1))
    #expect(try waitForAnswer(environment))
    let error = try #require(throws: ConnectionError.self) { try environment.finishStep() }
    #expect("\(error)".contains("exited with status 3 without an answer"), "\(error)")
  }
}
