"""Train RLlib's PPO on environments of one server, in processes of Ray's.

pip install "ray[rllib]" torch
python examples/train_rllib.py ./cartpole-server 12
"""

import sys

import ray
from ray.rllib.algorithms.ppo import PPOConfig
from ray.tune.registry import register_env

import gymwire

command = sys.argv[1] if len(sys.argv) > 1 else "cartpole-server"
iterations = int(sys.argv[2]) if len(sys.argv) > 2 else 20

# Each process of Ray's calls this, and so starts a server of its own.
register_env("simulator", lambda settings: gymwire.make(settings["command"]))
ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
algorithm = (
    PPOConfig()
    .environment("simulator", env_config={"command": command})
    .env_runners(num_env_runners=1, num_envs_per_env_runner=4)
    .training(train_batch_size_per_learner=2000, minibatch_size=250, num_epochs=10, lr=1e-3, gamma=0.98)
    .debugging(seed=1)
    .build_algo()
)
for iteration in range(iterations):
    result = algorithm.train()["env_runners"]
    print(f"iteration {iteration + 1}: mean return {result['episode_return_mean']:.1f}", flush=True)
algorithm.stop()
ray.shutdown()
