/// Small files of every kind that pgagent reads, from which broken ones are made.
enum SeedFiles {
  /// A policy of two numbers and three choices.
  static let policy = """
    {"format":"gymwire-policy","version":1,"algorithm":"vpg","environment_steps":1000,
    "obs_space":{"type":"Box","shape":[2],"dtype":"float32","low":-9,"high":9},
    "action_space":{"type":"Discrete","n":3},
    "normalization":{"mean":[0.5,-0.25],"variance":[1,2.5]},"activation":"tanh",
    "policy":[{"weights":[[0.5,-1],[0.25,2]],"biases":[0,0.125]},{"weights":[[1,0],[0,1],[-1,0.5]],"biases":[0,0,0.1]}],
    "value":[{"weights":[[0.5,-0.75]],"biases":[1]}]}
    """
}
