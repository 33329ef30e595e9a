/// What has been experienced, in a ring of rows, to be learned from again and again.
///
/// An observation is stored once. The observation after a transition is that of the next row of its lane: an ended episode's
/// final observation has a row of its own, on which no action follows. So nothing is ever inferred from another episode, and
/// a million transitions of CartPole take 25 MB. All rows are in one allocation, array by array; its pages cost memory when
/// they are first written.
///
/// Lin 1992, "Self-Improving Reactive Agents Based on Reinforcement Learning, Planning and Teaching".
public final class ReplayBuffer {
  /// What follows an observation.
  enum Kind: UInt8 {
    /// No action: the observation is final, or still waits for its action.
    case none
    /// An action, and then the next row's observation in the same episode.
    case transition
    /// An action that terminated the episode; the next row has its final observation, which is worth nothing.
    case terminated
    /// An action after which the episode was cut; the next row has its final observation, whose worth has to be estimated.
    case cut
  }

  /// What rows hold.
  public let layout: ReplayLayout
  /// The number of transitions that can be sampled.
  @exclusivity(unchecked) public internal(set) var count = 0

  let memory: UnsafeMutableRawPointer
  let offsets: [Int]
  let kinds: UnsafeMutablePointer<UInt8>
  let rewards: UnsafeMutablePointer<Float>
  let actions: UnsafeMutablePointer<Float>
  let masks: UnsafeMutablePointer<UInt8>
  let distributions: UnsafeMutablePointer<Float>
  let lanes: Memory<Lane>
  /// The priorities of the rows, if sampling goes by them.
  var priorities: PriorityTree?

  /// Where a lane stands.
  struct Lane: BitwiseCopyable {
    /// The row of the latest observation, which waits for its action or is final.
    var head = 0
    /// How many rows have been written, up to all.
    var filled = 0
  }

  /// Makes an empty replay.
  ///
  /// - Throws: ``TrainingError/unusableSetting(name:value:requirement:)`` where it would not fit into the address space.
  public init(_ layout: ReplayLayout, isPrioritized: Bool = false) throws(TrainingError) {
    guard let bytes = layout.bytes else {
      throw .unusableSetting(
        name: "replay-size", value: "\(layout.rows)", requirement: "so small that it fits into memory")
    }
    self.layout = layout
    var offsets: [Int] = []
    var position = 0
    for size in layout.rowSizes {
      offsets.append(position)
      position += (size * layout.rows + 63) / 64 * 64
    }
    self.offsets = offsets
    memory = .allocate(byteCount: max(bytes, 64), alignment: 64)
    actions = (memory + offsets[1]).bindMemory(to: Float.self, capacity: layout.rows * layout.actionWidth)
    rewards = (memory + offsets[2]).bindMemory(to: Float.self, capacity: layout.rows)
    kinds = (memory + offsets[3]).bindMemory(to: UInt8.self, capacity: layout.rows)
    masks = (memory + offsets[4]).bindMemory(to: UInt8.self, capacity: layout.rows * layout.maskWidth)
    distributions = (memory + offsets[5]).bindMemory(to: Float.self, capacity: layout.rows * layout.distributionWidth)
    kinds.initialize(repeating: Kind.none.rawValue, count: layout.rows)
    lanes = Memory(count: layout.lanes, filledWith: Lane())
    priorities = isPrioritized ? PriorityTree(count: layout.rows) : nil
  }

  deinit { memory.deallocate() }

  /// The bytes that a full replay takes.
  public var capacityInBytes: Int { (layout.bytes ?? 0) + (priorities?.bytes ?? 0) }

  /// Begins an episode with an observation that waits for its action.
  ///
  /// A running episode is cut at its latest observation.
  public func begin(
    lane: Int, _ observation: UnsafePointer<Float>, mask: UnsafePointer<UInt8>? = nil
  ) {
    append(lane, observation, mask)
  }

  /// Records the action on the lane's latest observation and what came of it.
  ///
  /// - Parameters:
  ///   - next: the observation after the action; that of the ended episode if it has ended.
  ///   - nextMask: what is legal on `next`; nil for everything.
  ///   - distribution: the parameters that the action was drawn from, where the layout keeps them.
  public func record(
    lane: Int, action: UnsafePointer<Float>, reward: Float, end: EpisodeEnd, next: UnsafePointer<Float>,
    nextMask: UnsafePointer<UInt8>? = nil, distribution: UnsafePointer<Float>? = nil
  ) {
    guard lanes[lane].filled > 0 else { return }
    let row = lane * layout.rowsPerLane + lanes[lane].head
    (actions + row * layout.actionWidth).update(from: action, count: layout.actionWidth)
    rewards[row] = reward
    if let distribution {
      (distributions + row * layout.distributionWidth).update(from: distribution, count: layout.distributionWidth)
    }
    let kind: Kind =
      switch end {
      case .none: .transition
      case .terminated: .terminated
      case .truncated: .cut
      }
    kinds[row] = kind.rawValue
    count += 1
    priorities?.insert(row)
    append(lane, next, nextMask)
  }

  /// Tells what is legal on the lane's latest observation, where that was not known when it came.
  func setLatestMask(lane: Int, _ mask: UnsafePointer<UInt8>) {
    let row = lane * layout.rowsPerLane + lanes[lane].head
    (masks + row * layout.maskWidth).update(from: mask, count: layout.maskWidth)
  }

  /// Writes an observation behind the latest of a lane, over the oldest row when the lane is full.
  private func append(_ lane: Int, _ observation: UnsafePointer<Float>, _ mask: UnsafePointer<UInt8>?) {
    var place = lanes[lane]
    place.head = place.filled == 0 ? 0 : (place.head + 1) % layout.rowsPerLane
    place.filled = max(place.filled, place.head + 1)
    lanes[lane] = place
    let row = lane * layout.rowsPerLane + place.head
    if kinds[row] != Kind.none.rawValue {
      kinds[row] = Kind.none.rawValue
      count -= 1
      priorities?.remove(row)
    }
    // What is not known yet is 0 and not what the memory held, because all of a row goes into the file.
    (actions + row * layout.actionWidth).update(repeating: 0, count: layout.actionWidth)
    (distributions + row * layout.distributionWidth).update(repeating: 0, count: layout.distributionWidth)
    rewards[row] = 0
    let width = layout.observationWidth
    if layout.hasByteObservations {
      let target = memory.assumingMemoryBound(to: UInt8.self) + row * width
      for index in 0..<width { target[index] = UInt8(max(0, min(255, observation[index]))) }
    } else {
      (memory.assumingMemoryBound(to: Float.self) + row * width).update(from: observation, count: width)
    }
    guard layout.maskWidth > 0 else { return }
    let target = masks + row * layout.maskWidth
    if let mask {
      target.update(from: mask, count: layout.maskWidth)
    } else {
      target.update(repeating: 1, count: layout.maskWidth)
    }
  }

  /// The row after `row` in its lane.
  @inline(__always)
  func following(_ row: Int) -> Int {
    (row + 1) % layout.rowsPerLane == 0 ? row + 1 - layout.rowsPerLane : row + 1
  }

  /// Writes a row's observation as floats.
  @inline(__always)
  func copyObservation(_ row: Int, into target: UnsafeMutablePointer<Float>) {
    let width = layout.observationWidth
    if layout.hasByteObservations {
      let source = memory.assumingMemoryBound(to: UInt8.self) + row * width
      for index in 0..<width { target[index] = Float(source[index]) }
    } else {
      target.update(from: memory.assumingMemoryBound(to: Float.self) + row * width, count: width)
    }
  }
}
