import Environments

// What each task looks like. An angle grows clockwise here unless a task says otherwise.

extension CartPole {
  /// The cart, its pole and the ends of the track.
  public var scene: Scene? { Scenery.cartPole(state, poleLength: 1, limit: 2.4, below: 0.45) }
  /// As many as there are steps in a second.
  public static var framesPerSecond: Double { 50 }
}

extension CartPoleSwingUp {
  /// The cart, its pole and the ends of the track.
  public var scene: Scene? { Scenery.cartPole(state, poleLength: 0.6, limit: 2.4, below: 0.75) }
  /// As many as there are steps in a second.
  public static var framesPerSecond: Double { 100 }
}

extension Pendulum {
  /// The rod and its pivot; the dynamics count the angle counter-clockwise.
  public var scene: Scene? {
    let pivot = Scene.Point(0, 0)
    let tip = Scenery.end(of: pivot, length: 1, angle: -angle)
    return Scene(
      horizontal: -1.3...1.3, vertical: -1.3...1.3,
      [
        .line(from: pivot, to: tip, width: 0.2, Scenery.accent),
        .disc(center: pivot, radius: 0.06, Scenery.ink),
      ])
  }
  /// As many as there are steps in a second.
  public static var framesPerSecond: Double { 20 }
}

extension MountainCar {
  /// The valley, the car and the flag.
  public var scene: Scene? { Scenery.valley(position: position, leftEnd: -1.2, rightEnd: 0.6, goal: 0.5) }
}

extension MountainCarContinuous {
  /// The valley, the car and the flag.
  public var scene: Scene? { Scenery.valley(position: position, leftEnd: -1.2, rightEnd: 0.6, goal: 0.45) }
}

extension Acrobot {
  /// Both links, their joints and the line to reach; angle 0 hangs and grows counter-clockwise.
  public var scene: Scene? {
    let pivot = Scene.Point(0, 0)
    let middle = Scenery.end(of: pivot, length: 1, angle: .pi - state[0])
    let tip = Scenery.end(of: middle, length: 1, angle: .pi - state[0] - state[1])
    return Scene(
      horizontal: -2.2...2.2, vertical: -2.2...2.2,
      [
        .line(from: .init(-2.2, 1), to: .init(2.2, 1), width: 0.03, Scenery.goal),
        .line(from: pivot, to: middle, width: 0.2, Scenery.steel),
        .line(from: middle, to: tip, width: 0.2, Scenery.wood),
        .disc(center: pivot, radius: 0.1, Scenery.ink),
        .disc(center: middle, radius: 0.1, Scenery.joint),
      ])
  }
  /// Three times as many as there are steps in a second, for a task that is slow to watch.
  public static var framesPerSecond: Double { 15 }
}
