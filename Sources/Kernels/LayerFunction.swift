/// What follows a dense layer, element by element.
public enum LayerFunction: Int32, CaseIterable, Sendable {
  /// Nothing.
  case identity = 0
  /// max(x, 0), keeping NaN.
  case relu = 1
  /// The hyperbolic tangent.
  case tanh = 2
}
