import Environments
import JSONLines
import SpaceCoding

extension JSONWriter {
  /// Writes one value for each row of `rows` (protocol/SPEC.md, "Arrays").
  public mutating func write(_ batch: ValueBatch, rows: Range<Int>, as form: ValueForm) {
    if let numbers = batch.slice(rows) {
      write(numbers, isScalar: !form.isBatched && batch.isScalar, asBase64: form.allowsBase64)
    } else {
      writeStructured(batch, rows: rows, as: form)
    }
  }

  /// Writes rows of a batch of any space that is not flat.
  private mutating func writeStructured(_ batch: ValueBatch, rows: Range<Int>, as form: ValueForm) {
    switch batch.storage {
    case .flat: break
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

  /// Writes numbers as a flat list or as base64, and a scalar as the number that it is.
  mutating func write(_ numbers: FlatSlice, isScalar: Bool = false, asBase64: Bool) {
    if isScalar { return write(numbers, element: 0) }
    if asBase64 { return writeBase64(numbers) }
    switch numbers.type {
    case .float32: write(floats: UnsafeBufferPointer(numbers.numbers(as: Float.self)))
    case .int64: write(integers: UnsafeBufferPointer(numbers.numbers(as: Int64.self)))
    case .float64: write(doubles: UnsafeBufferPointer(numbers.numbers(as: Double.self)))
    default:
      beginArray()
      for index in 0..<numbers.count { write(numbers, element: index) }
      endArray()
    }
  }

  /// Writes one number; what is not finite as its name.
  private mutating func write(_ numbers: FlatSlice, element index: Int) {
    switch numbers.type {
    case .int64: write(numbers.numbers(as: Int64.self)[index])
    case .float32: write(numbers.numbers(as: Float.self)[index])
    case .float16, .float64: write(numbers.double(at: index))
    default: write(integer: numbers.integer(at: index))
    }
  }

  private mutating func writeBase64(_ numbers: FlatSlice) {
    beginObject()
    name("b64")
    #if _endian(big)
      let size = numbers.type.size
      var swapped = Array(numbers.bytes)
      for start in stride(from: 0, to: swapped.count, by: size) { swapped[start..<start + size].reverse() }
      swapped.withUnsafeBytes { Base64.encode($0, into: &self) }
    #else
      Base64.encode(UnsafeRawBufferPointer(numbers.bytes), into: &self)
    #endif
    endObject()
  }

  private mutating func write(_ value: SpaceValue, of space: Space, as form: ValueForm) {
    switch (value, space) {
    case (.flat(let array), _):
      write(array.slice, isScalar: space.isScalar, asBase64: form.allowsBase64)
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
    write(array.slice, asBase64: form.allowsBase64)
  }
}
