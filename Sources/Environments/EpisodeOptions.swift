/// Chooses the options of every reset: what the episode that begins is to be like.
public protocol EpisodeOptions: AnyObject {
  /// Every sub-environment begins anew; what is chosen for number i depends on `seed + i`, or goes on if it is nil.
  func begin(seed: UInt64?)

  /// The options of the episode that begins now in a sub-environment.
  func next(_ environment: Int) -> [String: PlainValue]
}

/// What is chosen for the sub-environments from some number on, for those who count them from 0.
public final class LaterEpisodeOptions: EpisodeOptions {
  private let options: any EpisodeOptions
  private let first: Int

  /// Chooses for number i what `options` choose for `first` + i.
  public init(_ options: any EpisodeOptions, from first: Int) { (self.options, self.first) = (options, first) }

  /// Leaves that to whoever has the first sub-environments, because all begin anew together.
  public func begin(seed: UInt64?) {}

  /// The options of the episode that begins now in a sub-environment.
  public func next(_ environment: Int) -> [String: PlainValue] { options.next(first + environment) }
}
