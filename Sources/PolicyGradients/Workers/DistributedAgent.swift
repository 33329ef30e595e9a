import Environments

/// An agent that copies of it can act for, elsewhere: it learns from their steps as if they were its own.
///
/// A copy acts by the ``policyParts`` and draws from the ``streamParts(_:)`` of its streams. With both it draws the very
/// actions that this agent would have drawn.
public protocol DistributedAgent: Agent {
  /// What a copy needs to act by the policy as it is now; only an update changes it.
  var policyParts: [Part] { get }

  /// Whether steps by policies of several versions are learned from, so that no copy has to wait for another.
  var mixesVersions: Bool { get }

  /// Called in a copy that is about to act for an order.
  func beginRollout()

  /// Called in a copy when an episode of a stream is over, or lost.
  func endEpisode(_ stream: Int)

  /// What belongs to some streams alone and changes as they act, such as their random numbers.
  func streamParts(_ streams: Range<Int>) -> [Part]

  /// What beside the actions has to be kept of the last act of some streams, valid until the next one.
  func drawn(_ streams: Range<Int>) -> UnsafeBufferPointer<Float>

  /// Takes over actions that a copy has chosen; ``Agent/takeIn(_:)-(Transitions)`` with what came of them follows.
  ///
  /// - Parameters:
  ///   - observations: streams × width numbers.
  ///   - masks: which choices were legal, streams × the task's mask width; nil where no masks come.
  ///   - actions: streams × action width.
  ///   - drawn: what the copy's ``drawn(_:)`` was; nothing for a step that was lost.
  ///   - version: how many updates the policy had behind it that has chosen them.
  func record(
    _ streams: Range<Int>, on observations: UnsafePointer<Float>, masks: UnsafePointer<UInt8>?,
    actions: UnsafePointer<Float>, drawn: UnsafeBufferPointer<Float>, version: Int
  ) throws(TrainingError)
}

extension Part {
  /// The action noise of some streams out of all.
  static func actionNoise(
    of streams: Range<Int>, get: @escaping () -> [PCG64], replace: @escaping (Range<Int>, [PCG64]) -> Void
  ) -> Part {
    .generators("action noise") {
      Array(get()[streams])
    } set: { generators throws(TrainingError) in
      guard generators.count == streams.count else {
        throw .unusablePart("action noise", "it is of \(generators.count) streams instead of \(streams.count)")
      }
      replace(streams, generators)
    }
  }

  /// The numbers of the part, on their way to a copy.
  public var numbers: PartNumbers {
    let state = state()
    var numbers = PartNumbers(name)
    numbers.counts = state.counts ?? []
    numbers.doubles = state.doubles ?? []
    numbers.floats = (state.floats ?? []).map(\.numbers)
    numbers.words = state.words ?? []
    return numbers
  }
}

extension [Part] {
  /// Takes over numbers that have come from elsewhere, every part of them by its name.
  func restore(_ numbers: [PartNumbers]) throws(TrainingError) {
    for part in self {
      guard let own = numbers.first(where: { $0.name == part.name }) else {
        throw .unusablePart(part.name, "it is missing", of: "state that was sent")
      }
      let state = PartState(
        counts: own.counts, doubles: own.doubles, floats: own.floats.map { FloatBlock($0) }, words: own.words)
      do throws(TrainingError) { try part.restore(state) } catch {
        guard case .unusableFile(_, let reason) = error else { throw error }
        throw .unusableFile(what: "state that was sent", reason: reason)
      }
    }
  }
}
