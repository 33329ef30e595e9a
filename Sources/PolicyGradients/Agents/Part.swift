import Environments
import NeuralNetworks

/// Something of an agent that has to be kept: numbers that are learned, an optimiser, statistics, random numbers, a buffer.
///
/// A checkpoint, the roll-back of an update that went wrong, and whoever else keeps an agent or moves it go over its parts.
public struct Part {
  /// The name, unlike that of every other part of the agent.
  public let name: String
  /// The numbers that an update changes and may ruin; nil where the part has none.
  public let parameters: Parameters?
  /// What is kept in a file of its own; nil where the state is small.
  public let file: (any FilePart)?
  /// The state as it is.
  public let state: () -> PartState
  /// Goes back to a state; throws a sentence where it does not fit.
  public let restore: (PartState) throws(TrainingError) -> Void

  private init(
    _ name: String, parameters: Parameters? = nil, file: (any FilePart)? = nil, state: @escaping () -> PartState,
    restore: @escaping (PartState) throws(TrainingError) -> Void
  ) {
    (self.name, self.parameters, self.file, self.state, self.restore) = (name, parameters, file, state, restore)
  }

  /// Anything whose state is a few arrays.
  public static func state(
    _ name: String, get: @escaping () -> PartState, set: @escaping (PartState) throws(TrainingError) -> Void
  ) -> Part {
    Part(name, state: get, restore: set)
  }

  /// Numbers that are learned.
  public static func parameters(_ name: String, _ parameters: Parameters) -> Part {
    Part(name, parameters: parameters) {
      PartState(floats: [FloatBlock(parameters.array)])
    } restore: { state throws(TrainingError) in
      let numbers = try state.floats(count: 1, of: name)[0].numbers
      do { try parameters.load(numbers) } catch { throw .unusablePart(name, "\(error)") }
    }
  }

  /// An optimiser.
  public static func optimizer(_ name: String, _ optimizer: any Optimizer) -> Part {
    Part(name) {
      let state = optimizer.state
      return PartState(
        kind: state.optimizer, counts: [state.stepCount], floats: state.moments.map { FloatBlock($0) })
    } restore: { state throws(TrainingError) in
      let restored = OptimizerState(
        optimizer: state.kind ?? "nothing", stepCount: try state.counts(count: 1, of: name)[0],
        moments: (state.floats ?? []).map(\.numbers))
      do { try optimizer.restore(restored) } catch { throw .unusablePart(name, "\(error)") }
    }
  }

  /// Streams of random numbers; `set` is given as many as were kept.
  public static func generators(
    _ name: String, get: @escaping () -> [PCG64], set: @escaping ([PCG64]) throws(TrainingError) -> Void
  ) -> Part {
    Part(name) {
      PartState(words: get().map(\.words))
    } restore: { state throws(TrainingError) in
      let words = state.words ?? []
      let generators = words.compactMap { PCG64(words: $0) }
      guard generators.count == words.count else {
        throw .unusablePart(name, "the states of its random number generators are damaged")
      }
      try set(generators)
    }
  }

  /// A number that counts something.
  public static func count(_ name: String, get: @escaping () -> Int, set: @escaping (Int) -> Void) -> Part {
    Part(name) {
      PartState(counts: [get()])
    } restore: { state throws(TrainingError) in
      set(try state.counts(count: 1, of: name)[0])
    }
  }

  /// Something large, which a checkpoint keeps in a binary file beside it.
  public static func file(_ name: String, _ file: any FilePart) -> Part {
    Part(name, file: file, state: { PartState() }, restore: { (_) throws(TrainingError) in })
  }
}

/// A part that is kept in a binary file of its own.
public protocol FilePart: AnyObject {
  /// Writes the whole content, piece by piece; throws what `sink` throws.
  func write<Failure: Error>(to sink: (UnsafeRawBufferPointer) throws(Failure) -> Void) throws(Failure)
  /// Reads the whole content, piece by piece; `source` fills a piece, or throws where the file has less.
  ///
  /// - Throws: what `source` throws, and ``TrainingError`` for a content that does not fit.
  func read(from source: (UnsafeMutableRawBufferPointer) throws(TrainingError) -> Void) throws(TrainingError)
}

extension TrainingError {
  static func unusablePart(_ name: String, _ reason: String, of what: String = "checkpoint") -> TrainingError {
    .unusableFile(what: what, reason: "its \(name) does not fit: \(reason)")
  }
}
