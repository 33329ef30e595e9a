/// The naive twins of the operations in ``Kernel``: plain loops, obviously right, used by the tests and as documentation.
///
/// Sums are accumulated in Double and rounded once, so a difference between the twins is the fast form's own rounding.
public enum Reference {}
