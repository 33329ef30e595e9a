import Conformance
import GymwireIO
import JSONLines
import Testing

@Suite("Golden dialogues")
struct TranscriptTests {
  @Test("the server that was built answers as the dialogue has it", arguments: Transcript.names)
  func replay(name: String) throws {
    let transcript = try Transcript(named: name)
    let command = BuiltProgram.command(transcript.command(beside: Transcript.directory))
    let replies = try TranscriptPlayer.play(transcript, with: command)
    #expect(replies > 0 || name == "end-before-hello.txt")
  }

  @Test("there are dialogues for the Core, for batches, for base64, and one for every server")
  func inventory() {
    let expected: Set = ["first-dialogue.txt", "errors.txt", "batch.txt", "b64.txt", "any-server.txt"]
    #expect(expected.isSubset(of: Transcript.names))
  }

  @Test(
    "a reply that differs in what counts is not taken for the expected one",
    arguments: [
      (#"{"id":1,"obs":[0.1]}"#, #"{"id":1,"obs":[0.10000001]}"#),
      (#"{"id":1,"obs":[0.1]}"#, #"{"id":1,"obs":[0.1,0]}"#),
      (#"{"id":1,"obs":[0.1]}"#, #"{"id":2,"obs":[0.1]}"#),
      (#"{"id":1,"obs":[0.1]}"#, #"{"id":null,"obs":[0.1]}"#),
      (#"{"id":1,"obs":[0.1]}"#, #"{"id":1,"obs":[0.1],"reward":1}"#),
      (#"{"id":1,"obs":[0.1]}"#, #"{"id":1}"#),
      (#"{"id":1,"reward":1}"#, #"{"id":1,"reward":1.0000000000000002}"#),
      (#"{"id":1,"terminated":true}"#, #"{"id":1,"terminated":1}"#),
      (#"{"id":1,"obs":{"b64":"AACAPw=="}}"#, #"{"id":1,"obs":[1.5]}"#),
      (#"{"id":1,"obs":"*"}"#, #"{"id":1}"#),
      (#"{"id":1,"error":{"code":"bad_seed","message":""}}"#, #"{"id":1,"error":{"code":"bad_action","message":""}}"#),
    ]
  )
  func different(expected: String, actual: String) throws {
    #expect(
      !ReplyComparison.matches(expected: try JSONValue(parsing: expected), actual: try JSONValue(parsing: actual)))
  }

  @Test(
    "a reply that differs in form alone is taken for the expected one",
    arguments: [
      (#"{"id":1,"obs":[0.1]}"#, #"{"obs":[1.00000001e-1],"id":1.0,"info":{}}"#),
      (#"{"id":1,"obs":{"b64":"AACAPw=="}}"#, #"{"id":1,"obs":[1]}"#),
      (#"{"id":1,"reward":{"b64":"AAAAAAAA8D8AAAAAAADgPw=="}}"#, #"{"id":1,"reward":[1.0,0.5]}"#),
      (#"{"id":1,"obs":"*","info":"?"}"#, #"{"id":1,"obs":{"a":1}}"#),
      (#"{"id":1,"low":[-1,-1]}"#, #"{"id":1,"low":-1.0}"#),
      (
        #"{"id":1,"error":{"code":"bad_seed","message":"no"}}"#,
        #"{"id":1,"error":{"data":{"a":1},"fatal":false,"message":"never","code":"bad_seed"}}"#
      ),
      (#"{"id":1,"num_envs":1,"features":[]}"#, #"{"id":1,"server":{"name":"x"}}"#),
    ]
  )
  func equivalent(expected: String, actual: String) throws {
    #expect(ReplyComparison.matches(expected: try JSONValue(parsing: expected), actual: try JSONValue(parsing: actual)))
  }
}
