import Environments
import GymwireIO
import JSONLines
import Synchronization
import Testing

/// What a driver must put up with, and what it must not, shown with servers that are little scripts.
@Suite("The driver")
struct DriverTests {
  private static let step = #"{"id":2,"obs":[0.25],"reward":-2,"terminated":false,"truncated":true}"#

  @Test("works with a server that does section 1 and nothing else: SPEC 1.11")
  func core() throws {
    let environment = try ScriptedServer(answers: [
      ScriptedServer.hello, ScriptedServer.reset, Self.step, #"{"id":3,"obs":[0.75]}"#, #"{"id":4}"#,
    ]).takeOneStep()
    defer { environment.close() }
    #expect(environment.count == 1)
    #expect(environment.outcome.rewards[0] == -2)
    #expect(!environment.outcome.isTerminated[0] && environment.outcome.isTruncated[0])
    #expect(try [Float].load(from: environment.outcome.finalObservations, row: 0) == [0.25])
    #expect(try [Float].load(from: environment.outcome.observations, row: 0) == [0.75])
  }

  @Test("passes over a banner with one warning: SPEC 2.14")
  func banner() throws {
    let warnings = Mutex<[String]>([])
    var options = RemoteVectorEnvironment.Options(
      command: ScriptedServer(answers: ["loading the engine\nready\n\(ScriptedServer.hello)"]).command)
    options.connection.warn = { text in warnings.withLock { $0.append(text) } }
    let environment = try RemoteVectorEnvironment(options)
    environment.close()
    #expect(warnings.withLock { $0.count } == 1)
    #expect(warnings.withLock { $0[0] }.contains("loading the engine"))
  }

  @Test("reports noise that shares a line with a reply: SPEC 2.14")
  func gluedNoise() throws {
    #expect(throws: ConnectionError.self) { try ScriptedServer(answers: ["Hi! " + ScriptedServer.hello]).start() }
  }

  @Test(
    "reads on after notifications, known and unknown: SPEC 3.4, 3.6",
    arguments: [
      #"{"op":"log","level":"warning","text":"no checkpoints"}"#, #"{"op":"log","text":"fine"}"#,
      #"{"op":"progress","text":"loading map"}"#, #"{"op":"x-mood","x-value":7}"#,
      #"{"x-list":[1,{}],"op":"telemetry"}"#,
    ]
  )
  func notifications(line: String) throws {
    let server = ScriptedServer(answers: [
      line + "\n" + ScriptedServer.hello, line + "\n" + line + "\n" + ScriptedServer.reset,
    ])
    let environment = try server.start()
    defer { environment.close() }
    try environment.reset(seed: nil, options: [:])
    #expect(try [Float].load(from: environment.outcome.observations, row: 0) == [0.5])
  }

