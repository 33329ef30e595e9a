import JSONLines

/// The order to make a copy of an agent (protocol/WORKERS.md, "prepare").
struct PrepareRequest {
  /// The algorithm and its settings, as a JSON object.
  let settings: String

  /// Writes the request with its line end.
  func write(id: Int64, to writer: inout JSONWriter) {
    writer.beginRequest(id, .prepare)
    writer.name("settings")
    var settings = settings
    settings.withUTF8 { writer.writeVerbatim(UnsafeRawBufferPointer($0)) }
    writer.endLine()
  }
}
