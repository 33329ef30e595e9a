import JSONLines

/// The members of requests that lists of members go through, each with its name.
enum RequestMember {
  case count, session, reward, isDeterministic, seed, isTerminated, isTruncated, observation, action, mask

  /// What stands before the value as writers spell it.
  @inline(__always) var prefix: StaticString {
    switch self {
    case .count: ",\"n\":"
    case .session: ",\"session\":"
    case .reward: ",\"reward\":"
    case .isDeterministic: ",\"deterministic\":"
    case .seed: ",\"seed\":"
    case .isTerminated: ",\"terminated\":"
    case .isTruncated: ",\"truncated\":"
    case .observation: ",\"obs\":"
    case .action: ",\"action\":"
    case .mask: ",\"action_mask\":"
    }
  }

  /// The name.
  var name: String { String(prefix.description.dropFirst(2).dropLast(2)) }
}

extension Request.Members {
  /// Where the value of a member begins; nil where the request does not have it.
  subscript(member: RequestMember) -> JSONScanner? {
    switch member {
    case .count: count
    case .session: session
    case .reward: reward
    case .isDeterministic: isDeterministic
    case .seed: seed
    case .isTerminated: isTerminated
    case .isTruncated: isTruncated
    case .observation: observation
    case .action: action
    case .mask: mask
    }
  }
}
