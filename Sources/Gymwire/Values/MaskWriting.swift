import Environments
import JSONLines

extension JSONWriter {
  /// Writes the masks of `rows` in the structure of the action space (protocol/SPEC.md, "mask").
  mutating func write(_ masks: MaskBatch, rows: Range<Int>, as form: ValueForm) {
    guard let actions = masks.actions else { return writeNull() }
    write(masks, rows: rows, of: actions, at: 0, as: form)
  }

  /// Writes the masks of a part of the action, which begin with number `column` of each row.
  private mutating func write(
    _ masks: MaskBatch, rows: Range<Int>, of part: Space, at column: Int, as form: ValueForm
  ) {
    let width = part.maskWidth
    guard width > 0 else { return writeNull() }
    var column = column
    switch part {
    case .tuple(let parts):
      beginArray()
      for part in parts {
        write(masks, rows: rows, of: part, at: column, as: form)
        column += part.maskWidth
      }
      endArray()
    case .dict(let members):
      beginObject()
      for member in members {
        name(member.key)
        write(masks, rows: rows, of: member.space, at: column, as: form)
        column += member.space.maskWidth
      }
      endObject()
    default:
      guard width != masks.width else {
        return write(masks.array[rows.lowerBound * width..<rows.upperBound * width], asBase64: form.allowsBase64)
      }
      // The rows of one member of several do not lie behind each other here as they do on the wire.
      let member = FlatArray(.bool, count: rows.count * width)
      for (index, row) in rows.enumerated() {
        member.copy(masks.array, from: row * masks.width + column, count: width, at: index * width)
      }
      write(member.slice, asBase64: form.allowsBase64)
    }
  }
}
