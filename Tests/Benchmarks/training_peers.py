"""The experiments of the training benchmark, written plainly on PyTorch and Gymnasium.

usage: training_peers.py NAME SEED     NAME is article, simple or vpg

Prints the seconds from before the environment is made until the policy is trained; the time to import is not counted.
The settings are those of the experiments of the same names in reproduce.py.
"""

import sys
import time
import warnings

import gymnasium
import numpy as np
import torch
from torch import nn
from torch.distributions import Categorical

warnings.filterwarnings("ignore")


def network(*sizes):
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        layers += [nn.Linear(inputs, outputs), nn.Tanh()]
    return nn.Sequential(*layers[:-1])


def discounted(values, discount):
    result = np.zeros(len(values), dtype=np.float32)
    following = 0.0
    for index in reversed(range(len(values))):
        following = values[index] + discount * following
        result[index] = following
    return result


def article(seed):
    """REINFORCE with a linear policy on 32 copies of CartPole-v0, 100 epochs of 1,000 steps in each."""
    mode = gymnasium.vector.AutoresetMode.SAME_STEP
    envs = gymnasium.make_vec(
        "CartPole-v0", num_envs=32, vectorization_mode="sync", vector_kwargs={"autoreset_mode": mode})
    policy = nn.Linear(4, 2)
    optimizer = torch.optim.Adam(policy.parameters(), lr=0.1)
    for epoch in range(100):
        observation, _ = envs.reset(seed=seed + 32 * epoch)
        observations, actions, rewards, ends = [], [], [], []
        for _ in range(1000):
            with torch.no_grad():
                action = Categorical(logits=policy(torch.as_tensor(observation))).sample().numpy()
            observations.append(observation)
            actions.append(action)
            observation, reward, terminated, truncated, _ = envs.step(action)
            rewards.append(reward)
            ends.append(terminated | truncated)
        weights = np.zeros((1000, 32), dtype=np.float32)
        following = np.zeros(32)
        for step in reversed(range(1000)):
            following = rewards[step] + 0.99 * following * ~ends[step]
            weights[step] = following
        distribution = Categorical(logits=policy(torch.as_tensor(np.stack(observations))))
        loss = -(distribution.log_prob(torch.as_tensor(np.stack(actions))) * torch.as_tensor(weights)).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def simple(seed):
    """Spinning Up's simple policy gradient: the return of the whole episode, 50 epochs of 5,000 steps and the rest."""
    env = gymnasium.make("CartPole-v0")
    policy = network(4, 32, 2)
    optimizer = torch.optim.Adam(policy.parameters(), lr=1e-2)
    env.reset(seed=seed)
    for _ in range(50):
        observations, actions, weights, rewards = [], [], [], []
        observation, _ = env.reset()
        while True:
            action = Categorical(logits=policy(torch.as_tensor(observation))).sample().item()
            observations.append(observation)
            actions.append(action)
            observation, reward, terminated, truncated, _ = env.step(action)
            rewards.append(reward)
            if terminated or truncated:
                weights += [sum(rewards)] * len(rewards)
                if len(observations) > 5000:
                    break
                (observation, _), rewards = env.reset(), []
        distribution = Categorical(logits=policy(torch.as_tensor(np.array(observations))))
        loss = -(distribution.log_prob(torch.as_tensor(actions)) * torch.as_tensor(weights)).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def vpg(seed):
    """Spinning Up's VPG with its defaults: GAE, and 80 steps of the value function in each of 50 epochs of 4,000."""
    env = gymnasium.make("CartPole-v1")
    policy, value = network(4, 64, 64, 2), network(4, 64, 64, 1)
    policy_optimizer = torch.optim.Adam(policy.parameters(), lr=3e-4)
    value_optimizer = torch.optim.Adam(value.parameters(), lr=1e-3)
    observation, _ = env.reset(seed=seed)
    for _ in range(50):
        observations, actions, advantages, targets = [], [], [], []
        rewards, values = [], []
        for step in range(4000):
            with torch.no_grad():
                state = torch.as_tensor(observation)
                action = Categorical(logits=policy(state)).sample().item()
                values.append(value(state).item())
            observations.append(observation)
            actions.append(action)
            observation, reward, terminated, truncated, _ = env.step(action)
            rewards.append(reward)
            if terminated or truncated or step == 3999:
                with torch.no_grad():
                    last = 0.0 if terminated else value(torch.as_tensor(observation)).item()
                following = np.array(values[1:] + [last])
                advantages.append(discounted(np.array(rewards) + 0.99 * following - np.array(values), 0.99 * 0.97))
                targets.append(discounted(rewards + [last], 0.99)[:-1])
                rewards, values = [], []
                observation, _ = env.reset()
        states = torch.as_tensor(np.array(observations))
        advantage = torch.as_tensor(np.concatenate(advantages))
        advantage = (advantage - advantage.mean()) / advantage.std()
        target = torch.as_tensor(np.concatenate(targets))
        log_probability = Categorical(logits=policy(states)).log_prob(torch.as_tensor(actions))
        policy_optimizer.zero_grad()
        (-(log_probability * advantage).mean()).backward()
        policy_optimizer.step()
        for _ in range(80):
            value_optimizer.zero_grad()
            ((value(states).squeeze(-1) - target) ** 2).mean().backward()
            value_optimizer.step()


def main():
    name, seed = sys.argv[1], int(sys.argv[2])
    torch.manual_seed(seed)
    start = time.perf_counter()
    {"article": article, "simple": simple, "vpg": vpg}[name](seed)
    print(time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    main()
