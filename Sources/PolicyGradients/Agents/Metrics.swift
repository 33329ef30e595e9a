/// Figures about an update, by name; which names there are, an ``Algorithm`` says.
public struct Metrics: Equatable, Sendable {
  /// Whether anything is kept; where nobody reads the figures, nothing is.
  let isRecording: Bool
  private var names: [String] = []
  private var values: [Double] = []

  /// Creates metrics of nothing.
  public init() { self.init(isRecording: true) }

  init(isRecording: Bool) { self.isRecording = isRecording }

  /// A figure; nil where there is none.
  public subscript(name: String) -> Double? {
    get { names.firstIndex(of: name).map { values[$0] } }
    set {
      guard isRecording else { return }
      switch (names.firstIndex(of: name), newValue) {
      case (let index?, let value?): values[index] = value
      case (let index?, nil):
        names.remove(at: index)
        values.remove(at: index)
      case (nil, let value?):
        names.append(name)
        values.append(value)
      case (nil, nil): break
      }
    }
  }

  /// Takes over all figures of others.
  mutating func add(_ other: Metrics) {
    for (name, value) in zip(other.names, other.values) { self[name] = value }
  }

  /// The figures by name.
  var figures: [String: Double] { Dictionary(uniqueKeysWithValues: zip(names, values)) }

  /// Whether two have the same figures.
  public static func == (one: Metrics, other: Metrics) -> Bool {
    one.names == other.names && one.values == other.values
  }
}
