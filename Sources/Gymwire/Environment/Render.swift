import Drawing
import JSONLines

/// The order to draw a sub-environment.
public struct RenderRequest {
  /// Which sub-environment, from 0.
  public var environment = 0
  /// The size that is wished for; nil leaves it to the server.
  public var size: RenderSize?

  /// Creates an order to draw sub-environment `environment`.
  public init(environment: Int = 0, size: RenderSize? = nil) {
    self.environment = environment
    self.size = size
  }

  func write(id: Int64, to writer: inout JSONWriter) {
    writer.beginRequest(id, .render)
    if environment != 0 {
      writer.name("env")
      writer.write(environment)
    }
    if let size {
      writer.name("size")
      writer.beginArray()
      writer.write(size.rows)
      writer.write(size.columns)
      writer.endArray()
    }
    writer.endLine()
  }

  /// Reads a driver's order about one of `count` sub-environments.
  init(_ members: Request.Members, count: Int) throws(ErrorReply) {
    environment = try members.environment.index(below: count)
    if let value = try members.size.plain("size") {
      let sides = (value.list ?? []).compactMap { $0.number.flatMap { Int(exactly: $0) } }
      guard value.list?.count == 2, sides.count == 2, sides.allSatisfy(RenderSize.sides.contains) else {
        throw ErrorReply(
          .badMessage,
          "\"size\" has to be two integers from 1 to \(RenderSize.sides.upperBound), the rows and the columns")
      }
      size = RenderSize(rows: sides[0], columns: sides[1])
    }
  }
}

/// The picture in a reply, as a driver reads it.
struct RenderReply: ReplyBody {
  static let hasText = true
  private(set) var rendering: Rendering?

  static func write(_ rendering: Rendering, id: Int64, to writer: inout JSONWriter) {
    writer.beginReply(id)
    switch rendering {
    case .text(let text):
      writer.name("text")
      writer.write(text)
    case .frame(let picture):
      writer.name("frame")
      writer.beginObject()
      writer.name("shape")
      writer.beginArray()
      for side in [picture.height, picture.width, 3] { writer.write(side) }
      writer.endArray()
      writer.name("b64")
      picture.bytes.withUnsafeBytes { Base64.encode($0, into: &writer) }
      writer.endObject()
    }
    writer.endLine()
  }

  mutating func read(_ name: JSONName, from scanner: inout JSONScanner) throws(ValueError) -> Bool {
    switch name {
    case "text":
      let text = try scanner.text()
      // A server may send both, and the frame is worth more.
      if rendering == nil { rendering = .text(text) }
    case "frame": rendering = .frame(try scanner.frame())
    default: return false
    }
    return true
  }

  func missingMember() -> String? { rendering == nil ? "text or frame" : nil }
}

extension JSONScanner? {
  /// The index of one of `count` sub-environments, the first where it is absent (protocol/SPEC.md 15.2).
  func index(below count: Int) throws(ErrorReply) -> Int {
    guard let value = try plain("env") else { return 0 }
    guard let index = value.number.flatMap({ Int(exactly: $0) }), (0..<count).contains(index) else {
      throw ErrorReply(.badMessage, "\"env\" has to be an integer from 0 to \(count - 1)")
    }
    return index
  }
}

extension JSONScanner {
  fileprivate mutating func frame() throws(ValueError) -> Picture {
    guard case .object(let members) = try plain(), let sides = members["shape"]?.list,
      case .string(let text)? = members["b64"]
    else { throw ValueError("an object with \"shape\" and \"b64\" was expected") }
    let shape = sides.compactMap { $0.number.flatMap { Int(exactly: $0) } }
    guard shape.count == 3, sides.count == 3, shape[2] == 3, shape[0] > 0, shape[1] > 0 else {
      throw ValueError("\"shape\" has to be a height, a width and 3")
    }
    guard let bytes = Base64.bytes(of: text), let picture = Picture(width: shape[1], height: shape[0], bytes: bytes)
    else { throw ValueError("\"b64\" has to hold one byte for each element of the shape") }
    return picture
  }
}
