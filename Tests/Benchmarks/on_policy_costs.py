"""What a run of PPO costs, in one of several programs.

usage: on_policy_costs.py TASK ours DIRECTORY SEED      DIRECTORY has the built programs
       on_policy_costs.py pendulum rltools PROGRAM SEED PROGRAM is built by hand from RLtools' example
       on_policy_costs.py lunar-lander sb3 - SEED       needs stable-baselines3 and gymnasium[box2d]

pendulum is 75 updates from 4 x 1,024 steps of Pendulum-v1, each of 2 passes in minibatches of 256. lunar-lander is 7 updates
from 16 x 1,024 steps of Gymnasium's LunarLander-v3, each of 4 passes in minibatches of 64. All networks have two hidden
layers of 64: of relu for pendulum, as in RLtools' example, and of tanh for lunar-lander, as in Stable-Baselines3. Everything
is on one processor. Prints seconds of user and system time: of ours from start to exit, the environment's process included;
of Stable-Baselines3 what `learn` takes, without the imports.
"""

import sys
import tempfile
import time

from off_policy_costs import child

TASKS = {
    "pendulum": "--activation relu --num-envs 4 --epochs 75 --steps-per-epoch 4096 --steps-per-update 4096 --train-pi-iters 2"
    " --train-v-iters 2 --minibatch-size 256 --gamma 0.9",
    "lunar-lander": "--num-envs 16 --epochs 7 --steps-per-epoch 16384 --steps-per-update 16384 --train-pi-iters 4"
    " --train-v-iters 4 --minibatch-size 64 --gamma 0.999 --lam 0.98 --ent-coef 0.01",
}


def ours(task, directory, seed):
    environment = {
        "pendulum": ["--env-cmd", f"{directory}/classic-control-server --id Pendulum-v1"],
        "lunar-lander": ["--gym", "LunarLander-v3", "--python", sys.executable],
    }[task]
    with tempfile.TemporaryDirectory() as scratch:
        return child(
            [f"{directory}/pgagent", *environment, "--algo", "ppo", "--hidden", "64,64", *TASKS[task].split(),
             "--seed", seed, "--out", f"{scratch}/run"])[0]


def rltools(task, program, seed):
    return child([program, seed])[0]


def sb3(task, _, seed):
    import os

    os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[-1]})
    import torch
    from stable_baselines3 import PPO
    from stable_baselines3.common.env_util import make_vec_env

    torch.set_num_threads(1)
    model = PPO(
        "MlpPolicy", make_vec_env("LunarLander-v3", 16, seed=int(seed)), n_steps=1024, batch_size=64, n_epochs=4,
        gamma=0.999, gae_lambda=0.98, ent_coef=0.01, device="cpu", seed=int(seed))
    begin = time.process_time()
    model.learn(7 * 16 * 1024)
    return time.process_time() - begin


def main():
    task, which, place, seed = sys.argv[1:]
    print({"ours": ours, "rltools": rltools, "sb3": sb3}[which](task, place, seed), flush=True)


if __name__ == "__main__":
    main()
