import Environments
import JSONLines
import SpaceCoding

extension JSONWriter {
  /// Writes one value for each row of `rows` (protocol/SPEC.md, "Arrays").
  public mutating func write(_ batch: ValueBatch, rows: Range<Int>, as form: ValueForm) {
    if !form.allowsBase64, form.isBatched || !batch.isScalar, let floats = batch.floats(rows) {
      return write(floats: UnsafeBufferPointer(floats))
    }
    if !form.isBatched, batch.isScalar, let integers = batch.integers(rows) { return write(integers[0]) }
    switch batch.storage {
    case .flat(let array, let width):
      let range = rows.lowerBound * width..<rows.upperBound * width
      if !form.isBatched, batch.isScalar {
        write(array, element: range.lowerBound)
      } else {
        write(array, range, asBase64: form.allowsBase64)
      }
    case .members(let members):
      if case .dict(let spaces) = batch.space {
        beginObject()
        for (member, space) in zip(members, spaces) {
          name(space.key)
          write(member, rows: rows, as: form)
        }
        endObject()
      } else {
        beginArray()
        for member in members { write(member, rows: rows, as: form) }
        endArray()
      }
    case .irregular:
      if form.isBatched { beginArray() }
      for row in rows {
        if let tree = batch.trees[row] { write(tree, of: batch.space, as: form) } else { writeNull() }
      }
      if form.isBatched { endArray() }
    }
  }

  /// Writes the elements of `range` as a flat list of numbers, or as base64.
  mutating func write(_ array: FlatArray, _ range: Range<Int>, asBase64: Bool) {
    if asBase64 { return writeBase64(array, range) }
    if let floats = array.floats {
      write(floats: UnsafeBufferPointer(rebasing: floats[range]))
      return
    }
    switch array.type {
    case .int64: write(integers: UnsafeBufferPointer(rebasing: array.numbers(as: Int64.self)[range]))
    case .float64: write(doubles: UnsafeBufferPointer(rebasing: array.numbers(as: Double.self)[range]))
    default:
      beginArray()
      for index in range { write(array, element: index) }
      endArray()
    }
  }

  /// Writes one number; what is not finite as its name.
  mutating func write(_ array: FlatArray, element index: Int) {
    switch array.type {
    case .float32: write(array.numbers(as: Float.self)[index])
    case .float16, .float64: write(array.double(at: index))
    default: write(integer: array.integer(at: index))
    }
  }

  private mutating func writeBase64(_ array: FlatArray, _ range: Range<Int>) {
    let size = array.type.size
    beginObject()
    name("b64")
    #if _endian(big)
      let swapped = FlatArray(array.type, count: range.count)
      swapped.copy(array, from: range.lowerBound, count: range.count, at: 0)
      for start in stride(from: 0, to: swapped.bytes.count, by: size) { swapped.bytes[start..<start + size].reverse() }
      Base64.encode(UnsafeRawBufferPointer(swapped.bytes), into: &self)
    #else
      Base64.encode(
        UnsafeRawBufferPointer(rebasing: array.bytes[range.lowerBound * size..<range.upperBound * size]),
        into: &self
      )
    #endif
    endObject()
  }

  private mutating func write(_ value: SpaceValue, of space: Space, as form: ValueForm) {
    switch (value, space) {
    case (.flat(let array), _):
      if space.isScalar {
        write(array, element: 0)
      } else {
        write(array, 0..<array.count, asBase64: form.allowsBase64)
      }
    case (.text(let text), _): write(text)
    case (.tuple(let values), .tuple(let spaces)):
      beginArray()
      for (value, space) in zip(values, spaces) { write(value, of: space, as: form) }
      endArray()
    case (.dict(let values), .dict(let members)):
      beginObject()
      for (value, member) in zip(values, members) {
        name(member.key)
        write(value, of: member.space, as: form)
      }
      endObject()
    case (.oneOf(let index, let value), .oneOf(let spaces)) where spaces.indices.contains(index):
      beginArray()
      write(index)
      write(value, of: spaces[index], as: form)
      endArray()
    case (.sequence(let values), .sequence(let element, _)):
      beginArray()
      for value in values { write(value, of: element, as: form) }
      endArray()
    case (.graph(let nodes, let edges, let links), _):
      beginObject()
      name("nodes")
      write(part: nodes, as: form)
      name("edges")
      write(part: edges, as: form)
      name("edge_links")
      write(part: links, as: form)
      endObject()
    default: writeNull()
    }
  }

  private mutating func write(part array: FlatArray?, as form: ValueForm) {
    guard let array else { return writeNull() }
    write(array, 0..<array.count, asBase64: form.allowsBase64)
  }
}
