import JSONLines

// Every message begins with its id, and a request with its operation second: a 40-line server may rely on that.
extension JSONWriter {
  mutating func beginRequest(_ id: Int64, _ operation: Operation) {
    beginObject()
    name("id")
    write(id)
    name("op")
    write(operation.rawValue)
  }

  mutating func beginReply(_ id: Int64) {
    beginObject()
    name("id")
    write(id)
  }

  mutating func endLine() {
    endObject()
    newline()
  }
}
