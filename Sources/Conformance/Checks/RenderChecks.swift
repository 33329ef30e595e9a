import JSONLines

/// Section 15: pictures and texts for people.
enum RenderChecks {
  static let all = [
    Check("15.2", .batch, "a granted mode gives a text, or a frame of as many bytes as its shape says") { examination in
      for mode in try examination.renderModes() {
        let conversation = try examination.greet(features: [.render], #""want":{"render_mode":"\#(mode)"}"#)
        guard conversation.greeting?.value["render_mode"] == .string(mode) else { continue }
        try conversation.reset(#""seed":1"#)
        let reply = try conversation.ask("render")
        guard reply.code == nil else { throw reply.departure(clause: "15.2", expected: "a picture or a text") }
        if let frame = reply.value["frame"], frame != .null {
          let sizes = (frame["shape"]?.elements ?? []).compactMap(\.double)
          let count = frame["b64"].flatMap { Base64.bytes(of: $0.word)?.count }
          guard count.map(Double.init) == sizes.reduce(1, *) else {
            throw reply.departure(clause: "15.2", expected: "one byte for each element of the frame")
          }
        }
        try conversation.expectRefusal(.badMessage, "render", #""env":7"#)
      }
    },
    Check("15.3", .batch, "render is needs_reset before the first reset, unknown_op without a mode") { examination in
      let modes = try examination.renderModes()
      let conversation = try examination.greet(
        features: [.render], #""want":{"render_mode":"\#(modes[0])"}"#, isFresh: true)
      if conversation.greeting?.value["render_mode"] == .string(modes[0]) {
        try conversation.expectRefusal(.needsReset, "render")
      }
      let drawing = try examination.greet(features: [.render], #""want":{"render_mode":"\#(modes[0])"}"#)
      if drawing.greeting?.value["render_mode"] == .string(modes[0]) { try examination.requireNothingDrawn(drawing) }
      let without = try examination.greet(features: [.render])
      guard [nil, .null].contains(without.greeting?.value["render_mode"]) else {
        throw without.departure(expected: "no mode if none was wanted", came: without.greeting?.text ?? "")
      }
      try without.reset()
      try without.expectRefusal(.unknownOperation, "render")
    },
    Check("15.4", .batch, "a wish for a size is granted or ignored, and the picture stays whole") { examination in
      for mode in try examination.renderModes() {
        let conversation = try examination.greet(features: [.render], #""want":{"render_mode":"\#(mode)"}"#)
        guard conversation.greeting?.value["render_mode"] == .string(mode) else { continue }
        try conversation.reset(#""seed":1"#)
        let usual = try conversation.ask("render").shape
        let strange = try conversation.ask("render", #""size":7"#)
        guard [nil, "bad_message"].contains(strange.code) else {
          throw strange.departure(clause: "15.4", expected: "a picture, or bad_message for a size of 7")
        }
        let sized = try conversation.ask("render", #""size":[24,36]"#)
        guard sized.code == nil else { throw sized.departure(clause: "15.4", expected: "a picture or a text") }
        guard let shape = sized.shape, shape != [24, 36, 3], shape != usual else { continue }
        throw sized.departure(clause: "15.4", expected: "a frame of 24 rows and 36 columns, or one of the usual size")
      }
    },
  ]
}

extension Reply {
  /// The sides of the frame in the reply; nil for a text.
  fileprivate var shape: [Double]? { value["frame"]?["shape"]?.elements.map { $0.compactMap(\.double) } }
}

extension Examination {
  /// Pictures between the steps change nothing, and one more can be had when the episode is over.
  fileprivate func requireNothingDrawn(_ conversation: Conversation) throws {
    if !facts.isNondeterministic {
      try establish(.episodes)
      let runs = try [false, true].map { isDrawn in
        var actions = actions(seed: 9)
        var replies = [try conversation.reset(#""seed":4"#)]
        for _ in 0..<8 {
          if isDrawn { _ = try conversation.ask("render") }
          let isOver = replies[replies.count - 1].isEnd
          replies.append(isOver ? try conversation.reset("") : try conversation.step(actions.next()))
        }
        return replies + [try conversation.reset("")]
      }
      try require(runs[1], equal: runs[0], "what came without pictures", restingOn: .episodes)
    }
    try conversation.reset()
    do { _ = try playToTheEnd(conversation) } catch is NotApplicable { return }
    let last = try conversation.ask("render")
    guard last.code == nil else {
      throw last.departure(clause: "15.3", expected: "a picture of the episode that is over")
    }
  }

  fileprivate func renderModes() throws -> [String] {
    try require(.render)
    guard !facts.renderModes.isEmpty else { throw NotApplicable("the server has no render modes") }
    return facts.renderModes
  }
}
