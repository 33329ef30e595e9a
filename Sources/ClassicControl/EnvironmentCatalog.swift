import Environments

/// The one list of native environments.
///
/// A new environment is one file and one line here. The servers offer what is in this list, and the tests' contract
/// suites run over it.
public enum EnvironmentCatalog {
  /// Every native environment.
  public static let entries: [Entry] = [
    Entry("keep a pole on a cart upright for 200 steps") { CartPole(.v0) },
    Entry("keep a pole on a cart upright for 500 steps") { CartPole(.v1) },
    Entry("swing a hanging pole up and hold it; reward cos θ") { CartPoleSwingUp(.v0) },
    Entry("swing a hanging pole up and hold it; reward (1 + cos θ) / 2") { CartPoleSwingUp(.v1) },
    Entry("swing a pendulum up with a weak motor and hold it") { Pendulum() },
    Entry("drive a car out of a valley with a weak engine") { MountainCar() },
    Entry("drive a car out of a valley with little fuel") { MountainCarContinuous() },
    Entry("swing the end of two linked rods above a line") { Acrobot() },
  ]

  /// The environment that is registered as `id`.
  public static func entry(_ id: String) throws(UnknownEnvironment) -> Entry {
    guard let entry = entries.first(where: { $0.id == id }) else {
      throw UnknownEnvironment(id: id, known: entries.map(\.id))
    }
    return entry
  }

  /// The names of all versions of a task: `CartPole-v0` and `CartPole-v1` of `CartPole`.
  public static func versions(of task: String) -> [String] {
    entries.map(\.id).filter { $0.hasPrefix("\(task)-v") }
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

    init<Element: Mechanism & SendableMetatype>(_ summary: String, _ make: @escaping @Sendable () -> Element) {
      id = make().id
      self.summary = summary
      self.make = { EnvironmentArray(count: $0, neverFails: true) { make().limited() } }
    }
  }
}
