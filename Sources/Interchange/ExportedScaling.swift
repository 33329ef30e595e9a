import PolicyGradients

/// How numbers are brought from their bounds to [-1, 1] and back, in a form that is the same for every number.
///
/// (x − low) / half − unit leads there, and low + (x + unit) · half back. Of a number that stays as it is low is 0, half 1
/// and unit 0. Source: protocol/SPEC.md 18.16.
struct ExportedScaling {
  let low: [Float]
  let half: [Float]
  let unit: [Float]

  /// The scaling of some of the numbers.
  init(_ scaling: NumberScaling, _ range: Range<Int>) {
    low = Array(scaling.low[range])
    half = scaling.half[range].map { $0 > 0 ? $0 : 1 }
    unit = scaling.half[range].map { $0 > 0 ? 1 : 0 }
  }
}
