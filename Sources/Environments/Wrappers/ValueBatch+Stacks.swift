extension ValueBatch {
  /// Writes a value to every place of a stack.
  func fill(_ row: Int, of values: ValueBatch, frames: Int) {
    forEachArray(values) { stack, width, value in
      for frame in 0..<frames { stack.copy(value, from: row * width, count: width, at: (row * frames + frame) * width) }
    }
  }

  /// Moves a stack on by one, and writes a value to its last place.
  func push(_ row: Int, of values: ValueBatch, frames: Int) {
    forEachArray(values) { stack, width, value in
      let first = row * frames * width
      stack.copy(stack, from: first + width, count: (frames - 1) * width, at: first)
      stack.copy(value, from: row * width, count: width, at: first + (frames - 1) * width)
    }
  }

  private func forEachArray(_ values: ValueBatch, _ body: (FlatArray, _ width: Int, FlatArray) -> Void) {
    switch (storage, values.storage) {
    case (.flat(let stack, _), .flat(let value, let width)): body(stack, width, value)
    case (.members(let stacks), .members(let members)):
      for (stack, member) in zip(stacks, members) { stack.forEachArray(member, body) }
    default: preconditionFailure("a stack has the structure of its values")
    }
  }
}
