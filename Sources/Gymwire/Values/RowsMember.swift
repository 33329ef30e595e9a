import Environments
import JSONLines

// The places are not counted as owned: whoever makes a message keeps them while it is written or read.

/// One value of a space for each of some rows: observations, actions.
struct RowsMember: MemberValue {
  private unowned(unsafe) let batch: ValueBatch
  /// The values where their space is flat, as nearly every one is.
  private let numbers: FlatSlice?
  private let isScalar: Bool
  private let rows: Range<Int>
  private let form: ValueForm

  @inline(__always)
  init(_ batch: ValueBatch, _ rows: Range<Int>, _ form: ValueForm) {
    (self.batch, self.rows, self.form) = (batch, rows, form)
    (numbers, isScalar) = (batch.slice(rows), !form.isBatched && batch.isScalar)
  }

  /// The numbers of type float32, which most observations are; nil for every other.
  @inline(__always) var floats: UnsafeMutableBufferPointer<Float>? {
    numbers.flatMap { $0.type == .float32 ? $0.numbers(as: Float.self) : nil }
  }

  @inline(__always)
  func write(to writer: inout JSONWriter) {
    if let floats, !isScalar, !form.allowsBase64 {
      writer.write(floats: UnsafeBufferPointer(floats))
    } else if let numbers {
      writer.write(numbers, isScalar: isScalar, asBase64: form.allowsBase64)
    } else {
      writer.write(batch, rows: rows, as: form)
    }
  }

  @inline(__always)
  func readUsual(from scanner: inout JSONScanner) -> Bool {
    if let floats, !isScalar, !form.allowsBase64 { return scanner.readUsual(floats) }
    guard let numbers else {
      do throws(ValueError) { try batch.read(rows: rows, from: &scanner, as: form) } catch { return false }
      return true
    }
    if isScalar, numbers.type == .int64 {
      guard let value = scanner.usualInteger() else { return false }
      numbers.numbers(as: Int64.self)[0] = value
      return true
    }
    do throws(ValueError) { try numbers.read(isScalar: isScalar, from: &scanner, as: form) } catch { return false }
    return true
  }

  func read(from scanner: inout JSONScanner) throws(ValueError) {
    try batch.read(rows: rows, from: &scanner, as: form)
  }
}
