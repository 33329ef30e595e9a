import Environments
import SpaceCoding

extension HelloRequest {
  /// The spaces of a conversation with a policy or learner (protocol/SPEC.md 16.3).
  ///
  /// - Parameters:
  ///   - ownObservations: the space that the server was made for; nil if it takes any.
  ///   - ownActions: likewise.
  /// - Returns: the server's own spaces, or those that the driver declares where the server has none.
  /// - Throws: `unsupported_space` where both have one and they disagree, and where neither has one.
  func negotiate(
    ownObservations: Space?, ownActions: Space?
  ) throws(ErrorReply) -> (observations: Space, actions: Space) {
    let observations = try declaredSpace("obs_space", path: "obs")
    let actions = try declaredSpace("action_space", path: "action")
    if let ownObservations, let observations,
      let difference = ownObservations.disagreement(withObservations: observations)
    {
      throw .disagreement(about: "observations", difference)
    }
    if let ownActions, let actions, let difference = ownActions.disagreement(withActions: actions) {
      throw .disagreement(about: "actions", difference)
    }
    guard let agreedObservations = ownObservations ?? observations else { throw .undeclared("obs_space") }
    guard let agreedActions = ownActions ?? actions else { throw .undeclared("action_space") }
    return (agreedObservations, agreedActions)
  }

  private func declaredSpace(_ name: String, path: String) throws(ErrorReply) -> Space? {
    guard let description = wishes[name], description != .null else { return nil }
    guard case .object = description else {
      throw ErrorReply(.badMessage, "\"\(name)\" in \"want\" has to be an object that describes a space")
    }
    do throws(SpaceError) { return try Space(description, path: path) } catch {
      throw ErrorReply(.unsupportedSpace, error.description)
    }
  }
}

extension ErrorReply {
  fileprivate static func disagreement(about what: String, _ difference: String) -> ErrorReply {
    ErrorReply(.unsupportedSpace, "the \(what) that are wanted are not those that this server is for: \(difference)")
  }

  fileprivate static func undeclared(_ name: String) -> ErrorReply {
    ErrorReply(.unsupportedSpace, "this server has no spaces of its own: hello has to declare \"\(name)\" in \"want\"")
  }
}
