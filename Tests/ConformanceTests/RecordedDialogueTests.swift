import Foundation
import Testing

/// `--replay-from`: what `--record` has written is experience to learn from.
@Suite("Recorded dialogues as experience")
struct RecordedDialogueTests {
  private let agent = "'\(BuiltProgram.path("pgagent"))'"
  private let pendulum = "--env-cmd 'classic-control-server --id Pendulum-v1'"
  /// All of whose steps are at random, which costs nothing.
  private let random = "--algo sac --hidden 8 --epochs 1 --steps-per-epoch 400 --learning-starts 1e6"
  private let learning = "--algo sac --hidden 8 --epochs 1 --steps-per-epoch 40 --batch-size 16 --learning-starts 400"

  private func record(_ options: String, in directory: String) throws {
    let (status, output) = try Shell.run("\(agent) \(pendulum) \(random) \(options)", in: directory)
    try #require(status == 0, "\(output)")
  }

  @Test("one environment or many, one file or several: learning begins at once, and the counts are told")
  func begins() throws {
    try Shell.withDirectory { directory in
      try record("--num-envs 1 --record one.txt --out one", in: directory)
      try record("--num-envs 8 --env-procs 2 --seed 1 --record many.txt --out many", in: directory)
      for (index, (files, expected)) in [
        (["one.txt"], "begins with 400 steps of 2 episodes from one.txt"),
        (["one.txt", "many.txt", "many.txt.2"], "begins with 800 steps of 10 episodes from 3 files"),
      ].enumerated() {
        let options = files.map { "--replay-from \($0)" }.joined(separator: " ")
        let (status, output) = try Shell.run(
          "\(agent) \(pendulum) \(learning) \(options) --out run\(index)", in: directory)
        #expect(status == 0 && output.contains(expected), "\(output)")
        let metrics = try String(contentsOfFile: "\(directory)/run\(index)/metrics.jsonl", encoding: .utf8)
        #expect(metrics.contains(/"q_loss":-?\d/), "\(metrics)")
        let settings = try String(contentsOfFile: "\(directory)/run\(index)/config.json", encoding: .utf8)
        #expect(settings.contains("one.txt"))
      }
      // What was recorded is in the checkpoint as all else is.
      let (status, output) = try Shell.run("\(agent) --resume run1", in: directory)
      #expect(status == 0, "\(output)")
      let (refused, sentence) = try Shell.run("\(agent) --resume run1 --replay-from one.txt", in: directory)
      #expect(refused == 2 && sentence.contains("--replay-from cannot be changed by --resume"), "\(sentence)")
    }
  }

  @Test("a learner begins with them too")
  func learner() throws {
    try Shell.withDirectory { directory in
      try record("--num-envs 1 --record said.txt --out run", in: directory)
      let said = try String(contentsOfFile: directory + "/said.txt", encoding: .utf8)
      let hello = try #require(said.split(separator: "\n").first { $0.contains(#""role":"env""#) })
      let spaces = try #require(hello.firstMatch(of: /"obs_space".*(?=})/)).output
      let request = #"{"id":1,"op":"hello","versions":[1],"client":{"name":"x","version":"1"},"want":{\#(spaces)}}"#
      try (request + "\n").write(toFile: directory + "/hello.txt", atomically: true, encoding: .utf8)
      let (status, output) = try Shell.run(
        "\(agent) learn \(learning) --replay-from said.txt --out learned < hello.txt", in: directory)
      #expect(status == 0 && output.contains("begins with 400 steps of 2 episodes"), "\(output)")
    }
  }

