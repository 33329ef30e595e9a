/// How a server behaves towards an agent under examination, and what the agent has to make of it.
struct AgentScene: Sendable {
  /// What a good agent does.
  enum Demand: Sendable {
    /// It goes on, for at least a hundred requests or until it says goodbye.
    case carriesOn
    /// It says goodbye within a thousand requests, and leaves its server some time to end.
    case waits
    /// It makes at least ten requests: whoever says goodbye before has nothing to do with this scene.
    case lasts
    /// It sends nothing more but close.
    case stops
    /// It sends nothing more, or close, or goes on with a reset.
    case beginsAnew
    /// It does not wait for ever, and ends the connection.
    case givesUp
  }

  /// A reply before it is sent, and where it stands.
  struct Draft {
    /// `hello`, `reset` or `step`.
    let operation: String
    /// How many requests of this operation there were before.
    let index: Int
    /// The id of the request.
    let id: Int
    /// A good reply.
    let text: String
    /// How long the agent waits for a reply, as its user says; zero in scenes that do not need it.
    let patience: Duration

    var isThirdStep: Bool { operation == "step" && index == 2 }
  }

  /// What is written in place of a reply, one piece after the other.
  struct Piece: Sendable {
    /// How long nothing is written before.
    var pause = Duration.zero
    var bytes: [UInt8]
    /// Whether the output ends behind it, while the input is still read.
    var endsOutput = false

    /// A text that comes at once.
    static func text(_ text: String) -> Piece { Piece(bytes: Array(text.utf8)) }
  }

  /// The space of observations.
  var observationSpace = #"{"type":"Box","shape":[2],"dtype":"float32","low":-100,"high":100}"#
  /// Each observation.
  var observation = "0.5,1"
  /// Whether an observation is a bare value.
  var isBare = false
  /// The space of actions.
  var actionSpace = #"{"type":"Discrete","n":2}"#
  /// Whether hello has a space that no agent can use.
  var hasUnusableSpace = false
  /// Whether the agent may refuse these spaces after hello.
  var mayDecline = false
  /// The features that the agent has to ask for so that there is something to see.
  var features: [String] = []
  /// How many environments there are, if batch is on.
  var environments = 1
  /// Whether hello says no more than it must.
  var isMinimal = false
  /// Whether it has to be known how long the agent waits.
  var needsPatience = false
  var demand = Demand.carriesOn
  /// What is written in place of a good reply, ends of lines included.
  var write: @Sendable (Draft) -> [Piece] = { [.text($0.text + "\n")] }

  /// A scene that writes something else in place of the reply to the third step.
  static func disturbed(_ demand: Demand, _ write: @escaping @Sendable (Draft) -> [Piece]) -> AgentScene {
    var scene = AgentScene()
    scene.demand = demand
    scene.write = { draft in draft.isThirdStep ? write(draft) : [.text(draft.text + "\n")] }
    return scene
  }

  /// A scene that spoils the text of the reply to the third step.
  static func spoiled(_ demand: Demand, _ spoil: @escaping @Sendable (Draft) -> String) -> AgentScene {
    disturbed(demand) { [.text(spoil($0) + "\n")] }
  }

  /// A scene that spoils the reply to hello.
  static func spoiledHello(_ spoil: @escaping @Sendable (Draft) -> String) -> AgentScene {
    var scene = AgentScene()
    scene.demand = .stops
    scene.write = { [.text(($0.operation == "hello" ? spoil($0) : $0.text) + "\n")] }
    return scene
  }

  /// A scene that writes every reply in some other way.
  static func written(_ write: @escaping @Sendable (Draft) -> String) -> AgentScene {
    var scene = AgentScene()
    scene.write = { [.text(write($0))] }
    return scene
  }

  /// The same scene, changed.
  func with(_ change: (inout AgentScene) -> Void) -> AgentScene {
    var scene = self
    change(&scene)
    return scene
  }
}

/// One thing that a clause demands of drivers, and the scene that shows it.
public struct AgentCheck: Sendable {
  /// The clause of protocol/SPEC.md.
  public let clause: String
  /// What a good agent does, in a few words.
  public let title: String
  let scene: AgentScene

  init(_ clause: String, _ title: String, _ scene: AgentScene) {
    self.clause = clause
    self.title = title
    self.scene = scene
  }
}
