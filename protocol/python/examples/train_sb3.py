"""Train Stable-Baselines3's PPO on 8 sub-environments of one server.

python examples/train_sb3.py ./cartpole-server 20000
"""

import sys

from stable_baselines3 import PPO

import gymwire
from gymwire.sb3 import SB3VecEnv

envs = SB3VecEnv(gymwire.make_vec(sys.argv[1] if len(sys.argv) > 1 else "cartpole-server", num_envs=8))
model = PPO(
    "MlpPolicy",
    envs,
    n_steps=32,
    batch_size=256,
    n_epochs=20,
    gae_lambda=0.8,
    gamma=0.98,
    learning_rate=1e-3,
    seed=1,
    device="cpu",
)
model.learn(int(sys.argv[2]) if len(sys.argv) > 2 else 100_000)
envs.seed(1)
obs, returns, running = envs.reset(), [], [0.0] * 8
while len(returns) < 20:
    obs, rewards, over, _ = envs.step(model.predict(obs, deterministic=True)[0])
    for row in range(8):
        running[row] += float(rewards[row])
        if over[row]:
            returns.append(running[row])
            running[row] = 0.0
envs.close()
print(f"mean return of {len(returns)} episodes: {sum(returns) / len(returns):.1f}")
