import CText

/// A set of instructions that loops of CText are written for.
enum Instructions: UInt32, CaseIterable {
  case portable = 1
  case avx2 = 2
  case avx512 = 3

  /// Those that this processor has.
  static var available: [Instructions] { allCases.filter { ctext_choose($0.inC) == $0.inC } }

  var inC: ctext_instructions { ctext_instructions(rawValue: rawValue) }
}
