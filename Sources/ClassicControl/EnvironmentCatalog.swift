import Environments

/// The one list of native environments.
///
/// A new environment is one file and one line here; the tests' contract suite runs over this list.
public enum EnvironmentCatalog {
  /// Every native environment.
  public static let entries: [Entry] = [
    Entry("CartPole-v0", "keep a pole on a cart upright for 200 steps") { CartPole(.v0).limited() },
    Entry("CartPole-v1", "keep a pole on a cart upright for 500 steps") { CartPole(.v1).limited() },
    Entry("CartPoleSwingUp-v0", "swing a hanging pole up and hold it; reward cos θ") { CartPoleSwingUp(.v0).limited() },
    Entry("CartPoleSwingUp-v1", "swing a hanging pole up and hold it; reward (1 + cos θ) / 2") {
      CartPoleSwingUp(.v1).limited()
    },
  ]

  /// The environment that is registered as `id`.
  public static func entry(_ id: String) throws(UnknownEnvironment) -> Entry {
    guard let entry = entries.first(where: { $0.id == id }) else {
      throw UnknownEnvironment(id: id, known: entries.map(\.id))
    }
    return entry
  }
}

extension EnvironmentCatalog {
  /// One native environment.
  public struct Entry: Sendable {
    /// The registered name, such as `CartPole-v1`.
    public let id: String
    /// What the task is, in one line.
    public let summary: String
    /// Makes a number of environments that do not reset themselves.
    public let make: @Sendable (_ count: Int) -> any EnvironmentBatch

    init<Element: Environment & SendableMetatype>(
      _ id: String,
      _ summary: String,
      _ make: @escaping @Sendable () -> Element
    ) {
      self.id = id
      self.summary = summary
      self.make = { EnvironmentArray(count: $0, neverFails: true, make: make) }
    }
  }
}
