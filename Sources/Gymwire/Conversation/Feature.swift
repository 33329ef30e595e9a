/// An addition to the Core that is on only where both sides name it in hello.
public enum Feature: String, CaseIterable, Sendable {
  /// Several sub-environments in one process, each reset within the step that ends its episode.
  case batch
  /// Arrays of numbers as base64 of their little-endian bytes.
  case b64
  /// Which actions are legal, told beside each observation.
  case mask
  /// Pictures and texts for people.
  case render
  /// Options, names, units and time limits of an environment, told in hello.
  case about
  /// The state of an episode, to be kept and brought back.
  case state
  /// Episodes that a policy is told apart by name.
  case session
}
