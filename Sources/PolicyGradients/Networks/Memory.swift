/// Numbers in memory of their own, which grows and never shrinks, so that the steady state allocates nothing.
final class Memory<Element: BitwiseCopyable> {
  // One thread at a time uses it, so the fields need no checks for overlapping accesses.
  @exclusivity(unchecked) private(set) var count: Int
  @exclusivity(unchecked) private(set) var pointer: UnsafeMutablePointer<Element>
  private let filler: Element

  init(count: Int = 0, filledWith filler: Element) {
    self.count = count
    self.filler = filler
    pointer = .allocate(capacity: max(count, 1))
    pointer.initialize(repeating: filler, count: max(count, 1))
  }

  deinit { pointer.deallocate() }

  subscript(index: Int) -> Element {
    get { pointer[index] }
    set { pointer[index] = newValue }
  }

  /// Makes room for at least `wanted` elements and keeps those that are there; pointers taken before are void.
  func reserve(_ wanted: Int) {
    guard wanted > count else { return }
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: wanted)
    larger.initialize(from: pointer, count: count)
    (larger + count).initialize(repeating: filler, count: wanted - count)
    pointer.deallocate()
    pointer = larger
    count = wanted
  }
}
