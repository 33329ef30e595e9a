import CommandLineOptions
import Environments
import Kernels

/// (d) Dense layers of the sizes that occur, forward and both gradients, against NumPy's BLAS on one thread.
enum MatrixProducts {
  static let command = Command(
    "matrices", summary: "Dense layers of the sizes that occur, against NumPy's BLAS on one thread.",
    groups: [Report.group, OptionGroup("Instructions", instructions)]
  ) { arguments in
    try run(Report(arguments), arguments[instructions])
    return 0
  }

  static let instructions = Option(
    "instructions",
    .choice([("best", KernelVariant.best), ("avx512", .avx512), ("avx2", .avx2), ("portable", .portable)]),
    default: .best,
    help: "What the kernels are held to; with avx2, NumPy's BLAS is held to it too. NumPy's other settings are its own."
  )

  private static let sizes = [
    (4000, 64, 64), (4000, 4, 64), (4000, 64, 2), (256, 64, 64), (100, 64, 64), (16, 64, 64), (64, 256, 256),
    (256, 256, 256), (4000, 256, 256), (64, 400, 300), (256, 400, 300), (4000, 400, 300),
  ]

  static func run(_ report: Report, _ variant: KernelVariant = .best) throws {
    guard variant.isAvailable else { throw BenchmarkError("this processor has no such instructions") }
    let hasPeer = PythonEnvironment.install(["numpy"])
    var table = Table(
      name: "matrices", title: "Matrix products of float32 on one thread, GFLOP/s",
      columns: ["rows x inputs x outputs", "product", "kernel", "NumPy", "kernel / NumPy"])
    for (rows, inputs, outputs) in sizes {
      let layer = Layer(rows: rows, inputs: inputs, outputs: outputs, variant)
      for product in Product.allCases {
        let operations = 2.0 * Double(rows * inputs * outputs)
        let repetitions = max(1, Int(2e9 / operations))
        var contestants = [
          Contest.Contestant(name: "kernel") {
            rate(of: repetitions) { for _ in 0..<repetitions { layer.multiply(product) } } * operations / 1e9
          }
        ]
        var words = ["\(rows)", "\(inputs)", "\(outputs)", product.rawValue]
        if variant == .avx2 { words.append("Haswell") }
        let peer = hasPeer ? try PythonPeer(script: "matrix_peer.py", words) : nil
        if let peer {
          table.notes = ["Against \(peer.version). The kernels add the bias, and their gradients to what was there."]
          contestants.append(
            .init(name: "NumPy") { Double(repetitions) * operations / 1e9 / (try peer.step(repetitions)) })
        }
        let contest = try Contest(rounds: report.rounds, contestants)
        table.rows.append([
          .text("\(rows)x\(inputs)x\(outputs)"), .text(product.title), .spread(contest.rate(0)),
          peer == nil ? .text("") : .spread(contest.rate(1)),
          peer == nil ? .text("") : .spread(contest.ratio(0, to: 1)),
        ])
      }
    }
    try report.add(table)
  }

  /// The three products of a dense layer.
  private enum Product: String, CaseIterable {
    case forward, inputGradient, weightGradient

    var title: String {
      switch self {
      case .forward: "forward"
      case .inputGradient: "gradient of the input"
      case .weightGradient: "gradient of the weights"
      }
    }
  }

  /// A dense layer with random numbers in memory of its own.
  private final class Layer {
    private let rows, inputs, outputs: Int
    private let variant: KernelVariant
    private let input, weights, bias, output, inputGradient, weightGradient, biasGradient: FlatArray

    init(rows: Int, inputs: Int, outputs: Int, _ variant: KernelVariant) {
      (self.rows, self.inputs, self.outputs, self.variant) = (rows, inputs, outputs, variant)
      input = FlatArray(.float32, count: rows * inputs)
      weights = FlatArray(.float32, count: inputs * outputs)
      bias = FlatArray(.float32, count: outputs)
      output = FlatArray(.float32, count: rows * outputs)
      inputGradient = FlatArray(.float32, count: rows * inputs)
      weightGradient = FlatArray(.float32, count: inputs * outputs)
      biasGradient = FlatArray(.float32, count: outputs)
      var generator = PCG64(seed: 0)
      for array in [input, weights, bias] {
        for index in 0..<array.count { array.set(Double.random(in: -1...1, using: &generator), at: index) }
      }
    }

    func multiply(_ product: Product) {
      guard let x = input.floats?.baseAddress, let w = weights.floats?.baseAddress, let b = bias.floats?.baseAddress,
        let y = output.floats?.baseAddress, let dx = inputGradient.floats?.baseAddress,
        let dw = weightGradient.floats?.baseAddress, let db = biasGradient.floats?.baseAddress
      else { return }
      switch product {
      case .forward:
        Kernel.affine(
          x, rows: rows, inputSize: inputs, weights: w, bias: b, outputSize: outputs, into: y, variant: variant)
      case .inputGradient:
        Kernel.affineInputGradient(
          y, rows: rows, outputSize: outputs, weights: w, inputSize: inputs, into: dx, variant: variant)
      case .weightGradient:
        Kernel.accumulateAffineParameterGradient(
          y, rows: rows, outputSize: outputs, input: x, inputSize: inputs, weightGradient: dw, biasGradient: db,
          variant: variant)
      }
    }
  }
}
