/// The reusable memory of one network's passes: each layer's outputs, and the gradients on their way back.
///
/// One object serves one network at a time. It grows to the largest number of rows that it has seen and then allocates
/// nothing; use one for acting and another for training, so that neither disturbs the other. Pointers that a pass returns
/// are valid while this object lives, so keep it in a stored property.
public final class Activations {
  /// The number of rows of the latest forward pass.
  public private(set) var rows = 0

  private var capacity = 0
  private var sizes: [Int] = []
  private var outputs: [FloatStorage] = []
  private var gradients: [FloatStorage] = []

  /// Makes an empty workspace, which takes its sizes from the first pass.
  public init() {}

  func prepare(for network: MLP, rows: Int) {
    self.rows = rows
    guard rows > capacity || network.sizes != sizes else { return }
    capacity = Swift.max(rows, network.sizes == sizes ? capacity : 0)
    sizes = network.sizes
    outputs = network.layers.map { FloatStorage(count: capacity * $0.outputSize) }
    gradients = network.layers.map { FloatStorage(count: capacity * $0.outputSize) }
  }

  func output(_ layer: Int) -> UnsafeMutablePointer<Float> {
    outputs[layer].pointer
  }

  func gradient(_ layer: Int) -> UnsafeMutablePointer<Float> {
    gradients[layer].pointer
  }
}
