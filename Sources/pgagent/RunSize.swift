import PolicyGradients

/// How large a run has come out, where its options ask for something else.
enum RunSize {
  /// A sentence for each difference, to be told before the run begins.
  ///
  /// - Parameter isCountGiven: whether `--num-envs` stands on the command line, and is no default.
  static func remarks(
    _ trainer: Trainer, _ environment: RunEnvironments, _ options: EnvironmentOptions, isCountGiven: Bool
  ) -> [String] {
    [
      environments(environment, options, isCountGiven: isCountGiven),
      steps(trainer, environments: environment.count),
    ].compactMap { $0 }
  }

  private static func environments(
    _ environment: RunEnvironments, _ options: EnvironmentOptions, isCountGiven: Bool
  ) -> String? {
    let (granted, wanted) = (environment.count, options.wantedEnvironments)
    guard granted < wanted else { return nil }
    let wish = isCountGiven ? "--num-envs asks for \(wanted) environments, but " : ""
    let each = max(1, granted / options.processCount)
    let needed = min((wanted + each - 1) / each, EnvironmentOptions.processCounts.upperBound)
    return switch environment {
    case .processes, .processesApart:
      "\(wish)each process of \(options.command) has \(each == 1 ? "one environment" : "\(each) environments"), so the "
        + "run has \(granted); --env-procs \(needed) gives it \(min(wanted, needed * each))"
    // How many environments a worker has was decided where it was started.
    case .workers, .threads: isCountGiven ? "\(wish)the workers have \(granted) in all" : nil
    }
  }

  private static func steps(_ trainer: Trainer, environments: Int) -> String? {
    let (actual, asked) = (trainer.stepsPerEpoch, trainer.agent.schedule.stepsPerEpoch)
    guard actual > asked else { return nil }
    let horizon = OnPolicySettings.minimumHorizon
    let remedy =
      trainer.settings.declares(horizon)
      ? "a smaller --\(horizon.declaration.name) or --num-envs makes it shorter"
      : "a smaller --num-envs makes it shorter"
    return "an epoch has \(actual.grouped) steps instead of \(asked.grouped), and the run "
      + "\((actual * trainer.settings.epochs).grouped): each of \(environments) environments makes \(trainer.horizon) "
      + "for an update; \(remedy)"
  }
}
