import Environments
import Testing

extension ValueBatch {
  /// Fills every row of a Discrete or bounded Box with values drawn uniformly.
  func fillUniformly(using generator: inout PCG64) throws {
    let array = try #require(flat?.array)
    switch space {
    case .discrete(let discrete):
      for index in 0..<array.count {
        array.set(Int128(Int.random(in: discrete.start..<discrete.start + discrete.n, using: &generator)), at: index)
      }
    case .box(let box):
      let width = box.shape.elementCount
      for index in 0..<array.count {
        array.set(generator.uniform(box.low[index % width], box.high[index % width]), at: index)
      }
    default: Issue.record("there are no random values of \(space) yet")
    }
  }
}
