"""What bounds 10, 100 and 1,000 workers: a simulation from figures that `benchmarks workers` and worker_runs.py measure.

usage: workers_model.py [--megabyte-ms MS] [--update-s S] [--slow-share P] [--slow-times N]

One agent sends its parameters of 1 MB to one worker after the other, which takes MS each, and takes in gradients one after
the other, which takes as long. A worker needs S for the steps of an update, and in a share P of them N times as long. Prints
the table of the page MoreThanOneMachine. Standard library only.
"""

import argparse
import heapq
import random

UPDATES = 400


def together(count, late, costs, dice):
    """Return the mean seconds of an update that waits for all workers but `late`, and how often one of them was slow."""
    megabyte, update, share, times = costs
    total, slow_updates = 0.0, 0
    # When each worker has finished what it began for an earlier update.
    free = [0.0] * count
    now = 0.0
    for _ in range(UPDATES):
        begin, ends, is_slow = now, [], False
        asked = 0
        for worker in range(count):
            if free[worker] > begin:
                continue
            asked += 1
            slow = dice.random() < share
            is_slow = is_slow or slow
            free[worker] = begin + asked * megabyte + update * (times if slow else 1)
        ends = sorted(free)[: count - late]
        taken = begin + asked * megabyte
        for end in ends:
            taken = max(taken, end) + megabyte
        now = taken
        total += now - begin
        slow_updates += is_slow
    return total / UPDATES, slow_updates / UPDATES


def apart(count, costs, dice):
    """Return the gradients a second of workers that wait for nobody, and their mean staleness."""
    megabyte, update, share, times = costs
    answers = [(update * dice.random(), worker, 0) for worker in range(count)]
    heapq.heapify(answers)
    now, version, ages = 0.0, 0, 0
    wanted, first = 60 * count, 20 * count
    for number in range(wanted):
        end, worker, seen = heapq.heappop(answers)
        now = max(now, end) + megabyte
        if number == first:
            begin = now
        if number >= first:
            ages += version - seen
        version += 1
        now += megabyte
        heapq.heappush(answers, (now + update * (times if dice.random() < share else 1), worker, version))
    return (wanted - first) / (now - begin), ages / (wanted - first)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabyte-ms", type=float, default=0.6)
    parser.add_argument("--update-s", type=float, default=1.28)
    parser.add_argument("--slow-share", type=float, default=0.01)
    parser.add_argument("--slow-times", type=float, default=10)
    words = parser.parse_args()
    costs = (words.megabyte_ms / 1000, words.update_s, words.slow_share, words.slow_times)
    dice = random.Random(0)
    print("| workers | parameters to all of them | updates that wait for a slow one | of linear, all waited for "
          "| all but a tenth | `a3c` | its staleness |")
    print("|---|---|---|---|---|---|---|")
    for count in (10, 100, 1000):
        whole, slow = together(count, 0, costs, dice)
        most, _ = together(count, count // 10, costs, dice)
        gradients, staleness = apart(count, costs, dice)
        linear = count / words.update_s
        print(f"| {count:,} | {count * costs[0]:.2g} s | {slow:.0%} | {count / whole / linear:.2f} "
              f"| {(count - count // 10) / most / linear:.2f} | {gradients / linear:.2f} | {staleness:.0f} |")


if __name__ == "__main__":
    main()
