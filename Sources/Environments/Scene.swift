/// What a person would see of an environment, in the environment's own units.
///
/// An environment says what there is; how many pixels or characters it becomes is the business of whoever looks. The
/// picture keeps the ratio of the two sides, x grows to the right, and y grows upwards.
public struct Scene: Equatable, Sendable {
  /// The least and the greatest x that have to be visible.
  public var horizontal: ClosedRange<Double>
  /// The least and the greatest y that have to be visible.
  public var vertical: ClosedRange<Double>
  /// The colour behind everything.
  public var background: Color
  /// What there is, the hindmost first.
  public var shapes: [Shape]

  /// Creates a scene that shows at least these ranges.
  public init(
    horizontal: ClosedRange<Double>, vertical: ClosedRange<Double>, background: Color = .white, _ shapes: [Shape] = []
  ) {
    self.horizontal = horizontal
    self.vertical = vertical
    self.background = background
    self.shapes = shapes
  }

  /// A place.
  public struct Point: Equatable, Sendable {
    /// How far to the right.
    public var x: Double
    /// How far up.
    public var y: Double

    /// Creates a place.
    public init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// A colour by its parts of red, green and blue, from 0 to 255 each.
  public struct Color: Equatable, Sendable {
    /// The part of red.
    public var red: UInt8
    /// The part of green.
    public var green: UInt8
    /// The part of blue.
    public var blue: UInt8

    /// Creates a colour.
    public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
      self.red = red
      self.green = green
      self.blue = blue
    }

    /// The colour of paper.
    public static let white = Color(255, 255, 255)
  }

  /// One thing in a scene.
  public enum Shape: Equatable, Sendable {
    /// The area within a closed line through the points.
    case polygon([Point], Color)
    /// The area within a circle.
    case disc(center: Point, radius: Double, Color)
    /// A line with round ends; texts and small pictures draw it at least as wide as can be seen.
    case line(from: Point, to: Point, width: Double, Color)
  }
}
