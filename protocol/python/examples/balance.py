"""Drive a server in any language as a gymnasium.Env.

python examples/balance.py ../../.build/release/cartpole-server
"""

import sys

import gymwire

env = gymwire.make(sys.argv[1] if len(sys.argv) > 1 else "cartpole-server")
obs, info = env.reset(seed=42)
total, over = 0.0, False
while not over:
    cart, speed, angle, spin = obs
    obs, reward, terminated, truncated, info = env.step(int(3 * angle + spin + 0.1 * cart + 0.2 * speed > 0))
    total, over = total + reward, terminated or truncated
env.close()
print(f"{env.spec.id}: {total:.0f} steps of at most {env.spec.max_episode_steps}")
