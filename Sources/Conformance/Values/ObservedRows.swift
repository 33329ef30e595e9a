import Environments
import Gymwire
import JSONLines

extension Reply {
  /// The values of a member of this reply, whatever form it is in; throws a departure from a clause if it is none.
  func rows(_ name: String, of space: Space, count: Int, form: ValueForm, clause: String) throws -> ValueBatch {
    let batch = ValueBatch(space, count: count)
    try read(name) { scanner in
      do throws(ValueError) { try batch.read(rows: 0..<count, from: &scanner, as: form) } catch {
        throw departure(clause: clause, expected: "\(count) values of the space in \"\(name)\" (\(error))")
      }
    }
    return batch
  }
}

extension JSONValue {
  /// A value that stands within a reply, as one value of a space; nil if it is none.
  func value(of space: Space, form: ValueForm) -> ValueBatch? {
    let batch = ValueBatch(space, count: 1)
    let isRead = Array(text.utf8).withUnsafeBytes { bytes in
      var scanner = JSONScanner(bytes)
      return (try? batch.read(rows: 0..<1, from: &scanner, as: form)) != nil
    }
    return isRead ? batch : nil
  }
}

extension ValueBatch {
  /// Whether a row here is the same value as a row of another batch of the same space; the sign of zero does not count.
  func row(_ row: Int, equals other: ValueBatch, row otherRow: Int) -> Bool {
    switch (storage, other.storage) {
    case (.flat(let array, let width), .flat(let otherArray, _)):
      (0..<width).allSatisfy { index in
        let (left, right) = (row * width + index, otherRow * width + index)
        guard array.type.isFloatingPoint else { return array.integer(at: left) == otherArray.integer(at: right) }
        let (x, y) = (array.double(at: left), otherArray.double(at: right))
        return x == y || x.isNaN && y.isNaN
      }
    case (.members(let members), .members(let others)):
      zip(members, others).allSatisfy { $0.row(row, equals: $1, row: otherRow) }
    default: trees[row] == other.trees[otherRow]
    }
  }
}
