/// How a server behaves towards an agent under examination, and what the agent has to make of it.
struct AgentScene: Sendable {
  /// What a good agent does.
  enum Demand: Sendable {
    /// It goes on, for at least a hundred requests or until it says goodbye.
    case carriesOn
    /// It sends nothing more but close.
    case stops
    /// It sends nothing more, or close, or goes on with a reset.
    case beginsAnew
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
  }

  /// The space of observations; each is two numbers.
  var observationSpace = #"{"type":"Box","shape":[2],"dtype":"float32","low":-100,"high":100}"#
  /// The space of actions.
  var actionSpace = #"{"type":"Discrete","n":2}"#
  /// Whether actions are two numbers instead of one choice, which have to be within ±1e-3.
  var hasBoxActions: Bool { actionSpace.contains("Box") }
  /// Whether hello says no more than it must.
  var isMinimal = false
  var demand = Demand.carriesOn
  /// What is written in place of a good reply, ends of lines included.
  var write: @Sendable (Draft) -> String = { $0.text + "\n" }

  /// A scene that spoils the reply to the third step.
  static func spoiled(_ demand: Demand, _ spoil: @escaping @Sendable (Draft) -> String) -> AgentScene {
    var scene = AgentScene()
    scene.demand = demand
    scene.write = { draft in (draft.operation == "step" && draft.index == 2 ? spoil(draft) : draft.text) + "\n" }
    return scene
  }

  /// A scene that writes every reply in some other way.
  static func written(_ write: @escaping @Sendable (Draft) -> String) -> AgentScene {
    var scene = AgentScene()
    scene.write = write
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
