import CommandLineOptions
import Environments
import Kernels

/// (d) Dense layers of the sizes that occur, against NumPy's BLAS on one thread.
enum MatrixProducts {
  static let command = Command.benchmark(
    "matrices", summary: "Dense layers of the sizes that occur, against NumPy's BLAS on one thread.", run)

  private static let sizes = [
    (4000, 64, 64), (4000, 4, 64), (4000, 64, 2), (256, 64, 64), (16, 64, 64), (4000, 256, 256),
  ]

  static func run(_ report: Report) throws {
    let hasPeer = PythonEnvironment.install(["numpy"])
    var table = Table(
      name: "matrices", title: "Matrix products of float32 on one thread, GFLOP/s",
      columns: ["rows x inputs x outputs", "kernel, with the bias", "NumPy", "kernel / NumPy"])
    for (rows, inputs, outputs) in sizes {
      let operations = 2.0 * Double(rows * inputs * outputs)
      let repetitions = max(1, Int(2e9 / operations))
      let layer = Layer(rows: rows, inputs: inputs, outputs: outputs)
      var contestants = [
        Contest.Contestant(name: "kernel") {
          rate(of: repetitions) { for _ in 0..<repetitions { layer.multiply() } } * operations / 1e9
        }
      ]
      let peer =
        hasPeer ? try PythonPeer(script: "matrix_peer.py", ["\(rows)", "\(inputs)", "\(outputs)"]) : nil
      if let peer {
        table.notes = ["Against \(peer.version)."]
        contestants.append(
          .init(name: "NumPy") { Double(repetitions) * operations / 1e9 / (try peer.step(repetitions)) })
      }
      let contest = try Contest(rounds: report.rounds, contestants)
      table.rows.append([
        .text("\(rows)x\(inputs)x\(outputs)"), .spread(contest.rate(0)),
        peer == nil ? .text("") : .spread(contest.rate(1)), peer == nil ? .text("") : .spread(contest.ratio(0, to: 1)),
      ])
    }
    try report.add(table)
  }

  /// A dense layer with random numbers in memory of its own.
  private final class Layer {
    private let rows, inputs, outputs: Int
    private let input, weights, bias, output: FlatArray

    init(rows: Int, inputs: Int, outputs: Int) {
      (self.rows, self.inputs, self.outputs) = (rows, inputs, outputs)
      input = FlatArray(.float32, count: rows * inputs)
      weights = FlatArray(.float32, count: inputs * outputs)
      bias = FlatArray(.float32, count: outputs)
      output = FlatArray(.float32, count: rows * outputs)
      var generator = PCG64(seed: 0)
      for array in [input, weights, bias] {
        for index in 0..<array.count { array.set(Double.random(in: -1...1, using: &generator), at: index) }
      }
    }

    func multiply() {
      guard let x = input.floats?.baseAddress, let w = weights.floats?.baseAddress, let b = bias.floats?.baseAddress,
        let y = output.floats?.baseAddress
      else { return }
      Kernel.affine(x, rows: rows, inputSize: inputs, weights: w, bias: b, outputSize: outputs, into: y)
    }
  }
}
