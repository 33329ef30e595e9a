import ClassicControl
import CommandLineOptions
import Environments
import Gymwire
import JSONLines
import PolicyGradients

/// What is fuzzed: takes any bytes, and traps where something does not hold.
enum FuzzTarget: String, CaseIterable {
  case splitter
  case scanner
  case environment
  case policy
  case learner

  /// The variable of the environment that tells a fuzzer its target.
  static let variable = "GYMWIRE_FUZZ_TARGET"

  /// Inputs to begin with.
  var seeds: [String] {
    switch self {
    case .splitter: ["a\nb\r\n\n \t\nlonger than others\nrest", "\r\r\n\n\n"]
    case .scanner:
      [
        #"{"id":1,"op":"step","action":[1,-2.5e3,"NaN",{"b64":"AAAA"}],"x":[null,true,"\ud83d\ude00é\n"]}"#,
        "[[[1]]]", "-0.0e-5", #""\u0041""#,
      ]
    case .environment:
      [
        #"{"id":0,"op":"hello","versions":[1],"features":["batch","b64"],"want":{"num_envs":2}}"# + "\n"
          + #"{"id":1,"op":"reset","seed":[1,null],"envs":[0,1]}"# + "\n"
          + #"{"id":2,"op":"step","action":[0,1]}"# + "\n" + #"{"id":3,"op":"step","action":{"b64":"AAAA"}}"#,
        #"{"id":0,"op":"hello","versions":[1]}"# + "\n" + #"{"id":1,"op":"reset","seed":1,"options":{"x":1}}"# + "\n"
          + #"{"id":2,"op":"step","action":1}"# + "\n" + #"{"id":3,"op":"close"}"#,
      ]
    case .policy:
      [
        #"{"id":0,"op":"hello","versions":[1],"features":["batch","b64","mask"]}"# + "\n"
          + #"{"id":1,"op":"act","n":2,"seed":1,"action_mask":[1,0,1,1,1,1],"obs":[1,2,3,4]}"# + "\n"
          + #"{"id":2,"op":"act","deterministic":true,"obs":{"b64":"AAAAAAAAgD8="}}"# + "\n"
          + #"{"id":3,"op":"reload"}"#
      ]
    case .learner:
      [
        #"{"id":0,"op":"hello","versions":[1],"features":["mask"],"want":{"obs_space":{"type":"Box","shape":[2],"low":-9,"#
          + #""high":9},"action_space":{"type":"Discrete","n":3}}}"# + "\n"
          + #"{"id":1,"op":"begin","session":"a"}"# + "\n" + #"{"id":2,"op":"act","session":"a","obs":[1,2]}"# + "\n"
          + #"{"id":3,"op":"log_action","session":"a","reward":1,"obs":[1,2],"action":2}"# + "\n"
          + #"{"id":4,"op":"end","session":"a","reward":1,"terminated":true,"truncated":false,"obs":[1,2]}"# + "\n"
          + #"{"id":5,"op":"abandon","session":"a"}"# + "\n" + #"{"id":6,"op":"save"}"#
      ]
    }
  }

  /// Takes one input.
  func take(_ bytes: UnsafeRawBufferPointer) {
    switch self {
    case .splitter: Self.split(bytes)
    case .scanner: Self.scan(bytes)
    case .environment:
      Self.converse(
        with: EnvironmentConversation(serving: EnvironmentArray { CartPole(.v1).limited() }, serverName: "x"), bytes)
    case .policy:
      guard let policy = try? PolicyFile.decode(Array(SeedFiles.policy.utf8)) else {
        preconditionFailure("the policy to begin with is none")
      }
      Self.converse(with: PolicyConversation(serving: policy, serverName: "x"), bytes)
    case .learner:
      let conversation = LearnerConversation(serverName: "x", ownSpaces: nil) { observations, actions, usesMasks in
        // What a public learner refuses in hello is refused here.
        do { return try Student(observationSpace: observations, actionSpace: actions, usesMasks: usesMasks) } catch {
          throw ErrorReply(.unsupportedSpace, "\(error)")
        }
      }
      Self.converse(with: conversation, bytes)
    }
  }

  /// However a stream is cut, the lines are the same.
  private static func split(_ bytes: UnsafeRawBufferPointer) {
    guard let first = bytes.first else { return }
    let stream = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
    let piece = Int(first) % 7 + 1
    let (whole, pieces) = (lines(of: stream, pieces: max(1, stream.count)), lines(of: stream, pieces: piece))
    precondition(whole == pieces, "the lines depend on how the stream was cut")
  }

  private static func lines(of stream: UnsafeRawBufferPointer, pieces size: Int) -> [[UInt8]] {
    var splitter = LineSplitter(maximumLineLength: 64)
    var lines: [[UInt8]] = []
    func note(_ line: LineSplitter.Line) {
      switch line {
      case .line(let line): lines.append(Array(line))
      case .tooLong: lines.append([0x0A])
      }
    }
    var start = 0
    while start < stream.count {
      let end = min(stream.count, start + size)
      splitter.append(UnsafeRawBufferPointer(rebasing: stream[start..<end]))
      while let line = splitter.next() { note(line) }
      start = end
    }
    if let line = splitter.finish() { note(line) }
    return lines
  }

  /// What is read can be skipped, too, and is read again from what is written of it.
  private static func scan(_ bytes: UnsafeRawBufferPointer) {
    var skipping = JSONScanner(bytes)
    let isSkipped = (try? skipping.skipValue()) != nil && (try? skipping.finish()) != nil
    let value = try? JSONValue(parsing: bytes)
    precondition(isSkipped || value == nil, "what is read cannot be skipped")
    guard let value else { return }
    var writer = JSONWriter()
    writer.write(value)
    guard let again = try? JSONValue(parsing: UnsafeRawBufferPointer(writer.bytes)) else {
      preconditionFailure("what was written cannot be read")
    }
    var second = JSONWriter()
    second.write(again)
    precondition(Array(writer.bytes) == Array(second.bytes), "what was written is read as something else")
  }

  /// Each line gets one line of JSON.
  private static func converse(with conversation: ServerConversation, _ bytes: UnsafeRawBufferPointer) {
    for line in bytes.split(separator: 0x0A) where !conversation.isClosed {
      let reply = conversation.answer(UnsafeRawBufferPointer(rebasing: line))
      precondition(reply.last == 0x0A && !reply.dropLast().contains(0x0A), "an answer is one line")
      guard (try? JSONValue(parsing: UnsafeRawBufferPointer(rebasing: reply.dropLast()))) != nil else {
        preconditionFailure("an answer is no JSON")
      }
    }
  }
}
