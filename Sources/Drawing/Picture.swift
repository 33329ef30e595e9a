import Environments

/// A rectangle of pixels, the top row first, three bytes each: red, green, blue.
public struct Picture: Equatable, Sendable {
  /// The number of columns.
  public let width: Int
  /// The number of rows.
  public let height: Int
  /// `width` x `height` x 3 bytes.
  public private(set) var bytes: [UInt8]

  /// A picture of one colour, at least one pixel large.
  public init(width: Int, height: Int, _ color: Scene.Color = .white) {
    self.width = max(1, width)
    self.height = max(1, height)
    let count = self.width * self.height * 3
    bytes = [UInt8](unsafeUninitializedCapacity: count) { pixels, filled in
      for index in stride(from: 0, to: count, by: 3) {
        pixels[index] = color.red
        pixels[index + 1] = color.green
        pixels[index + 2] = color.blue
      }
      filled = count
    }
  }

  /// A picture of bytes from elsewhere; nil unless there are `width` x `height` x 3 of them.
  public init?(width: Int, height: Int, bytes: [UInt8]) {
    let (area, isTooLarge) = width.multipliedReportingOverflow(by: height)
    guard width > 0, height > 0, !isTooLarge, bytes.count % 3 == 0, bytes.count / 3 == area else { return nil }
    self.width = width
    self.height = height
    self.bytes = bytes
  }

  /// The colour of a pixel, which has to exist.
  public subscript(x: Int, y: Int) -> Scene.Color {
    let index = 3 * (y * width + x)
    return Scene.Color(bytes[index], bytes[index + 1], bytes[index + 2])
  }

  /// Lays a colour over a pixel, 0 not at all to 255 wholly.
  mutating func blend(_ color: Scene.Color, alpha: Int, at index: Int) {
    func mix(_ old: UInt8, _ new: UInt8) -> UInt8 {
      UInt8(truncatingIfNeeded: (Int(old) * (255 - alpha) + Int(new) * alpha + 127) / 255)
    }
    bytes[index] = mix(bytes[index], color.red)
    bytes[index + 1] = mix(bytes[index + 1], color.green)
    bytes[index + 2] = mix(bytes[index + 2], color.blue)
  }

  /// Lays a picture over this one, its upper left corner at a place; what does not fit is cut off.
  public mutating func paste(_ other: Picture, x: Int, y: Int) {
    let columns = min(other.width, width - x)
    guard x >= 0, y >= 0, columns > 0 else { return }
    for row in 0..<min(other.height, height - y) {
      let source = 3 * row * other.width
      let target = 3 * ((y + row) * width + x)
      bytes.replaceSubrange(target..<target + 3 * columns, with: other.bytes[source..<source + 3 * columns])
    }
  }

  /// The same picture, made smaller by averages, so that it is neither wider nor higher than this.
  public func reduced(toWidth widest: Int, height highest: Int) -> Picture {
    let scale = min(1, Double(max(1, widest)) / Double(width), Double(max(1, highest)) / Double(height))
    return scale == 1 ? self : resized(width: Int(Double(width) * scale), height: Int(Double(height) * scale))
  }

  /// The same picture with so many pixels: averages where it gets smaller, repetitions where it gets larger.
  public func resized(width newWidth: Int, height newHeight: Int) -> Picture {
    var result = Picture(width: newWidth, height: newHeight)
    for y in 0..<result.height {
      let rows = Self.source(y, of: result.height, from: height)
      for x in 0..<result.width {
        let columns = Self.source(x, of: result.width, from: width)
        var sum = (0, 0, 0)
        for row in rows {
          for column in columns {
            let index = 3 * (row * width + column)
            sum.0 += Int(bytes[index])
            sum.1 += Int(bytes[index + 1])
            sum.2 += Int(bytes[index + 2])
          }
        }
        let (count, index) = (rows.count * columns.count, 3 * (y * result.width + x))
        result.bytes[index] = UInt8(truncatingIfNeeded: sum.0 / count)
        result.bytes[index + 1] = UInt8(truncatingIfNeeded: sum.1 / count)
        result.bytes[index + 2] = UInt8(truncatingIfNeeded: sum.2 / count)
      }
    }
    return result
  }

  /// The old pixels that one of `new` pixels stands for; never none.
  private static func source(_ index: Int, of new: Int, from old: Int) -> Range<Int> {
    let first = index * old / new
    return first..<max(first + 1, (index + 1) * old / new)
  }
}
