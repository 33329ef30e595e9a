import Environments
import Gymwire
import Testing

@Suite("What a driver writes")
struct DriverRequestTests {
  @Test("SPEC 4.5, 4.2: id first, op second, scalars before lists, no white space, ids that increase")
  func requests() throws {
    var driver = Driver()
    #expect(
      driver.line
        == #"{"id":0,"op":"hello","versions":[1],"client":{"name":"me","version":"0.1.0"},"features":[]}"# + "\n")
    var hello = HelloRequest(client: "me")
    hello.features = [.batch, .b64]
    hello.wantedEnvironments = 8
    hello.maximumLine = 70000
    driver.conversation.composeHello(hello)
    #expect(
      driver.line
        == #"{"id":1,"op":"hello","max_line":70000,"versions":[1],"client":{"name":"me","version":"0.1.0"},"#
        + #""features":["batch","b64"],"want":{"num_envs":8}}"# + "\n")
    driver.conversation.composeReset(ResetRequest())
    #expect(driver.line == #"{"id":2,"op":"reset"}"# + "\n")
    driver.conversation.composeReset(
      ResetRequest(seed: 9_007_199_254_740_991, options: ["b": .list([.null]), "a": .number(.nan)]))
    #expect(driver.line == #"{"id":3,"op":"reset","seed":9007199254740991,"options":{"a":null,"b":[null]}}"# + "\n")
    driver.conversation.composeStep(driver.actions, rows: 0..<1)
    #expect(driver.line == #"{"id":4,"op":"step","action":0}"# + "\n")
    driver.conversation.composeClose()
    #expect(driver.line == #"{"id":5,"op":"close"}"# + "\n")
  }

  @Test("SPEC 12.2, 13.1, 5.8: actions are batched and coded only where that is on")
  func forms() throws {
    var batched = Driver(count: 3)
    try batched.greet(#"["batch"]"#, count: 3)
    batched.conversation.composeStep(batched.actions, rows: 0..<3)
    #expect(batched.line == #"{"id":1,"op":"step","action":[0,0,0]}"# + "\n")
    var coded = Driver(count: 3)
    try coded.greet(#"["batch","b64"]"#, count: 3)
    coded.conversation.composeStep(coded.actions, rows: 1..<2)
    #expect(coded.line == #"{"id":1,"op":"step","action":{"b64":"AAAAAAAAAAA="}}"# + "\n")
  }
}
