// Switches over constants rather than tables: the compiler makes read-only data of them, which needs no
// initialisation check on access.

/// 10^n for n in 0...8.
@inline(__always)
func integerPowerOfTen(_ n: Int) -> UInt64 {
  switch n {
  case 0: 1
  case 1: 10
  case 2: 100
  case 3: 1_000
  case 4: 10_000
  case 5: 100_000
  case 6: 1_000_000
  case 7: 10_000_000
  default: 100_000_000
  }
}

/// 10^n for n in 0...22, all of which a Double holds exactly.
@inline(__always)
func exactPowerOfTen(_ n: Int) -> Double {
  switch n {
  case 0: 1
  case 1: 1e1
  case 2: 1e2
  case 3: 1e3
  case 4: 1e4
  case 5: 1e5
  case 6: 1e6
  case 7: 1e7
  case 8: 1e8
  case 9: 1e9
  case 10: 1e10
  case 11: 1e11
  case 12: 1e12
  case 13: 1e13
  case 14: 1e14
  case 15: 1e15
  case 16: 1e16
  case 17: 1e17
  case 18: 1e18
  case 19: 1e19
  case 20: 1e20
  case 21: 1e21
  default: 1e22
  }
}

/// 5^n for n in 0...27, all of which fit in 63 bits.
@inline(__always)
func powerOfFive(_ n: Int) -> UInt64 {
  switch n {
  case 0: 1
  case 1: 5
  case 2: 25
  case 3: 125
  case 4: 625
  case 5: 3_125
  case 6: 15_625
  case 7: 78_125
  case 8: 390_625
  case 9: 1_953_125
  case 10: 9_765_625
  case 11: 48_828_125
  case 12: 244_140_625
  case 13: 1_220_703_125
  case 14: 6_103_515_625
  case 15: 30_517_578_125
  case 16: 152_587_890_625
  case 17: 762_939_453_125
  case 18: 3_814_697_265_625
  case 19: 19_073_486_328_125
  case 20: 95_367_431_640_625
  case 21: 476_837_158_203_125
  case 22: 2_384_185_791_015_625
  case 23: 11_920_928_955_078_125
  case 24: 59_604_644_775_390_625
  case 25: 298_023_223_876_953_125
  case 26: 1_490_116_119_384_765_625
  default: 7_450_580_596_923_828_125
  }
}
