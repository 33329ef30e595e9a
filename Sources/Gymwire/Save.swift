import JSONLines

/// The order to a learner to write down what it has learned (protocol/SPEC.md, "save").
enum Save {
  static func writeReply(id: Int64, path: String, to writer: inout JSONWriter) {
    writer.beginReply(id)
    writer.name("path")
    writer.write(path)
    writer.endLine()
  }
}
