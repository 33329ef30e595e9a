/// One value for every element of an array, or one value for each.
public enum PerElement<Value: Equatable & Sendable>: Equatable, Sendable {
  /// The same value everywhere.
  case same(Value)
  /// A row-major list, one value for each element.
  case each([Value])

  /// The value of the element at row-major `index`.
  public subscript(index: Int) -> Value {
    switch self {
    case .same(let value): value
    case .each(let values): values[index]
    }
  }

  /// The length of the list; nil for one value everywhere.
  public var count: Int? {
    switch self {
    case .same: nil
    case .each(let values): values.count
    }
  }
}
