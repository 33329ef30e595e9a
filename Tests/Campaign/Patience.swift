/// How long is waited for what should come at once, before it counts as a hang: the machine may be busy with other things.
enum Patience {
  static let seconds = 300.0
  static let duration = Duration.seconds(seconds)
}
