import Environments
import JSONLines

extension Space {
  /// The space as JSON for people, as hello describes it, and cut short where it is long.
  public var text: String {
    var writer = JSONWriter()
    writer.write(self)
    return String(decoding: writer.bytes, as: UTF8.self).abbreviated(to: 400)
  }
}

extension JSONWriter {
  /// Writes a space as hello and files describe it (protocol/SPEC.md, "Spaces").
  public mutating func write(_ space: Space) {
    beginObject()
    name("type")
    write(space.kind)
    switch space {
    case .box(let box):
      write(shape: box.shape)
      name("dtype")
      write(box.type.rawValue)
      name("low")
      write(box.low, as: box.type)
      name("high")
      write(box.high, as: box.type)
    case .discrete(let discrete):
      name("n")
      write(discrete.n)
      if discrete.start != 0 {
        name("start")
        write(discrete.start)
      }
      write(integerType: discrete.type)
    case .multiBinary(let shape): write(shape: shape)
    case .multiDiscrete(let choices):
      write(shape: choices.shape)
      name("nvec")
      write(choices.nvec)
      if choices.start != .same(0) {
        name("start")
        write(choices.start)
      }
      write(integerType: choices.type)
    case .text(let text):
      name("max_length")
      write(text.maximumLength)
      name("min_length")
      write(text.minimumLength)
      name("charset")
      write(text.alphabet)
    case .tuple(let spaces), .oneOf(let spaces):
      name("spaces")
      beginArray()
      for space in spaces { write(space) }
      endArray()
    case .dict(let members):
      name("spaces")
      beginArray()
      for member in members {
        beginArray()
        write(member.key)
        write(member.space)
        endArray()
      }
      endArray()
    case .sequence(let space, let isStacked):
      name("space")
      write(space)
      name("stack")
      write(isStacked)
    case .graph(let nodes, let edges):
      name("node_space")
      write(nodes)
      name("edge_space")
      if let edges { write(edges) } else { writeNull() }
    }
    endObject()
  }

  private mutating func write(shape: [Int]) {
    name("shape")
    beginArray()
    for size in shape { write(size) }
    endArray()
  }

  private mutating func write(integerType type: ScalarType) {
    guard type != .int64 else { return }
    name("dtype")
    write(type.rawValue)
  }

  private mutating func write(_ bounds: PerElement<Double>, as type: ScalarType) {
    switch bounds {
    case .same(let bound): write(bound, as: type)
    case .each(let values):
      beginArray()
      for bound in values { write(bound, as: type) }
      endArray()
    }
  }

  /// A bound is written with the digits of its own type: 4.8 for the float32 next to 4.8.
  private mutating func write(_ bound: Double, as type: ScalarType) {
    guard let range = type.integerRange else {
      return type == .float32 ? write(Float(bound)) : write(bound)
    }
    // A Double holds 2^63 - 1 and 2^64 - 1 only rounded up, which is outside of the type.
    let integer = Int128(exactly: bound.rounded()) ?? (bound < 0 ? range.lowerBound : range.upperBound)
    write(integer: min(max(integer, range.lowerBound), range.upperBound))
  }

  private mutating func write(_ integers: PerElement<Int>) {
    switch integers {
    case .same(let value): write(value)
    case .each(let values):
      beginArray()
      for value in values { write(value) }
      endArray()
    }
  }
}