  @Test("waits longer for a server that tells that it is busy: SPEC 3.5")
  func patience() throws {
    let busy = Array(repeating: #"sleep 0.4; printf '%s\n' '{"op":"progress","text":"loading"}'"#, count: 12)
    let greeting = ScriptedServer(answers: [ScriptedServer.hello]).command[2].replacing("; cat > /dev/null", with: "")
    let script =
      [greeting, "read -r request"] + busy + ["printf '%s\\n' '\(ScriptedServer.reset)'", "cat > /dev/null"]
    var options = RemoteVectorEnvironment.Options(command: ["sh", "-c", script.joined(separator: "; ")])
    options.stepLimit = .seconds(4)
    let environment = try RemoteVectorEnvironment(options)
    defer { environment.close() }
    try environment.reset(seed: nil, options: [:])
  }

  @Test("does not wait for ever for a server that only tells that it is busy: SPEC 3.5")
  func impatience() throws {
    let greeting = ScriptedServer(answers: [ScriptedServer.hello]).command[2].replacing("; cat > /dev/null", with: "")
    let busy = #"while sleep 0.02; do printf '%s\n' '{"op":"progress","text":"loading"}'; done"#
    var options = RemoteVectorEnvironment.Options(command: ["sh", "-c", "\(greeting); \(busy)"])
    options.stepLimit = .milliseconds(200)
    let environment = try RemoteVectorEnvironment(options)
    defer { environment.close() }
    #expect(throws: ConnectionError.self) { try environment.reset(seed: nil, options: [:]) }
  }

  @Test(
    "gives up after a reply that it cannot use, and says what was wrong: SPEC 3.7, 4.3, 9.3",
    arguments: [
      (#"{"id":7,"obs":[0.5]}"#, "id"), (#"{"id":1}"#, "obs"), (#"{"id":1,"obs":[0.5,0.5]}"#, "obs"),
      (#"{"id":1,"obs":0.5}"#, "obs"), (#"{"id":1,"obs":["high"]}"#, "obs"), (#"{"id":1,"obs":[0.5]"#, "reply"),
      (#"{"id":null,"obs":[0.5]}"#, "id"),
    ]
  )
  func unusable(reply: String, named: String) throws {
    let environment = try ScriptedServer(answers: [ScriptedServer.hello, reply, ScriptedServer.reset]).start()
    defer { environment.close() }
    let error = try #require(throws: ConnectionError.self) { try environment.reset(seed: nil, options: [:]) }
    #expect(error.description.contains(named))
    #expect(throws: ConnectionError.self) { try environment.reset(seed: nil, options: [:]) }
  }

  @Test(
    "takes an error without an id as the answer to its request, and an unknown code as internal: SPEC 4.4, 7.6, 7.5.3",
    arguments: [
      (#"{"id":null,"error":{"code":"bad_json","message":"no brace"}}"#, ["bad_json", "no brace"]),
      (#"{"id":1,"error":{"code":"x-melted","message":"too hot"}}"#, ["internal", "too hot"]),
      (
        #"{"id":1,"error":{"code":"env_error","message":"ValueError: wheel off","data":{"type":"ValueError"}}}"#,
        ["env_error", "wheel off"]
      ),
    ]
  )
  func errors(reply: String, named: [String]) throws {
    let environment = try ScriptedServer(answers: [ScriptedServer.hello, reply]).start()
    defer { environment.close() }
    let error = try #require(throws: ConnectionError.self) { try environment.reset(seed: nil, options: [:]) }
    for word in named { #expect(error.description.contains(word)) }
  }

  @Test("shows the end of a traceback, which says where an environment failed: SPEC 7.5.3")
  func traceback() throws {
    let frames = (1...40).map { #"  File \"sim.py\", line \#($0), in part\#($0)\n    wheel\#($0)\n"# }.joined()
    let data = #"{"type":"KeyError","traceback":"\#(frames)KeyError: 'wheel'"}"#
    let reply = #"{"id":1,"error":{"code":"env_error","message":"KeyError: 'wheel'","data":\#(data)}}"#
    let environment = try ScriptedServer(answers: [ScriptedServer.hello, reply]).start()
    defer { environment.close() }
    let error = try #require(throws: ConnectionError.self) { try environment.reset(seed: nil, options: [:]) }
    #expect(error.description.contains("The end of its traceback:\n"), "\(error)")
    #expect(error.description.contains("line 40, in part40\n        wheel40\n    KeyError: 'wheel'"), "\(error)")
    #expect(!error.description.contains("part30\n"))
  }

  @Test("names a byte order mark in front of a reply: SPEC 2.6")
  func byteOrderMark() throws {
    let error = try #require(throws: ConnectionError.self) {
      try ScriptedServer(answers: ["\u{FEFF}" + ScriptedServer.hello]).start()
    }
    #expect(error.description.contains("wrote a byte order mark (U+FEFF) in front of a reply"))
    #expect(error.description.contains("reply: <U+FEFF byte order mark>{"))
  }

  @Test(
    "reads a reply whatever the order, the white space and the strangers in it: SPEC 4.5, 4.6, 4.7, 8.1",
    arguments: [
      #"{ "truncated" : true,"reward":-2.0, "obs" : [ 25e-2 ] ,"terminated":false,"id":2 }"#,
      #"{"id":2,"x-tag":{"obs":[9]},"obs":[0.25],"reward":-2,"terminated":false,"truncated":true,"info":null}"#,
      #"{"\u0069d":2.0,"obs":[0.250],"reward":-0.2e1,"terminated":false,"truncated":true,"action_mask":null}"#,
    ]
  )
  func form(reply: String) throws {
    let environment = try ScriptedServer(answers: [
      ScriptedServer.hello, ScriptedServer.reset, reply, #"{"id":3,"obs":[0.75]}"#,
    ]).takeOneStep()
    defer { environment.close() }
    #expect(environment.outcome.rewards[0] == -2)
    #expect(try [Float].load(from: environment.outcome.finalObservations, row: 0) == [0.25])
  }

  @Test("reads what is not finite as strings, and learns nothing from such a reward: SPEC 8.4")
  func nonFinite() throws {
    let hello = ScriptedServer.hello(
      observations: #"{"type":"Box","shape":[1],"low":"-Infinity","high":"Infinity"}"#,
      actions: #"{"type":"Discrete","n":2}"#)
    let environment = try ScriptedServer(answers: [hello]).start()
    environment.close()
    #expect(environment.observationSpace == .box(Box(shape: [1], low: .same(-.infinity), high: .same(.infinity))))
    let step = #"{"id":2,"obs":[0.25],"reward":"-Infinity","terminated":false,"truncated":false}"#
    let error = try #require(throws: ConnectionError.self) {
      try ScriptedServer(answers: [hello, ScriptedServer.reset, step]).takeOneStep().close()
    }
    #expect(error.description.contains("reward"))
  }

  @Test(
    "tolerates Python's bare words and nested lists: SPEC 8.5",
    arguments: [
      #"{"id":1,"obs":[[0.5]]}"#, #"{"id":1,"obs":[0.5],"info":{"distance":NaN,"limit":-Infinity}}"#,
    ]
  )
  func lax(reply: String) throws {
    let environment = try ScriptedServer(answers: [ScriptedServer.hello, reply]).start()
    defer { environment.close() }
    try environment.reset(seed: nil, options: [:])
    #expect(try [Float].load(from: environment.outcome.observations, row: 0) == [0.5])
  }

  @Test("uses an observation outside its bounds, and one of shape []: SPEC 9.4, 9.2")
  func bare() throws {
    let environment = try ScriptedServer(answers: [
      ScriptedServer.hello(
        observations: #"{"type":"Box","shape":[],"low":-1,"high":1}"#, actions: #"{"type":"Discrete","n":2}"#),
      #"{"id":1,"obs":7.5}"#,
    ]).start()
    defer { environment.close() }
    try environment.reset(seed: nil, options: [:])
    #expect(try [Float].load(from: environment.outcome.observations, row: 0) == [7.5])
  }

  @Test("leaves info as it is, whatever it looks like: SPEC 11.1")
  func info() throws {
    let environment = try ScriptedServer(answers: [
      ScriptedServer.hello, ScriptedServer.reset,
      #"{"id":2,"obs":[0],"reward":1,"terminated":false,"truncated":false,"info":{"a":"NaN","b":{"b64":"?"},"c":[[1]]}}"#,
    ]).takeOneStep()
    defer { environment.close() }
    let info = try #require(environment.outcome.infos[0])
    #expect(info == ["a": .string("NaN"), "b": .object(["b64": .string("?")]), "c": .list([.list([.number(1)])])])
  }

  @Test(
    "names the place of a space that it cannot use: SPEC 10.9",
    arguments: [
      (#"{"type":"Cube","edge":3}"#, "Cube"),
      (#"{"type":"Box","shape":[2],"dtype":"float128","low":0,"high":1}"#, "dtype"),
      (#"{"type":"Dict","spaces":[["camera",{"type":"Tuple","spaces":[{"type":"Depth"}]}]]}"#, "camera"),
    ]
  )
  func unusableSpace(space: String, named: String) throws {
    let answer = ScriptedServer.hello(observations: space, actions: #"{"type":"Discrete","n":2}"#)
    let error = try #require(throws: ConnectionError.self) { try ScriptedServer(answers: [answer]).start() }
    #expect(error.description.contains(named))
  }
}
