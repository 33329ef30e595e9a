import Environments

/// Where the potential of a run's ``RewardShaping`` comes from, as a file keeps it.
public enum Shaping {
  /// A formula.
  case expression(ObservationExpression)
  /// The value function of a trained policy.
  case valueFunction(PolicySnapshot)
}

extension RewardShaping {
  /// The shaping of the rewards of a run; nil where there is none.
  ///
  /// - Throws: ``TrainingError/unusablePotential(reason:)`` where the potential does not fit the observations.
  convenience init?(_ shaping: Shaping?, _ settings: SettingValues, for task: AgentTask) throws(TrainingError) {
    let potential: any Potential
    switch shaping {
    case nil: return nil
    case .expression(let expression)?:
      potential = try ExpressionPotential(expression, observationWidth: task.observationWidth)
    case .valueFunction(let snapshot)?:
      potential = try LearnedPotential(snapshot, observationSpace: task.observationSpace)
    }
    self.init(potential, discount: settings.shapingDiscount, streams: task.streams)
  }
}

extension Shaping: Codable {
  private enum Member: String, CodingKey {
    case expression, policy
  }

  /// Writes an object with the formula as `expression`, or with the text of a policy file as `policy`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Member.self)
    switch self {
    case .expression(let expression): try container.encode(expression.text, forKey: .expression)
    case .valueFunction(let snapshot): try container.encode(snapshot, forKey: .policy)
    }
  }

  /// Reads such an object.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Member.self)
    guard let text = try container.decodeIfPresent(String.self, forKey: .expression) else {
      self = .valueFunction(try container.decode(PolicySnapshot.self, forKey: .policy))
      return
    }
    do throws(ExpressionError) { self = .expression(try ObservationExpression(text)) } catch {
      throw TrainingError.unusablePotential(reason: "\(error)")
    }
  }
}
