import ClassicControl

extension CartPoleState {
  init(_ numbers: [Double]) {
    self.init(position: numbers[0], velocity: numbers[1], angle: numbers[2], angularVelocity: numbers[3])
  }

  var numbers: [Double] { [position, velocity, angle, angularVelocity] }
}
