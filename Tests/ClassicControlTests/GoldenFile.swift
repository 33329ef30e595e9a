import Foundation
import Testing

/// A file of recorded numbers; Golden/README.md has the format.
struct GoldenFile {
  let lines: [Substring]

  init(_ name: String) throws {
    let url = try #require(Bundle.module.url(forResource: name, withExtension: "txt", subdirectory: "Golden"))
    lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
  }

  /// The episodes of the file, or whatever else begins with `name` and has lines of its own.
  func records(_ name: String) throws -> [GoldenRecord] {
    var records: [GoldenRecord] = []
    for line in lines {
      if line.hasPrefix(name) {
        records.append(GoldenRecord(header: line))
      } else {
        let last = try #require(records.indices.last)
        records[last].lines.append(line)
      }
    }
    return records
  }
}

/// A header of `name=value` fields, and the lines that belong to it.
struct GoldenRecord {
  let fields: [Substring: Substring]
  var lines: [Substring] = []

  init(header: Substring) {
    var fields: [Substring: Substring] = [:]
    for field in header.split(separator: " ").dropFirst() {
      let parts = field.split(separator: "=")
      fields[parts[0]] = parts.count > 1 ? parts[1] : ""
    }
    self.fields = fields
  }

  func field(_ name: Substring) throws -> Substring { try #require(fields[name], "the field \(name)") }
  func digest(_ name: Substring) throws -> UInt64 { try #require(UInt64(try field(name), radix: 16)) }
  func seed() throws -> UInt64 { try #require(UInt64(try field("seed"))) }
}

extension Substring {
  /// The doubles whose bits these hexadecimal digits are.
  func doubles() throws -> [Double] {
    try chunks(of: 16).map { Double(bitPattern: try #require(UInt64($0, radix: 16))) }
  }

  /// The floats whose bits these hexadecimal digits are.
  func floats() throws -> [Float] {
    try chunks(of: 8).map { Float(bitPattern: try #require(UInt32($0, radix: 16))) }
  }

  private func chunks(of length: Int) throws -> [Substring] {
    try #require(count % length == 0)
    var rest = self
    var chunks: [Substring] = []
    while !rest.isEmpty {
      chunks.append(rest.prefix(length))
      rest.removeFirst(length)
    }
    return chunks
  }
}
