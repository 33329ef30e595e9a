/// What an environment says about itself beyond its spaces; all of it is optional, and binds nobody.
///
/// A server tells it where the feature `about` is on (protocol/SPEC.md 11.5 to 11.8).
public struct EnvironmentDescription: Equatable, Sendable {
  /// An option that a reset takes.
  public struct Option: Equatable, Sendable {
    /// Its key.
    public let name: String
    /// The space of its values.
    public let space: Space
    /// The value that holds where the option is absent; nil where there is no such value.
    public let defaultValue: PlainValue?

    /// Creates an option.
    public init(_ name: String, _ space: Space, default defaultValue: PlainValue? = nil) {
      self.name = name
      self.space = space
      self.defaultValue = defaultValue
    }

    /// One number of any size.
    public static func number(_ name: String, atLeast low: Double = -.infinity, default value: Double) -> Option {
      let box = Box(shape: [], type: .float64, low: .same(low), high: .same(.infinity))
      return Option(name, .box(box), default: .number(value))
    }

    /// A list of so many numbers of any size, without a default.
    public static func numbers(_ name: String, _ count: Int) -> Option {
      Option(name, .box(Box(shape: [count], type: .float64, low: .same(-.infinity), high: .same(.infinity))))
    }
  }

  /// What the parts of a flat space are called: the elements of a Box, MultiBinary or MultiDiscrete, or a Discrete's choices.
  public struct Parts: Equatable, Sendable {
    /// One name for each.
    public let names: [String]
    /// One unit for each, as SI writes it, empty where there is none; nil where no part has one.
    public let units: [String]?

    /// Creates names.
    public init(_ names: [String], units: [String]? = nil) {
      self.names = names
      self.units = units
    }
  }

  /// The options, in the order in which they are told.
  public var options: [Option]
  /// The parts of an observation; nil where they have no names.
  public var observation: Parts?
  /// The parts of an action; nil where they have no names.
  public var action: Parts?
  /// How many seconds a reply may take, by the operation; empty where nothing is said.
  public var seconds: [String: Double]

  /// Creates a description.
  public init(
    options: [Option] = [], observation: Parts? = nil, action: Parts? = nil, seconds: [String: Double] = [:]
  ) {
    self.options = options
    self.observation = observation
    self.action = action
    self.seconds = seconds
  }
}
