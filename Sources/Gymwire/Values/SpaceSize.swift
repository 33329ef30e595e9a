import Environments

extension Space {
  /// How many numbers one node or edge of a Graph takes.
  var rowWidth: Int { flat?.shape.elementCount ?? 1 }

  /// Whether a value is one number, which is written without brackets (protocol/SPEC.md 9.2).
  var isScalar: Bool { flat?.shape.isEmpty ?? false }
}
