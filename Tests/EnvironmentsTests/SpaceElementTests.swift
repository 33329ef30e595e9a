import Environments
import Testing

@Suite("Swift types are values of spaces")
struct SpaceElementTests {
  @Test(
    "an Int is a value of a Discrete of any integer type",
    arguments: ScalarType.allCases.filter { !$0.isFloatingPoint && $0 != .bool }
  )
  func integers(type: ScalarType) throws {
    let batch = ValueBatch(.discrete(Discrete(100, start: 1, type: type)), count: 2)
    try 99.store(in: batch, row: 1)
    try 5.store(in: batch, row: 0)
    #expect(try Int.load(from: batch, row: 1) == 99)
    #expect(try Int.load(from: batch, row: 0) == 5)
  }

  @Test("the greatest and least Int are values of an int64 Discrete", arguments: [Int.min, -1, Int.max])
  func extremes(value: Int) throws {
    let batch = ValueBatch(.discrete(Discrete(1, start: value)), count: 1)
    try value.store(in: batch, row: 0)
    #expect(try Int.load(from: batch, row: 0) == value)
  }

  @Test("an array of numbers is a value of a Box of their type")
  func arrays() throws {
    try roundTrip([1.5, -2, 0.1] as [Float])
    try roundTrip([1.5, -2, 0.1])
    try roundTrip([.min, 0, .max] as [Int64])
    try roundTrip([.min, 0, .max] as [Int32])
    try roundTrip([.min, 0, .max] as [Int8])
    try roundTrip([.min, 7, .max] as [UInt8])
  }

  private func roundTrip<Number: SpaceNumber & Equatable>(_ numbers: [Number]) throws {
    let box = Box(shape: [3, 1], type: Number.scalarType, low: .same(-.infinity), high: .same(.infinity))
    let batch = ValueBatch(.box(box), count: 2)
    try numbers.store(in: batch, row: 1)
    try Array(numbers.reversed()).store(in: batch, row: 0)
    #expect(try [Number].load(from: batch, row: 1) == numbers)
    #expect(try [Number].load(from: batch, row: 0) == numbers.reversed())
  }

  @Test("a Swift type that cannot hold the space is refused by name")
  func misfits() {
    let box = ValueBatch(.box(Box(shape: [2], low: .same(0), high: .same(1))), count: 1)
    let discrete = ValueBatch(.discrete(Discrete(2)), count: 1)
    let text = ValueBatch(.text(Text(maximumLength: 2)), count: 1)
    for batch in [box, text] {
      #expect(throws: EnvironmentError.self) { try 1.store(in: batch, row: 0) }
      #expect(throws: EnvironmentError.self) { try Int.load(from: batch, row: 0) }
      #expect(throws: EnvironmentError.self) { try [1.0, 2.0].store(in: batch, row: 0) }
      #expect(throws: EnvironmentError.self) { try [Double].load(from: batch, row: 0) }
    }
    #expect(throws: EnvironmentError.self) { try [Float].load(from: discrete, row: 0) }
    let error = #expect(throws: EnvironmentError.self) { try ([1, 2, 3] as [Float]).store(in: box, row: 0) }
    #expect(error == .invalidValue("the value has 3 elements, but its space has 2"))
  }
}

@Suite("A struct of Floats is a value of a Box of float32")
struct FloatRecordTests {
  private struct Wind: FloatRecord {
    var north: Float
    var east: Float
    var gust: Float
  }

  @Test("its numbers are its properties in order, and survive a row of a batch")
  func rows() throws {
    let wind = Wind(north: 1, east: -2.5, gust: 7)
    #expect(Wind.width == 3)
    #expect(wind.numbers == [1, -2.5, 7])
    let batch = ValueBatch(.box(Box(shape: [3], low: .same(-9), high: .same(9))), count: 2)
    try wind.store(in: batch, row: 1)
    #expect(try [Float].load(from: batch, row: 1) == wind.numbers)
    #expect(try Wind.load(from: batch, row: 1) == wind)
    #expect(try [Float].load(from: batch, row: 0) == [0, 0, 0])
  }

  @Test("it is refused where the space has another number of numbers, or another type")
  func otherSpaces() {
    let wind = Wind(north: 0, east: 0, gust: 0)
    for box in [
      Box(shape: [2], low: .same(0), high: .same(1)), Box(shape: [3], type: .float64, low: .same(0), high: .same(1)),
    ] {
      let batch = ValueBatch(.box(box), count: 1)
      #expect(throws: EnvironmentError.self) { try wind.store(in: batch, row: 0) }
      #expect(throws: EnvironmentError.self) { try Wind.load(from: batch, row: 0) }
    }
  }
}
