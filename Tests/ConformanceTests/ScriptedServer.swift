import Environments
import GymwireIO

/// A server that answers its n-th request with the n-th of some lines, whatever the request says.
struct ScriptedServer {
  /// An answer to hello: one float32 observed within ±1, two actions.
  static let hello = hello(
    observations: #"{"type":"Box","shape":[1],"low":-1,"high":1}"#, actions: #"{"type":"Discrete","n":2}"#)
  /// An answer to the first reset.
  static let reset = #"{"id":1,"obs":[0.5]}"#

  /// Each element holds what is written after one request: a reply, or several lines.
  var answers: [String]

  static func hello(observations: String, actions: String) -> String {
    #"{"id":0,"version":1,"role":"env","obs_space":\#(observations),"action_space":\#(actions)}"#
  }

  /// The words of a command that plays the script, then goes on reading until its input ends.
  var command: [String] {
    let lines = answers.map { answer in
      "read -r request; printf '%s\\n' '" + answer.replacing("'", with: "'\\''").replacing("\n", with: "' '") + "'"
    }
    return ["sh", "-c", (lines + ["cat > /dev/null"]).joined(separator: "; ")]
  }

  /// Starts the server and greets it.
  func start(stepLimit: Duration = .seconds(60)) throws -> RemoteVectorEnvironment {
    var options = RemoteVectorEnvironment.Options(command: command)
    options.stepLimit = stepLimit
    return try RemoteVectorEnvironment(options)
  }

  /// Greets, resets and takes one step with action 1; returns the environment after it.
  func takeOneStep() throws -> RemoteVectorEnvironment {
    let environment = try start()
    try environment.reset(seed: 1, options: [:])
    let actions = ValueBatch(environment.actionSpace, count: 1)
    if case .discrete = environment.actionSpace { try 1.store(in: actions, row: 0) }
    try environment.beginStep(actions)
    try environment.finishStep()
    return environment
  }
}
