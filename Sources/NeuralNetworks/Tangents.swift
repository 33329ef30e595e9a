/// The reusable memory of one network's passes of tangents; it grows to its largest use and then allocates nothing.
public final class Tangents {
  private var capacity = 0
  private var sizes: [Int] = []
  private var outputs: [FloatStorage] = []
  private var partStorage = FloatStorage(count: 0)
  private var zeroStorage = FloatStorage(count: 0)

  /// Makes an empty workspace, which takes its sizes from the first pass.
  public init() {}

  func prepare(for network: MLP, rows: Int) {
    guard rows > capacity || network.sizes != sizes else { return }
    capacity = max(rows, network.sizes == sizes ? capacity : 0)
    sizes = network.sizes
    outputs = network.layers.map { FloatStorage(count: capacity * $0.outputSize) }
    let widest = network.layers.map(\.outputSize).max() ?? 0
    partStorage = FloatStorage(count: capacity * widest)
    zeroStorage = FloatStorage(count: widest)
  }

  func output(_ layer: Int) -> UnsafeMutablePointer<Float> { outputs[layer].pointer }
  /// What one of the two sums gives.
  var part: UnsafeMutablePointer<Float> { partStorage.pointer }
  /// The bias of a layer that has none.
  var zeros: UnsafePointer<Float> { UnsafePointer(zeroStorage.pointer) }
}
