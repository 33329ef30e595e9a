/// Chooses the options of every reset: what the episode that begins is to be like.
public protocol EpisodeOptions: AnyObject {
  /// Every sub-environment begins anew; what is chosen for number i depends on `seed + i`, or goes on if it is nil.
  func begin(seed: UInt64?)

  /// The options of the episode that begins now in a sub-environment.
  func next(_ environment: Int) -> [String: PlainValue]
}
