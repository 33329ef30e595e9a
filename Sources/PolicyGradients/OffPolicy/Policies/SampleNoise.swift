import Kernels

/// The normal numbers of one gradient step, drawn before the rows are cut into halves, so that no bit depends on timing.
final class SampleNoise {
  private let memory = [Memory<Float>(filledWith: 0), Memory<Float>(filledWith: 0)]

  /// Numbers for what is done on the next observations.
  var first: UnsafeMutablePointer<Float> { memory[0].pointer }
  /// Numbers for what is done on the observations.
  var second: UnsafeMutablePointer<Float> { memory[1].pointer }

  /// Draws `count` numbers of each.
  func draw(_ count: Int, using generator: inout some RandomNumberGenerator) {
    let pairs = (count + 1) / 2
    for memory in memory {
      memory.reserve(2 * pairs)
      let uniforms = memory.pointer
      for index in 0..<pairs {
        // Two numbers of 24 bits, as many as a float holds, from one draw; the first is above 0.
        let bits = generator.next()
        uniforms[index] = (Float(bits >> 40) + 1) * 0x1p-24
        uniforms[pairs + index] = Float(bits >> 16 & 0xFF_FFFF) * 0x1p-24
      }
      Kernel.normalNumbers(uniforms, pairs: pairs, into: uniforms)
    }
  }
}
