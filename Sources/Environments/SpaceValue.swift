/// One value of any space, as a tree.
///
/// Values of flat spaces, and of Dict and Tuple of them, travel in a ``ValueBatch`` instead, without a tree.
public indirect enum SpaceValue: Equatable {
  /// A value of a Box, Discrete, MultiBinary or MultiDiscrete.
  case flat(FlatArray)
  /// A value of a Text.
  case text(String)
  /// A value of a Tuple, in order.
  case tuple([SpaceValue])
  /// A value of a Dict, in the order of the space's keys.
  case dict([SpaceValue])
  /// A value of the space at `index` of a OneOf.
  case oneOf(index: Int, SpaceValue)
  /// A value of a Sequence.
  case sequence([SpaceValue])
  /// A value of a Graph: one row for each node and edge, and the two node indices of each edge.
  case graph(nodes: FlatArray, edges: FlatArray?, links: FlatArray?)
}
