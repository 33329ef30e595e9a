import Foundation
import Testing

/// `--shaping` and `--shaping-policy`, from the command line to the files of a run.
@Suite("Shaping on the command line")
struct ShapingCommandTests {
  private let agent = "'\(BuiltProgram.path("pgagent"))'"
  private let run = "--env-cmd cartpole-server --epochs 2 --seed 1"

  private func policy(_ options: String, in directory: String) throws -> Data? {
    let (status, output) = try Shell.run("\(agent) train \(options)", in: directory)
    #expect(status == 0, "\(output)")
    let name = try #require(options.split(separator: " ").last)
    return FileManager.default.contents(atPath: "\(directory)/\(name)/policy.json")
  }

  @Test("is part of the run: config.json has it, and --resume goes on with it and takes no other")
  func resume() throws {
    try Shell.withDirectory { directory in
      let shaped = try policy("\(run) --shaping '50 * o[2]' --out a", in: directory)
      #expect(try policy("\(run) --out b", in: directory) != shaped)
      #expect(try policy("\(run) --shaping '50 * o[2]' --out c", in: directory) == shaped)
      #expect(try String(contentsOfFile: directory + "/a/config.json", encoding: .utf8).contains("50 * o[2]"))
      let (status, output) = try Shell.run("\(agent) --resume a --shaping 'o[0]'", in: directory)
      #expect(status != 0 && output.contains("--shaping cannot be changed by --resume"), "\(output)")
      // Nothing is left to be done, and what there is can be read.
      #expect(try Shell.run("\(agent) --resume a", in: directory).status == 0)
    }
  }

  @Test("takes the value function of a policy, and keeps it")
  func policyFile() throws {
    try Shell.withDirectory { directory in
      let first = try policy("\(run) --out a", in: directory)
      let second = try policy("\(run) --shaping-policy a/policy.json --out b", in: directory)
      #expect(first != second)
      try FileManager.default.removeItem(atPath: directory + "/a")
      #expect(try Shell.run("\(agent) --resume b", in: directory).status == 0)
    }
  }

  @Test("a formula that cannot be read, or not be used here, is refused with the place or the number")
  func refused() throws {
    try Shell.withDirectory { directory in
      for (options, expected) in [
        ("--shaping '1 + sinn(o[0])'", "  1 + sinn(o[0])\n      ^"), ("--shaping 'o[7]'", "o[0] to o[3]"),
        ("--shaping '1' --shaping-policy x", "give one of them"), ("--shaping-policy nothing", "cannot be read"),
      ] {
        let (status, output) = try Shell.run("\(agent) \(run) \(options) --out a", in: directory)
        #expect(status != 0 && output.contains(expected), "\(output)")
      }
    }
  }
}
