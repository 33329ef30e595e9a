/// The leading 128 bits of a power of ten, rounded up: a little more than 10^n · 2^(127 - ⌊log2 10^n⌋), and exact where
/// 128 bits suffice.
///
/// Too large by less than two units in the last place, a relative error below 2^-126.
struct WidePowerOfTen {
  let high: UInt64
  let low: UInt64

  /// Makes 10^n for n in -308...335, from one of 23 constants and an exact power of five.
  @inline(__always)
  init(_ n: Int) {
    let block = (n &+ 308) / 28
    let coarseHigh = Self.high(block)
    let coarseLow = Self.low(block)
    let five = powerOfFive(n &+ 308 &- block &* 28)
    let fine = five << UInt64(truncatingIfNeeded: five.leadingZeroBitCount)
    let product = coarseHigh.multipliedFullWidth(by: fine)
    let rest = coarseLow.multipliedFullWidth(by: fine)
    let (middle, carry) = product.low.addingReportingOverflow(rest.high)
    var words = (high: product.high &+ (carry ? 1 : 0), middle: middle, low: rest.low)
    if words.high >> 63 == 0 {
      words = (words.high << 1 | words.middle >> 63, words.middle << 1 | words.low >> 63, words.low << 1)
    }
    let (rounded, overflow) = words.middle.addingReportingOverflow(words.low == 0 ? 0 : 1)
    high = words.high &+ (overflow ? 1 : 0)
    low = rounded
  }

  // Switches over constants rather than tables: see PowersOfTen.swift. Case n is 10^(28 · n - 308).

  /// The upper 64 bits of a constant.
  @inline(__always)
  private static func high(_ block: Int) -> UInt64 {
    switch block {
    case 0: 0xE61A_CF03_3D1A_45DF
    case 1: 0xE858_AD24_8F5C_22C9
    case 2: 0xEA9C_2277_23EE_8BCB
    case 3: 0xECE5_3CEC_4A31_4EBD
    case 4: 0xEF34_0A98_172A_ACE4
    case 5: 0xF188_99B1_BC3F_8CA1
    case 6: 0xF3E2_F893_DEC3_F126
    case 7: 0xF643_35BC_F065_D37D
    case 8: 0xF8A9_5FCF_8874_7D94
    case 9: 0xFB15_8592_BE06_8D2E
    case 10: 0xFD87_B5F2_8300_CA0D
    case 11: 0x8000_0000_0000_0000
    case 12: 0x813F_3978_F894_0984
    case 13: 0x8281_8F12_81ED_449F
    case 14: 0x83C7_088E_1AAB_65DB
    case 15: 0x850F_ADC0_9923_329E
    case 16: 0x865B_8692_5B9B_C5C2
    case 17: 0x87AA_9AFF_7904_2286
    case 18: 0x88FC_F317_F222_41E2
    case 19: 0x8A52_96FF_E33C_C92F
    case 20: 0x8BAB_8EEF_B640_9C1A
    case 21: 0x8D07_E334_5563_7EB2
    default: 0x8E67_9C2F_5E44_FF8F
    }
  }

  /// The lower 64 bits of a constant.
  @inline(__always)
  private static func low(_ block: Int) -> UInt64 {
    switch block {
    case 0: 0x6FB9_2487_298E_33BE
    case 1: 0xD1B3_400F_8F9C_FF69
    case 2: 0x465E_15A9_79C1_CADD
    case 3: 0xA4F8_BF56_3524_6429
    case 4: 0x86FB_8971_16C8_7C35
    case 5: 0xDC44_E6C3_CB27_9AC2
    case 6: 0x5A89_DBA3_C3EF_CCFB
    case 7: 0x4D46_17B5_FF4A_16D6
    case 8: 0x75A4_4C63_97CE_912B
    case 9: 0xEED6_E2F0_F0D5_6713
    case 10: 0x8BCA_9D6E_1888_53FD
    case 11: 0x0000_0000_0000_0000
    case 12: 0x4000_0000_0000_0000
    case 13: 0xBFF8_F10E_7A89_21A5
    case 14: 0x7926_67C6_DA79_E0FB
    case 15: 0x03E2_CF6B_C604_DDB1
    case 16: 0x0B8A_2392_BA45_A9B3
    case 17: 0x90FB_44D2_F05D_0843
    case 18: 0x441F_ECE3_BDF8_1F04
    case 19: 0x82BD_6B70_D99A_AA70
    case 20: 0x1AD0_89B6_C2F7_548F
    case 21: 0xDB0B_487B_6423_E1E9
    default: 0x570F_09EA_A7EA_7649
    }
  }
}
