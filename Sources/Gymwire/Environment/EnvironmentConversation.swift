import Drawing
import Environments
import JSONLines

/// The server's side of one conversation about an environment.
public final class EnvironmentConversation: ServerConversation {
  private let batch: any EnvironmentBatch
  @exclusivity(unchecked) private(set) var hosted: HostedEnvironments
  /// How many sub-environments a reply's pieces hold; nil if replies are sent as a whole.
  private(set) var rowsPerPiece: Int?
  private var renderMode: RenderMode?

  /// Begins a conversation about the sub-environments of `batch`.
  ///
  /// - Parameters:
  ///   - serverName: the name of the server's software, told in hello.
  ///   - features: those that may be switched on, where the environments can do what they ask for.
  public init(
    serving batch: any EnvironmentBatch,
    serverName: String,
    features: [Feature] = [.batch, .b64, .mask, .render, .about, .state]
  ) {
    self.batch = batch
    hosted = HostedEnvironments(batch, count: 1, isBatched: false, isMasked: false)
    let possible = features.filter { feature in
      switch feature {
      case .batch, .b64: true
      case .mask: batch.offersMasks
      case .render: batch.framesPerSecond != nil
      case .about: batch.spec.about != EnvironmentDescription()
      case .state: batch.offersStates
      case .session: false
      }
    }
    super.init(role: .env, serverName: serverName, features: possible)
  }

  override func answerUsual(_ line: UnsafeRawBufferPointer, id: inout Int64?) throws(ErrorReply) -> Bool {
    let hosted = hosted
    guard let usual = hosted.readUsualActions(line, as: form) else { return false }
    id = usual
    try requireEpisodes(of: hosted)
    try step(hosted, id: usual)
    return true
  }

  override func perform(_ name: String, _ members: Request.Members, id: Int64) throws(ErrorReply) -> Bool {
    guard let operation = EnvironmentOperation(rawValue: name) else { return false }
    switch operation {
    case .render:
      guard let renderMode else { return false }
      hasEffect = false
      try render(RenderRequest(members, count: hosted.count), renderMode, id: id)
    case .snapshot, .restore:
      guard features.contains(.state) else { return false }
      let index = try members.environment.index(below: hosted.count)
      if operation == .restore {
        try hosted.restore(index, to: RestoreRequest.state(members))
        EmptyReply().write(id: id, to: &reply)
      } else {
        hasEffect = false
        SnapshotReply.write(try hosted.state(of: index), id: id, to: &reply)
      }
    case .step:
      var request = StepRequest(hosted.actions, rows: 0..<hosted.count, form: form)
      try request.readMembers(members)
      try requireGreeting()
      try requireEpisodes(of: hosted)
      try request.readValues(members)
      try step(hosted, id: id)
    case .reset:
      let indices = try ResetPlan.indices(members, count: hosted.count, isBatched: form.isBatched)
      try requireGreeting()
      try reset(hosted, indices, members, id: id)
    }
    return true
  }

  override func prepare(_ answer: inout HelloReply, for hello: HelloRequest) throws(ErrorReply) {
    answer.spec = batch.spec
    answer.observationSpace = batch.observationSpace
    answer.actionSpace = batch.actionSpace
    if features.contains(.render) {
      answer.renderModes = RenderMode.allCases
      answer.renderMode = hello.wantedRenderMode
      answer.framesPerSecond = batch.framesPerSecond
      renderMode = answer.renderMode
    }
    let isMasked = features.contains(.mask)
    let wanted = form.isBatched ? hello.wantedEnvironments ?? 1 : 1
    answer.environmentCount = batch.resize(
      to: GrantedEnvironments.count(
        wanted: wanted, of: batch.observationSpace, maskWidth: isMasked ? batch.actionSpace.maskWidth : 0,
        longestLine: greatestReply)
    )
    hosted = HostedEnvironments(
      batch, count: answer.environmentCount, isBatched: form.isBatched, isMasked: isMasked)
    rowsPerPiece = ReplyPieces.rows(
      of: hosted.outcome, form: form, longestReply: greatestReply, neverFails: batch.neverFails)
  }

  private func reset(
    _ hosted: HostedEnvironments, _ indices: [Int], _ members: Request.Members, id: Int64
  ) throws(ErrorReply) {
    guard indices.count == hosted.count || hosted.hasBegun else {
      throw ErrorReply(.needsReset, "the first reset has to address all \(hosted.count) sub-environments")
    }
    try hosted.reset(indices, ResetPlan(members, indices: indices, isBatched: form.isBatched))
    ResetReply(hosted.outcome, rows: 0..<indices.count, form: form, isMasked: hosted.isMasked)
      .write(id: id, to: &reply)
  }

  private func render(_ request: RenderRequest, _ mode: RenderMode, id: Int64) throws(ErrorReply) {
    guard hosted.hasBegun else { throw ErrorReply(.needsReset, "no episode has begun: send reset before render") }
    let scene = batch.scene(of: request.environment) ?? Scene(horizontal: 0...1, vertical: 0...1)
    let size = request.size ?? .usual(mode)
    let rendering: Rendering =
      switch mode {
      case .frame: .frame(Rasterizer.draw(scene, width: size.columns, height: size.rows))
      case .text: .text(BrailleText.draw(scene, columns: size.columns, rows: size.rows))
      }
    RenderReply.write(rendering, id: id, to: &reply)
  }

  private func requireEpisodes(of hosted: HostedEnvironments) throws(ErrorReply) {
    if hosted.isReady { return }
    let index = hosted.needsReset.min().map { Double($0) } ?? 0
    throw ErrorReply(
      .needsReset,
      "no episode is running: send reset before step",
      data: form.isBatched ? ["env": .number(index)] : [:]
    )
  }

  /// Applies the actions that have been read.
  private func step(_ hosted: HostedEnvironments, id: Int64) throws(ErrorReply) {
    let rows = 0..<hosted.count
    if let (row, reason) = hosted.actions.violation(in: rows) {
      throw ErrorReply(.badAction, "action \(reason)", data: ["env": .number(Double(row))])
    }
    try hosted.step()
    StepReply(hosted.outcome, rows: rows, form: form, isMasked: hosted.isMasked).write(id: id, to: &reply)
  }
}
