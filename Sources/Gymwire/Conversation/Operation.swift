/// Every operation that a driver may ask for: the one list of messages.
public enum Operation: String, CaseIterable, Sendable {
  case hello, reset, step, close
  case render, snapshot, restore
  case act, reload
  case begin, end, abandon, save
  case logAction = "log_action"
  case prepare, collect, gradient

  /// The member that names it, as drivers spell it.
  @inline(__always) var member: StaticString {
    switch self {
    case .hello: ",\"op\":\"hello\""
    case .reset: ",\"op\":\"reset\""
    case .step: ",\"op\":\"step\""
    case .close: ",\"op\":\"close\""
    case .render: ",\"op\":\"render\""
    case .snapshot: ",\"op\":\"snapshot\""
    case .restore: ",\"op\":\"restore\""
    case .act: ",\"op\":\"act\""
    case .reload: ",\"op\":\"reload\""
    case .begin: ",\"op\":\"begin\""
    case .end: ",\"op\":\"end\""
    case .abandon: ",\"op\":\"abandon\""
    case .save: ",\"op\":\"save\""
    case .logAction: ",\"op\":\"log_action\""
    case .prepare: ",\"op\":\"prepare\""
    case .collect: ",\"op\":\"collect\""
    case .gradient: ",\"op\":\"gradient\""
    }
  }
}

// What a server of each role performs besides hello and close. Whoever adds one is told by the compiler where it is missing.

/// What an environment performs; render where a mode was granted, snapshot and restore where state is on.
enum EnvironmentOperation: String {
  case reset, step, render, snapshot, restore
}

/// What a policy performs; begin and abandon where session is on.
enum PolicyOperation: String {
  case act, begin, abandon, reload
}

/// What a learner performs.
enum LearnerOperation: String {
  case act, begin, end, abandon, save
  case logAction = "log_action"
}

/// What a worker performs.
enum WorkerOperation: String {
  case prepare, reset, collect, gradient
}
