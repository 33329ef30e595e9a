import Environments
import JSONLines

extension HelloRequest {
  /// Reads a driver's hello on the server's side.
  ///
  /// - Throws: `bad_message` for members that are missing or of the wrong type.
  init(_ members: Request.Members) throws(ErrorReply) {
    self.init(client: "")
    guard let list = try members.versions.plain("versions")?.list else {
      throw ErrorReply(.badMessage, "hello needs \"versions\", a list of integers")
    }
    versions = []
    for version in list {
      guard let number = version.number, let version = Int(exactly: number) else {
        throw ErrorReply(.badMessage, "\"versions\" has to be a list of integers")
      }
      versions.append(version)
    }
    if let value = try members.client.plain("client") {
      guard let name = value.softwareName else {
        throw ErrorReply(.badMessage, "\"client\" has to be an object with two strings, \"name\" and \"version\"")
      }
      client = name
    }
    if let value = try members.features.plain("features") {
      guard let names = value.list, names.allSatisfy({ $0.string != nil }) else {
        throw ErrorReply(.badMessage, "\"features\" has to be a list of strings")
      }
      features = names.compactMap { $0.string.flatMap(Feature.init(rawValue:)) }
    }
    if let value = try members.want.plain("want") {
      guard case .object(let wishes) = value else { throw ErrorReply(.badMessage, "\"want\" has to be an object") }
      if let wish = wishes["num_envs"], wish != .null {
        guard let count = wish.number.flatMap({ Int(exactly: $0) }), count >= 1 else {
          throw ErrorReply(.badMessage, "\"num_envs\" in \"want\" has to be an integer of at least 1")
        }
        wantedEnvironments = count
      }
      if case .string(let name)? = wishes["render_mode"] {
        wantedRenderMode = RenderMode(rawValue: name)
      } else if let wish = wishes["render_mode"], wish != .null {
        throw ErrorReply(.badMessage, "\"render_mode\" in \"want\" has to be a string")
      }
      self.wishes = wishes
    }
    if let value = try members.maximumLine.plain("max_line") {
      let least = ProtocolConstants.leastMaximumLine
      guard let length = value.number.flatMap({ Int(exactly: $0) }), length >= least else {
        throw ErrorReply(.badMessage, "\"max_line\" has to be an integer of at least \(least)")
      }
      maximumLine = length
    }
  }
}