  @Test("what a learner has recorded of its sessions is experience for another, for a training and for a clone")
  func sessions() throws {
    try Shell.withDirectory { directory in
      let space = #"{"type":"Box","shape":[2],"low":-5,"high":5}"#
      let hello =
        #"{"id":0,"op":"hello","versions":[1],"want":{"obs_space":\#(space),"action_space":{"type":"Discrete","n":2}}}"#
      var requests = [hello]
      // Two at a time, of 5 and of 9 steps; the last stays open.
      for name in ["a", "b", "c"] { requests.append(#"{"id":1,"op":"begin","session":"\#(name)"}"#) }
      for step in 0..<9 {
        for (name, length) in [("a", 5), ("b", 9), ("c", 99)] where step <= length {
          let reward = step == 0 ? "" : #","reward":\#(step)"#
          let isEnd = step == length
          requests.append(
            #"{"id":1,"op":"\#(isEnd ? "end" : "act")","session":"\#(name)"\#(reward),"obs":[\#(step),0.5]"#
              + (isEnd ? #","terminated":true,"truncated":false}"# : "}"))
        }
      }
      try requests.joined(separator: "\n").write(toFile: directory + "/asked", atomically: true, encoding: .utf8)
      let small = "--algo sac --hidden 8"
      let (status, output) = try Shell.run(
        "\(agent) learn \(small) --record said.txt --out first < asked", in: directory)
      try #require(status == 0, "\(output)")
      // 5 of the first, and all but the last action of the other two.
      let expected = "begins with 21 steps of 3 episodes from said.txt"
      try (hello + "\n").write(toFile: directory + "/hello", atomically: true, encoding: .utf8)
      for command in [
        "learn \(small) --replay-from said.txt --out second < hello",
        // An environment that names other bounds of the same observations.
        "\(small) --env-cmd 'python3 bounds.py' --replay-from said.txt --epochs 1 --steps-per-epoch 20 --out third",
      ] {
        let server = """
          import json, sys
          for line in sys.stdin:
              request = json.loads(line)
              reply = {"id": request["id"]}
              if request["op"] == "hello":
                  reply |= {"version": 1, "role": "env", "action_space": {"type": "Discrete", "n": 2},
                            "obs_space": {"type": "Box", "shape": [2], "low": "-Infinity", "high": "Infinity"}}
              elif request["op"] == "reset":
                  reply |= {"obs": [0, 0]}
              elif request["op"] == "step":
                  reply |= {"obs": [1, 0], "reward": 1, "terminated": False, "truncated": True}
              print(json.dumps(reply), flush=True)
              if request["op"] == "close":
                  break
          """
        try server.write(toFile: directory + "/bounds.py", atomically: true, encoding: .utf8)
        let (status, output) = try Shell.run("\(agent) \(command)", in: directory)
        #expect(status == 0 && output.contains(expected), "\(output)")
      }
      let (cloned, sentence) = try Shell.run("\(agent) clone --from said.txt --out cloned", in: directory)
      #expect(cloned == 0, "\(sentence)")
    }
  }

  @Test("a server that was started anew is the beginning of other episodes, and of the same task")
  func restarted() throws {
    try Shell.withDirectory { directory in
      try record("--num-envs 1 --record said.txt --out run", in: directory)
      let lines = try String(contentsOfFile: directory + "/said.txt", encoding: .utf8).split(separator: "\n")
      // Killed behind the reply to its 150th step, and asked all over again.
      let killed = try #require(lines.indices.filter { lines[$0].contains("\"op\":\"step\"") }.dropFirst(149).first)
      let twice = lines[...(killed + 1)] + ["! restart"] + lines[1...]
      let again = lines[...(killed + 1)] + lines[1...]
      for (name, content) in [("twice.txt", twice), ("again.txt", again)] {
        try content.joined(separator: "\n").write(toFile: "\(directory)/\(name)", atomically: true, encoding: .utf8)
      }
      let (status, output) = try Shell.run(
        "\(agent) \(pendulum) \(learning) --replay-from twice.txt --out learned", in: directory)
      #expect(status == 0 && output.contains("begins with 550 steps of 3 episodes from twice.txt"), "\(output)")
      let (refused, sentence) = try Shell.run(
        "\(agent) \(pendulum) \(learning) --replay-from again.txt --out refused", in: directory)
      #expect(refused == 2 && sentence.contains("it is a second hello"), "\(sentence)")
    }
  }

  @Test("what cannot be learned from is refused in a sentence that names the file and the line")
  func refused() throws {
    try Shell.withDirectory { directory in
      try record("--num-envs 1 --record said.txt --out run", in: directory)
      let text = try String(contentsOfFile: directory + "/said.txt", encoding: .utf8)
      var lines = text.split(separator: "\n").map(String.init)
      let step = try #require(lines.indices.filter { lines[$0].contains(#""op":"step""#) }.dropFirst(3).first)
      lines[step] = lines[step].replacing(/"action":\[[^\]]*\]/, with: #""action":[77]"#)
      for (name, content) in [
        ("wrong.txt", lines.joined(separator: "\n") + "\n"), ("noise.txt", "hello\n"),
        ("empty.txt", "$ x\n# nothing\n"),
      ] {
        try content.write(toFile: "\(directory)/\(name)", atomically: true, encoding: .utf8)
      }
      for (options, expected) in [
        ("\(learning) --replay-from wrong.txt", "wrong.txt:\(step + 1): action "),
        ("\(learning) --replay-from noise.txt", "noise.txt:1: it begins with none of"),
        ("\(learning) --replay-from empty.txt", "empty.txt has no step of an environment in it"),
        ("\(learning) --replay-from nothing.txt", "nothing.txt cannot be read; give a transcript"),
        ("--algo ppo --replay-from said.txt", "ppo learns from what it does itself"),
      ] {
        let (status, output) = try Shell.run("\(agent) \(pendulum) \(options) --out refused", in: directory)
        #expect(status == 2 && output.contains(expected), "\(output)")
      }
      let (status, output) = try Shell.run(
        "\(agent) --env-cmd cartpole-server \(learning) --replay-from said.txt --out refused", in: directory)
      #expect(status == 2 && output.contains("said.txt:3: ") && output.contains("and this run has"), "\(output)")
    }
  }
}
