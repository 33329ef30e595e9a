import Environments
import Gymwire
import Testing

@Suite("What a driver makes of hello's reply")
struct HelloReplyTests {
  @Test("SPEC 4.8, 4.9, 4.11: everything in it is read, and what may be absent has its default")
  func members() throws {
    var driver = Driver()
    let spec = #"{"id":"Cart","max_episode_steps":500,"reward_threshold":4.5,"nondeterministic":true,"x":1}"#
    #expect(
      try driver.hello(
        #"{"num_envs":3,"max_line":70000,"spec":\#(spec),"server":{"name":"s","version":"2"},"features":["batch","x-y"],"#
          + #""role":"env","version":1,\#(Driver.spaces),"x":[{}],"id":0}"#) == .reply(isLax: false))
    let hello = driver.conversation.hello
    #expect(hello.environmentCount == 3 && hello.maximumLine == 70000 && hello.server == "s 2" && hello.version == 1)
    #expect(hello.features == [.batch] && hello.unknownFeatures == ["x-y"])
    #expect(
      hello.spec
        == EnvironmentSpec(id: "Cart", maximumEpisodeSteps: 500, rewardThreshold: 4.5, isNondeterministic: true))
    #expect(hello.observationSpace == Driver.observation && hello.actionSpace == .discrete(Discrete(3)))
  }

  @Test("SPEC 4.7, 1.11: null members are absent, and section 1's reply is enough")
  func absent() throws {
    for optional in [
      "",
      #","server":null,"features":null,"spec":null,"num_envs":null,"max_line":null,"error":null,"render_modes":null"#,
      #","spec":{"id":null,"max_episode_steps":null,"reward_threshold":null}"#,
    ] {
      var driver = Driver()
      _ = try driver.hello(#"{"id":0,"version":1,"role":"env",\#(Driver.spaces)\#(optional)}"#)
      let hello = driver.conversation.hello
      #expect(hello.environmentCount == 1 && hello.maximumLine == 67_108_864 && hello.server == nil)
      #expect(hello.features.isEmpty && hello.spec == EnvironmentSpec())
    }
  }

  @Test(
    "SPEC 3.7: a required member that is missing or null is named",
    arguments: ["version", "role", "obs_space", "action_space"])
  func missing(name: String) throws {
    let members = [
      ("version", "1"), ("role", "\"env\""), ("obs_space", #"{"type":"Discrete","n":1}"#),
      ("action_space", #"{"type":"Discrete","n":1}"#),
    ]
    for isNull in [false, true] {
      var driver = Driver()
      let text = members.compactMap { $0.0 == name ? (isNull ? "\"\(name)\":null" : nil) : "\"\($0.0)\":\($0.1)" }
      let error = try #require(throws: ReplyError.self) {
        _ = try driver.hello("{\"id\":0,\(text.joined(separator: ","))}")
      }
      #expect(error == .missing(name))
      #expect("\(error)" == "the reply has no \"\(name)\"")
    }
  }

  @Test("members of the wrong type are named with what was expected")
  func wrongTypes() throws {
    for (member, reason) in [
      (#""version":"1""#, "\"version\" cannot be used: an integer was expected, but there is a string"),
      (#""version":1.5"#, "\"version\" cannot be used: Expected an integer"),
      (#""role":5"#, "\"role\" cannot be used: a string was expected, but there is a number"),
      (#""features":"b64""#, "\"features\" cannot be used: a list of strings was expected, but there is a string"),
      (#""features":[1]"#, "\"features\" cannot be used: the name of a feature was expected, but there is a number"),
      (
        #""spec":{"max_episode_steps":9223372036854774784}"#,
        "\"spec\" cannot be used: \"max_episode_steps\" has to be an integer from 1 to 9007199254740991"
      ),
      (#""spec":{"max_episode_steps":0}"#, "\"max_episode_steps\" has to be an integer from 1"),
      (#""spec":{"max_episode_steps":-7}"#, "\"max_episode_steps\" has to be an integer from 1"),
      (#""spec":{"max_episode_steps":"500"}"#, "\"max_episode_steps\" has to be an integer from 1"),
      (#""num_envs":[]"#, "\"num_envs\" cannot be used: an integer was expected, but there is an array"),
      (
        #""obs_space":{"type":"Dict","spaces":[["eye",{"type":"Lens"}]]}"#,
        "\"obs_space\" cannot be used: obs.eye: there is no space of type \"Lens\""
      ),
      (
        #""action_space":{"type":"Box","shape":[2],"low":0}"#,
        "\"action_space\" cannot be used: action: \"high\" is missing"
      ),
    ] {
      var driver = Driver()
      let error = try #require(throws: ReplyError.self) {
        _ = try driver.hello(#"{"id":0,"version":1,"role":"env",\#(Driver.spaces),\#(member)}"#)
      }
      #expect("\(error)".contains(reason), "\(error)")
    }
  }

  @Test("SPEC 5.2: after unsupported_version hello may be composed again")
  func again() throws {
    var driver = Driver()
    let refusal = #"{"id":0,"error":{"code":"unsupported_version","message":"only 99","data":{"versions":[99]}}}"#
    let error = try #require(throws: ReplyError.self) { _ = try driver.hello(refusal) }
    #expect(error == .refused(ErrorReply(.unsupportedVersion, "only 99", data: ["versions": .list([.number(99)])])))
    driver.conversation.composeHello(HelloRequest(client: "me"))
    #expect(driver.line.hasPrefix(#"{"id":1,"op":"hello""#))
    #expect(try driver.hello(#"{"id":1,"version":1,"role":"env",\#(Driver.spaces)}"#) == .reply(isLax: false))
  }
}
