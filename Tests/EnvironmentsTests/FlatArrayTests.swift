import Environments
import Testing

@Suite("Flat arrays hold numbers of every type")
struct FlatArrayTests {
  @Test("an array starts as zeros, with the bytes that its type needs", arguments: ScalarType.allCases)
  func zeros(type: ScalarType) {
    let array = FlatArray(type, count: 3)
    #expect(array.bytes.count == 3 * type.size)
    #expect((0..<3).allSatisfy { array.double(at: $0) == 0 && array.integer(at: $0) == 0 })
  }

  @Test("sizes are the bytes in the types' names")
  func sizes() {
    for type in ScalarType.allCases {
      let bits = Int(type.rawValue.filter(\.isNumber)) ?? 8
      #expect(type.size == bits / 8)
      #expect(type.isFloatingPoint == type.rawValue.hasPrefix("float"))
      #expect((type.integerRange == nil) == type.isFloatingPoint)
    }
  }

  @Test("integer ranges are those of the bits", arguments: ScalarType.allCases.filter { !$0.isFloatingPoint })
  func ranges(type: ScalarType) throws {
    let range = try #require(type.integerRange)
    let bits = type == .bool ? 1 : 8 * type.size
    let isSigned = type.rawValue.hasPrefix("int")
    #expect(range.lowerBound == (isSigned ? -(Int128(1) << (bits - 1)) : 0))
    #expect(range.upperBound - range.lowerBound == (Int128(1) << bits) - 1)
  }

  @Test(
    "the least and greatest integers, and those between, come back as they were",
    arguments: ScalarType.allCases.filter { !$0.isFloatingPoint }
  )
  func integers(type: ScalarType) throws {
    let range = try #require(type.integerRange)
    let array = FlatArray(type, count: 3)
    for value in [range.lowerBound, range.upperBound, 0, 1, range.upperBound / 3] {
      array.set(value, at: 1)
      #expect(array.integer(at: 1) == value)
      #expect(array.double(at: 1) == Double(value))
    }
    #expect(array.integer(at: 0) == 0 && array.integer(at: 2) == 0)
  }

  @Test("an integer outside the range keeps its low bits")
  func wrapping() {
    let array = FlatArray(.uint8, count: 1)
    array.set(Int128(0x1_02), at: 0)
    #expect(array.integer(at: 0) == 2)
    let signed = FlatArray(.int16, count: 1)
    signed.set(Int128(0x8000), at: 0)
    #expect(signed.integer(at: 0) == -0x8000)
  }

  @Test("fractions are cut towards zero in an integer array, what is too large becomes its end, and NaN is 0")
  func fractions() {
    let array = FlatArray(.int32, count: 1)
    let (least, greatest) = (Int128(Int32.min), Int128(Int32.max))
    for (value, expected) in [
      (2.9, 2), (-2.9, -2), (.nan, 0), (.infinity, greatest), (-.infinity, least), (1e300, greatest), (-3e9, least),
    ] as [(Double, Int128)] {
      array.set(value, at: 0)
      #expect(array.integer(at: 0) == expected)
    }
  }

  @Test("numbers of float types are rounded to the type and cut to integers on request")
  func floats() {
    let single = FlatArray(.float32, count: 2)
    single.set(0.1, at: 0)
    single.set(-7.75, at: 1)
    #expect(single.floats?[0] == 0.1)
    #expect(single.double(at: 0) == Double(Float(0.1)))
    #expect(single.integer(at: 1) == -7)
    let double = FlatArray(.float64, count: 1)
    double.set(0.1, at: 0)
    #expect(double.double(at: 0) == 0.1)
    #expect(double.floats == nil)
    double.set(Double.infinity, at: 0)
    #expect(double.integer(at: 0) == 0)
    double.set(Int128(12), at: 0)
    #expect(double.double(at: 0) == 12)
  }

  @Test("a copy moves the named numbers only")
  func copies() {
    let source = FlatArray(.int16, count: 4)
    for index in 0..<4 { source.set(Int128(index + 1), at: index) }
    let target = FlatArray(.int16, count: 5)
    target.copy(source, from: 1, count: 2, at: 3)
    #expect((0..<5).map { target.integer(at: $0) } == [0, 0, 0, 2, 3])
    target.copy(source, from: 0, count: 0, at: 5)
    #expect((0..<5).map { target.integer(at: $0) } == [0, 0, 0, 2, 3])
  }

  @Test("arrays are equal when type, length and bits are")
  func equality() {
    func array(_ type: ScalarType, _ values: [Int128]) -> FlatArray {
      let array = FlatArray(type, count: values.count)
      for (index, value) in values.enumerated() { array.set(value, at: index) }
      return array
    }
    #expect(array(.int8, [1, 2]) == array(.int8, [1, 2]))
    #expect(array(.int8, [1, 2]) != array(.int8, [1, 3]))
    #expect(array(.int8, [1, 2]) != array(.int8, [1, 2, 0]))
    #expect(array(.int8, [1, 2]) != array(.uint8, [1, 2]))
    #expect(array(.int8, []) == array(.int8, []))
  }
}
