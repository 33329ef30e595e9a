import Foundation
import Testing

/// What a server says cannot act upon the terminal of whoever looks, by whichever way it comes.
@Suite("What a server says, as a person sees it", .enabled(if: Misbehaving.isPossible))
struct ShownTextTests {
  /// It says the same dangerous text as its name, as noise, in notifications, on standard error and in refusals.
  private static let server = #"""
    import json, sys
    bad = "a\x1b[31m\u202eb\ufeffc\x07"
    for line in sys.stdin:
        request = json.loads(line)
        op, reply = request["op"], {"id": request["id"]}
        print(bad, flush=True)
        print(bad, file=sys.stderr, flush=True)
        print(json.dumps({"op": "log", "level": "info", "text": bad + "\nwarning: forged"}), flush=True)
        if op == "hello":
            reply |= {"version": 1, "role": "env", "server": {"name": bad, "version": bad}, "spec": {"id": bad},
                      "obs_space": {"type": "Box", "shape": [1], "low": -1, "high": 1},
                      "action_space": {"type": "Discrete", "n": 2}}
        elif op == "reset":
            reply |= {"obs": [0]}
        elif op == "step" and sys.argv[1:] == ["refuse"]:
            reply |= {"error": {"code": "env_error", "message": bad, "data": {"traceback": "in " + bad}}}
        elif op == "step":
            reply |= {"obs": [0], "reward": 0, "terminated": False, "truncated": False}
        print(json.dumps(reply, ensure_ascii=False), flush=True)
        if op == "close": break
    """#

  @Test("no escape sequence and no invisible mark of it gets through", arguments: ["", " refuse"])
  func everyWay(mode: String) throws {
    try Shell.withDirectory { directory in
      try Self.server.write(toFile: directory + "/server.py", atomically: true, encoding: .utf8)
      let (_, output) = try Shell.run(
        "'\(BuiltProgram.path("pgagent"))' bench --seconds 0.1 --show-stderr --env-cmd 'python3 server.py\(mode)'",
        in: directory)
      let shown = "a<U+001B escape>[31m<U+202E right-to-left override>b<U+FEFF byte order mark>c<U+0007 bell>"
      #expect(output.contains("[server.py] \(shown)\n"), "\(output)")
      #expect(output.contains("[server.py] warning: forged\n") && !output.contains("\nwarning: forged"), "\(output)")
      #expect(output.contains(mode.isEmpty ? "\(shown) from \(shown)" : "env_error: \(shown)"), "\(output)")
      #expect(
        output.unicodeScalars.allSatisfy { $0 == "\n" || !["\u{1B}", "\u{202E}", "\u{FEFF}", "\u{7}"].contains($0) })
    }
  }

  @Test(
    "a server's name for its environment does not choose where a run is written",
    arguments: [
      ("../../../pwned", "pwned"), ("a/../../b", "a-..-..-b"), ("ALE/Pong-v5", "ALE-Pong-v5"), ("x\\u0000y", "x-y"),
      (".hidden", "hidden"), ("..", "environment"), ("", "environment"), ("\\u001b[31mred", "31mred"),
      ("Höhle-v0", "Höhle-v0"),
    ])
  func directory(id: String, name: String) throws {
    try Shell.withDirectory { directory in
      let hello = ScriptedServer.hello.replacing(#""role""#, with: #""spec":{"id":"\#(id)"},"role""#)
      let step = #","obs":[0.5],"reward":1,"terminated":true,"truncated":false}"#
      let script = ScriptedServer(answers: [hello, ScriptedServer.reset, #"{"id":2\#(step)"#]).command[2]
      try script.write(toFile: directory + "/server.sh", atomically: true, encoding: .utf8)
      let (status, output) = try Shell.run(
        "mkdir -p in/here && cd in/here && '\(BuiltProgram.path("pgagent"))' --env-cmd 'sh ../../server.sh' "
          + "--step-timeout 1 --steps-per-epoch 1 --min-horizon 1", in: directory)
      #expect(status == 1, "the script has no more to say: \(output)")
      let runs = try FileManager.default.contentsOfDirectory(atPath: directory + "/in/here/runs")
      #expect(runs == [name + "-ppo-0"])
      #expect(try FileManager.default.contentsOfDirectory(atPath: directory).sorted() == ["in", "server.sh"])
    }
  }

  @Test("a name of any length makes one that a file system takes")
  func longName() throws {
    try directory(id: String(repeating: "é", count: 5000), name: String(repeating: "é", count: 50))
  }
}
