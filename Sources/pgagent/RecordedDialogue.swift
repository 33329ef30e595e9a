import Environments
import Gymwire
import PolicyGradients

/// One recorded dialogue on its way into an agent, line by line, in the format of protocol/transcripts/README.md.
struct RecordedDialogue {
  /// What is wrong with a line, as a clause.
  struct FormatError: Error, CustomStringConvertible { let description: String }

  /// What takes in the episodes of a number of sub-environments with some spaces.
  typealias Receiver = (Space, Space, Int) throws(TrainingError) -> RecordedExperience

  private var conversation = RecordedConversation()
  private let receiver: Receiver
  private var greeting: RecordedConversation.Greeting?
  private var experience: RecordedExperience?
  // Whether the server has been started anew, and has not said hello since.
  private var isAnew = false

  init(_ receiver: @escaping Receiver) { self.receiver = receiver }

  /// How many steps have been given to the agent.
  var steps: Int { experience?.steps ?? 0 }
  /// How many episodes.
  var episodes: Int { experience?.episodes ?? 0 }

  /// Reads a line without its end; `number` counts from 1.
  mutating func read(_ line: UnsafeRawBufferPointer, _ number: Int) throws {
    if line.elementsEqual("! restart".utf8) { return try restart() }
    switch (line.first, line.dropFirst().first) {
    case (nil, _), (UInt8(ascii: "#"), _), (UInt8(ascii: "$"), _), (UInt8(ascii: "!"), _): break
    case (UInt8(ascii: ">"), UInt8(ascii: " ")):
      try conversation.read(request: UnsafeRawBufferPointer(rebasing: line.dropFirst(2)), at: number)
    case (UInt8(ascii: "<"), UInt8(ascii: " ")):
      try take(conversation.read(reply: UnsafeRawBufferPointer(rebasing: line.dropFirst(2)), at: number))
    case (UInt8(ascii: ">"), UInt8(ascii: ">")):
      throw FormatError(description: "bytes that are no line of their own are not learned from")
    default: throw FormatError(description: "it begins with none of #, $, >, < and !")
    }
  }

  private mutating func take(_ event: RecordedConversation.Event) throws {
    switch event {
    case .nothing: break
    case .greeted(let greeting): try greet(greeting)
    case .begun(let indices): try experience?.begin(indices, conversation.outcome)
    case .stepped: try experience?.step(conversation.actions, conversation.outcome)
    case .ended: try takeSessions()
    case .failed(let indices): try experience?.cut(indices)
    }
  }

  /// Takes the sessions of a learner that are over.
  private mutating func takeSessions() throws {
    while let event = conversation.playNext() { try take(event) }
  }

  private mutating func greet(_ new: RecordedConversation.Greeting) throws {
    guard let greeting else {
      greeting = new
      experience = try receiver(new.observationSpace, new.actionSpace, new.count)
      return
    }
    guard isAnew else { throw FormatError(description: "it is a second hello") }
    guard new == greeting else {
      throw FormatError(description: "the server that was started anew describes another task than the one before")
    }
    isAnew = false
  }

  /// What was under way ends where it was seen last, and another conversation begins.
  private mutating func restart() throws {
    try finish()
    (conversation, isAnew) = (RecordedConversation(), true)
  }

  /// Gives the agent what is still under way.
  mutating func finish() throws {
    conversation.finish()
    try takeSessions()
    try experience?.finish()
  }
}
