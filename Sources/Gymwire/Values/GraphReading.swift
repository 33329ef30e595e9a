import Environments
import JSONLines

extension SpaceValue {
  /// Reads `{"nodes":...,"edges":...,"edge_links":...}` (protocol/SPEC.md 10.8).
  static func graph(
    nodes nodeSpace: Space,
    edges edgeSpace: Space?,
    from scanner: inout JSONScanner,
    as form: ValueForm
  ) throws(ValueError) -> SpaceValue {
    var nodes: FlatArray?
    var edges: FlatArray?
    var links: FlatArray?
    try scanner.readKeyed(["nodes", "edges", "edge_links"], of: "Graph") { (index, scanner) throws(ValueError) in
      if index > 0, try scanner.kind() == .null { return try scanner.skip() }
      switch index {
      case 0: nodes = try rows(of: nodeSpace, from: &scanner, as: form)
      case 1: edges = try rows(of: edgeSpace, from: &scanner, as: form)
      default: links = try FlatArray.readRows(.int64, width: 2, from: &scanner, as: form)
      }
    }
    guard let nodes else { throw ValueError("the Graph has no nodes") }
    let nodeCount = nodes.count / nodeSpace.rowWidth
    let edgeCount = edges.map { $0.count / (edgeSpace?.rowWidth ?? 1) }
    guard edgeCount == links.map({ $0.count / 2 }) else {
      throw ValueError("the Graph has \(edgeCount ?? 0) edges, but edge_links for \((links?.count ?? 0) / 2)")
    }
    if let links,
      let stranger = (0..<links.count).first(where: { !(0..<nodeCount).contains(Int(links.integer(at: $0))) })
    {
      throw ValueError("edge_links names node \(links.integer(at: stranger)), but there are \(nodeCount) nodes")
    }
    return .graph(nodes: nodes, edges: edges, links: links)
  }

  private static func rows(
    of space: Space?,
    from scanner: inout JSONScanner,
    as form: ValueForm
  ) throws(ValueError) -> FlatArray {
    guard let space else { throw ValueError("the space of the Graph has no edge_space, so this has to be null") }
    guard let type = space.flat?.type else { throw ValueError("a \(space.kind) cannot be a part of a Graph") }
    return try FlatArray.readRows(type, width: space.rowWidth, from: &scanner, as: form)
  }
}
