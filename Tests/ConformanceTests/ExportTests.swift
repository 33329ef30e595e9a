import Foundation
import Testing

/// `pgagent export`: the policy as others can run it.
@Suite("Exported policies")
struct ExportTests {
  private static let agent = "'\(BuiltProgram.path("pgagent"))'"

  @Test(
    "ONNX and C give what pgagent serve gives, for every kind of policy and space; onnx's checker and both compilers agree",
    .timeLimit(.minutes(20)))
  func agreement() throws {
    try Shell.withDirectory { directory in
      let (status, output) = try FormatReaders.run(
        "check_exports.py", "\(Self.agent) --observations 300 '\(directory)'", in: directory)
      #expect(status == 0, "\(output)")
      #expect(output.contains(/\d\d policies are the same in ONNX, in C \(.+\) and in JSON/), "\(output)")
    }
  }

  @Test("the JSON form is a policy file that acts alike, and has no base64 however large the policy is")
  func plainWeights() throws {
    try Shell.withDirectory { directory in
      let policy = "\(directory)/run/policy.json"
      let (status, output) = try Shell.run(
        """
        \(Self.agent) --env-cmd cartpole-server --epochs 1 --steps-per-epoch 64 --hidden 300,300 --out run && \
        \(Self.agent) export run/policy.json --format json -o plain.json
        """, in: directory)
      #expect(status == 0, "\(output)")
      #expect(try String(contentsOfFile: policy, encoding: .utf8).contains(#"{"b64":"#))
      let plain = try String(contentsOfFile: "\(directory)/plain.json", encoding: .utf8)
      #expect(plain.hasPrefix(#"{"format":"gymwire-policy","version":1,"#) && !plain.contains("b64"))
      let scores = try ["run/policy.json", "plain.json"].map {
        try Shell.run(
          "\(Self.agent) eval --env-cmd cartpole-server --episodes 5 --json --sampled --policy \($0)", in: directory)
      }
      #expect(scores[0].status == 0 && scores[0].output == scores[1].output, "\(scores)")
    }
  }

  @Test("the same policy gives the same bytes, and another name other names")
  func names() throws {
    try Shell.withDirectory { directory in
      let policy = try TrainedPolicy.swingUp.get()
      for (file, name) in [("a.c", "left"), ("b.c", "left"), ("c.c", "right")] {
        let (status, output) = try Shell.run(
          "\(Self.agent) export '\(policy)' --format c --output \(file) --name \(name)", in: directory)
        #expect(status == 0, "\(output)")
      }
      let texts = try ["a.c", "b.c", "c.c"].map { try String(contentsOfFile: "\(directory)/\($0)", encoding: .utf8) }
      #expect(texts[0] == texts[1])
      #expect(texts[2] == texts[0].replacing("left", with: "right").replacing("LEFT", with: "RIGHT"))
    }
  }

  @Test(
    "what cannot be exported ends with a sentence, and writes nothing",
    arguments: [
      ("/no/such/policy.json --format c -o x", "/no/such/policy.json cannot be read; give the policy.json of a run"),
      ("POLICY --format pickle -o x", "but must be one of onnx, c, json"),
      ("POLICY --format c -o x --name 2nd", "--name 2nd is not a name in C"),
      ("POLICY --format c -o /no/such/folder/x", "/no/such/folder/x"),
      ("broken.json --format onnx -o x", "broken.json"),
    ])
  func refusals(arguments: String, sentence: String) throws {
    try Shell.withDirectory { directory in
      let policy = try TrainedPolicy.cartPole.get()
      // One bias less than there are units.
      let text = try String(contentsOfFile: policy, encoding: .utf8)
      let broken = text.replacing(/"biases":\[[^,]*,/, with: "\"biases\":[", maxReplacements: 1)
      try broken.write(toFile: "\(directory)/broken.json", atomically: true, encoding: .utf8)
      let (status, output) = try Shell.run(
        "\(Self.agent) export \(arguments.replacing("POLICY", with: "'\(policy)'"))", in: directory)
      #expect(status != 0 && output.contains(sentence), "\(output)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["broken.json"])
    }
  }
}
