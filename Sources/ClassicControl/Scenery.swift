import Environments

/// What the scenes of classic control are made of.
enum Scenery {
  static let ink = Scene.Color(38, 42, 51)
  static let steel = Scene.Color(88, 104, 128)
  static let wood = Scene.Color(202, 138, 74)
  static let joint = Scene.Color(64, 120, 192)
  static let accent = Scene.Color(200, 60, 60)
  static let goal = Scene.Color(46, 140, 92)
  static let ground = Scene.Color(226, 231, 237)

  /// The end of a rod of some length whose angle is 0 upwards and grows clockwise.
  static func end(of start: Scene.Point, length: Double, angle: Double) -> Scene.Point {
    let (sine, cosine) = sineAndCosine(angle)
    return Scene.Point(start.x + length * sine, start.y + length * cosine)
  }

  /// A rectangle with sides along the axes.
  static func box(
    _ horizontal: ClosedRange<Double>, _ vertical: ClosedRange<Double>, _ color: Scene.Color
  ) -> Scene.Shape {
    let (left, right) = (horizontal.lowerBound, horizontal.upperBound)
    let (bottom, top) = (vertical.lowerBound, vertical.upperBound)
    return .polygon(
      [.init(left, bottom), .init(right, bottom), .init(right, top), .init(left, top)], color)
  }
}

extension Scenery {
  /// A cart on a track of ±`limit` metres, with a pole of some length on it.
  static func cartPole(_ state: CartPoleState, poleLength: Double, limit: Double, below: Double) -> Scene {
    let hinge = Scene.Point(state.position, 0.12)
    let tip = end(of: hinge, length: poleLength, angle: state.angle)
    // What is beyond every bound is not looked for at the other end of a number.
    let margin = 0.35
    return Scene(
      horizontal: -limit - margin...limit + margin, vertical: -below...poleLength + 0.3,
      [
        .line(from: .init(-limit, -0.12), to: .init(limit, -0.12), width: 0.03, ink),
        .line(from: .init(-limit, -0.22), to: .init(-limit, -0.02), width: 0.04, accent),
        .line(from: .init(limit, -0.22), to: .init(limit, -0.02), width: 0.04, accent),
        box(state.position - 0.25...state.position + 0.25, -0.1...0.16, steel),
        .line(from: hinge, to: tip, width: 0.1, wood),
        .disc(center: hinge, radius: 0.055, joint),
      ])
  }

  /// A car in the valley whose height is the sine of three times the place.
  static func valley(position: Double, leftEnd: Double, rightEnd: Double, goal: Double) -> Scene {
    func height(_ x: Double) -> Double { sineAndCosine(3 * x).sine * 0.45 + 0.55 }
    let steps = 96
    let hill = (0...steps).map { step -> Scene.Point in
      let x = leftEnd + (rightEnd - leftEnd) * Double(step) / Double(steps)
      return .init(x, height(x))
    }
    // The car stands on its wheels, along the slope: the derivative of the height is 1.35 cos 3x.
    let slope = 1.35 * libraryCosine(3 * position)
    let norm = 1 / (1 + slope * slope).squareRoot()
    let (along, up) = (Scene.Point(norm, slope * norm), Scene.Point(-slope * norm, norm))
    let base = Scene.Point(position, height(position))
    func place(_ a: Double, _ u: Double) -> Scene.Point {
      .init(base.x + a * along.x + u * up.x, base.y + a * along.y + u * up.y)
    }
    let flag = height(goal)
    return Scene(
      horizontal: leftEnd...rightEnd, vertical: -0.05...1.3,
      [.polygon(hill + [.init(rightEnd, -1), .init(leftEnd, -1)], ground)]
        + zip(hill, hill.dropFirst()).map { .line(from: $0, to: $1, width: 0.012, ink) } + [
          .line(from: .init(goal, flag), to: .init(goal, flag + 0.2), width: 0.014, ink),
          .polygon([.init(goal, flag + 0.2), .init(goal + 0.1, flag + 0.16), .init(goal, flag + 0.11)], Scenery.goal),
          .polygon([place(-0.06, 0.025), place(0.06, 0.025), place(0.045, 0.085), place(-0.045, 0.085)], steel),
          .disc(center: place(-0.035, 0.022), radius: 0.022, ink),
          .disc(center: place(0.035, 0.022), radius: 0.022, ink),
        ])
  }
}
