/// How often, and how soon, a process that has failed is started anew, and when one is that has not.
///
/// Delays are those of container engines: each is twice the one before, up to a ceiling, and the first again once a process
/// has lived for a while. The rate is that of supervisors: so many restarts within so much time.
public struct RestartPolicy: Codable, Equatable, Sendable {
  /// How often each process may be started anew within ``period``; 0 for never.
  public var limit = 0
  /// The time that ``limit`` is about, in seconds; nil for the whole run.
  public var period: Double?
  /// The seconds before the first restart.
  public var delay = 0.1
  /// How many steps of its sub-environments together each process makes before another takes its place; nil for any number.
  public var stepsPerProcess: Int?
  /// Whether a process of several sub-environments is replaced when one of their episodes ends, which cuts the others.
  ///
  /// It is otherwise replaced when all are reset.
  public var cutsEpisodes = true

  /// No more than this many seconds are waited.
  public static let longestDelay = 60.0
  /// A process that has lived for this many seconds was all right.
  static let proof = 10.0

  /// Nothing is started anew.
  public init() {}
}

/// The restarts of one process until now.
struct RestartRecord {
  /// When each was, in seconds of any clock that never goes back.
  private var times: [Double] = []
  private var nextDelay: Double?
  private var lastStart = -Double.infinity

  /// Notes that a process has begun.
  mutating func begin(at time: Double) { lastStart = time }

  /// How many seconds to wait before the next restart; nil where there may be none.
  mutating func delay(at time: Double, _ policy: RestartPolicy) -> Double? {
    if let period = policy.period { times.removeAll { time - $0 > period } }
    guard times.count < policy.limit else { return nil }
    times.append(time)
    let isProven = time - lastStart > RestartPolicy.proof
    let delay = isProven ? policy.delay : nextDelay ?? policy.delay
    nextDelay = min(2 * delay, RestartPolicy.longestDelay)
    return delay
  }

  /// How many of the restarts count against the limit.
  var count: Int { times.count }
}
