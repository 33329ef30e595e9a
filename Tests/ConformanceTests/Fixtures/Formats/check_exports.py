"""Holds what `pgagent export` writes against `pgagent serve`: policies of every kind and space, with weights at random.

    check_exports.py PGAGENT [--observations N] [--compilers gcc,clang] [--cases NAME,...] [--time] DIRECTORY

ONNX models go through onnx's checker and onnxruntime, the C file through the compilers, the JSON form through serve.
Continuous numbers agree within 1e-5 of their magnitude, or of 1 where that is less; greedy choices are equal. ln pi of a
sample, computed in double precision from the exported parameters, is held against the one that serve gives.
"""

import argparse
import ctypes
import json
import math
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

TOLERANCE = 1e-5
# Of float16, two numbers that are not apart in single precision may round to neighbours.
TOLERANCE_OF_HALVES = 2**-10


def box(*shape, low=-1, high=1, dtype="float32"):
    return {"type": "Box", "shape": list(shape), "dtype": dtype, "low": low, "high": high}


def discrete(n, **more):
    return {"type": "Discrete", "n": n, **more}


EVERYTHING = {
    "type": "Dict",
    "spaces": [
        ["left.arm", box(2, 2, low=[-1, -2, -3, -4], high=4)],
        ["grip", discrete(3, start=5)],
        ["*/ keys \"?\" \n", {"type": "Tuple", "spaces": [
            {"type": "MultiBinary", "shape": [2, 2]},
            {"type": "MultiDiscrete", "shape": [3], "nvec": [2, 4, 3], "start": [0, -1, 7], "dtype": "int32"},
            box(2, low=0, high=9, dtype="int16"),
            discrete(2),
        ]}],
    ],
}
SEEN = {"type": "Tuple", "spaces": [
    box(3, low="-Infinity", high="Infinity"), discrete(4, start=-1),
    {"type": "MultiDiscrete", "shape": [2], "nvec": [2, 3]}, {"type": "MultiBinary", "shape": [3]},
    box(2, low=0, high=255, dtype="uint8")]}
BOXES = {"type": "Dict", "spaces": [["a", box(2, low=[-2, 0], high=[2, 5])], ["b", box(low=0, high=7, dtype="int32")]]}

RESCALED = {"obs_rescale": True, "obs_clip": 0.75, "action_rescale": True}
STACKED = {"type": "Tuple", "spaces": [box(3, 2, low=[-1, 0] * 3, high=[2, "Infinity"] * 3),
                                       {"type": "MultiDiscrete", "shape": [3], "nvec": [4] * 3}]}

# name: obs space, action space, kind, form of sigma, activation, normalised, hidden layers, and perhaps wrappers
CASES = {
    "categorical": (box(4), discrete(2), None, None, "tanh", False, [64]),
    "categorical-start": (discrete(7, start=3), discrete(5, start=-2, dtype="int32"), None, None, "relu", True, [16]),
    "linear": (box(3), discrete(4), None, None, "tanh", True, []),
    "gaussian-free": (box(3), box(2, low=-2, high=2), None, "free", "tanh", True, [32, 16]),
    "gaussian-network": (box(3), box(2, low="-Infinity", high="Infinity"), None, "network", "tanh", True, [32, 16]),
    "gaussian-head": (box(3), box(3, low=-9, high=9, dtype="float64"), None, "head", "relu", False, [33]),
    "gaussian-integer": (box(3), box(2, 2, low=-3, high=3, dtype="int64"), None, "free", "tanh", False, [8]),
    "gaussian-half": (box(3), box(2, low=-1, high=1, dtype="float16"), None, "free", "tanh", False, [8]),
    "multi-discrete": (box(3), {"type": "MultiDiscrete", "shape": [2, 2], "nvec": [3, 3, 3, 3]}, None, None,
                       "tanh", False, [16]),
    "multi-binary": (box(3), {"type": "MultiBinary", "shape": [5]}, None, None, "tanh", False, [16]),
    "everything-free": (SEEN, EVERYTHING, None, "free", "tanh", True, [24, 24]),
    "everything-network": (SEEN, EVERYTHING, None, "network", "relu", True, [24]),
    "everything-head": (SEEN, EVERYTHING, None, "head", "tanh", False, [24]),
    "squashed": (box(3), box(2, low=-2, high=[1, 3]), "squashed-gaussian", None, "relu", True, [32, 32]),
    "squashed-boxes": (SEEN, BOXES, "squashed-gaussian", None, "tanh", False, [32]),
    "deterministic": (box(3), box(2, low=-2, high=[1, 3]), "deterministic", None, "relu", True, [32, 32]),
    "deterministic-boxes": (SEEN, BOXES, "deterministic", None, "tanh", False, [16]),
    "implicit": (box(3), box(2, low=-2, high=[1, 3]), "implicit", None, "relu", True, [32, 32]),
    "implicit-boxes": (SEEN, BOXES, "implicit", None, "tanh", False, [16]),
    "rescaled": (box(3, low=-2, high=[5, "Infinity", 3]), box(2, low=-2, high=[3, "Infinity"]), None, "free", "tanh", True,
                 [32], RESCALED),
    "rescaled-everything": (SEEN, EVERYTHING, None, "head", "tanh", False, [24], RESCALED),
    "rescaled-observations": (SEEN, BOXES, "squashed-gaussian", None, "relu", True, [24], {"obs_rescale": True}),
    "clipped": (SEEN, discrete(3), None, None, "tanh", True, [16], {"obs_clip": 0.5, "reward_clip": 1, "time_limit": 9}),
    "rescaled-actions": (box(3), EVERYTHING, None, "network", "tanh", False, [24], {"action_rescale": True}),
    "stacked": (STACKED, discrete(3), None, None, "tanh", True, [16], {"frame_stack": 3, "obs_rescale": True}),
}


def leaves(space, path="action"):
    if space["type"] == "Tuple":
        return [leaf for i, part in enumerate(space["spaces"]) for leaf in leaves(part, f"{path}.{i}")]
    if space["type"] == "Dict":
        return [leaf for key, part in space["spaces"] for leaf in leaves(part, f"{path}.{key}")]
    return [(path, space)]


def width(space):
    return math.prod(space.get("shape", []))


def counts(space):
    """How many choices each element has; none for a Box and a MultiBinary."""
    if space["type"] == "Discrete":
        return [space["n"]]
    return np.ravel(space["nvec"]).tolist() if space["type"] == "MultiDiscrete" else []


def starts(space):
    return np.broadcast_to(np.array(space.get("start", 0)), width(space)).tolist()


def bound(space, name):
    return np.broadcast_to(np.array(space[name], dtype=float), width(space))


def row_width(space):
    return sum(sum(counts(leaf)) or width(leaf) for _, leaf in leaves(space))


def network(generator, sizes, last=1.0):
    layers = []
    for i, (inputs, units) in enumerate(zip(sizes, sizes[1:])):
        scale = (last if i == len(sizes) - 2 else 1) / math.sqrt(inputs)
        weights = (generator.standard_normal((units, inputs)) * scale).astype(np.float32)
        biases = (generator.standard_normal(units) * 0.1).astype(np.float32)
        layers.append({"weights": weights.tolist(), "biases": biases.tolist()})
    return layers


def policy(generator, obs_space, action_space, kind, form, activation, is_normalized, hidden, wrappers=None):
    inputs = row_width(obs_space)
    numbers = sum(width(leaf) for _, leaf in leaves(action_space) if leaf["type"] == "Box")
    logits = sum(sum(counts(leaf)) or (width(leaf) if leaf["type"] == "MultiBinary" else 0)
                 for _, leaf in leaves(action_space))
    file = {"format": "gymwire-policy", "version": 2 if kind else 1, "algorithm": "*/ a test ??/", "environment_steps": 1,
            "obs_space": obs_space, "action_space": action_space, "activation": activation}
    if kind:
        file["kind"] = kind
    if wrappers:
        file |= {"version": 3, "wrappers": wrappers}
    outputs = logits + numbers * (2 if kind == "squashed-gaussian" or form == "head" else 1)
    sizes = [inputs + (numbers if kind == "implicit" else 0)] + hidden + [outputs]
    file["policy"] = network(generator, sizes)
    if is_normalized:
        file["normalization"] = {"mean": generator.standard_normal(inputs).tolist(),
                                 "variance": (generator.random(inputs) * 3).tolist()}
    if form:
        file["sigma"] = {"form": form}
        if form == "free":
            file["sigma"]["values"] = (generator.standard_normal(numbers) * 0.5).astype(np.float32).tolist()
        if form == "network":
            file["sigma"]["layers"] = network(generator, [inputs] + hidden + [numbers], last=0.3)
    return file


def observations(generator, space, n):
    """`n` values of the space as a batch has them (SPEC 12.3), and their rows of numbers (SPEC 18.3)."""
    if space["type"] == "Tuple":
        values, rows = zip(*(observations(generator, part, n) for part in space["spaces"]))
        return list(values), np.concatenate(rows, axis=1)
    if space["type"] in ("Discrete", "MultiDiscrete"):
        chosen = [generator.integers(choices, size=n) for choices in counts(space)]
        rows = [np.eye(choices)[column] for choices, column in zip(counts(space), chosen)]
        values = np.stack([column + start for column, start in zip(chosen, starts(space))], axis=1)
        return values.ravel().tolist(), np.concatenate(rows, axis=1)
    if space["type"] == "MultiBinary":
        numbers = generator.integers(2, size=(n, width(space)))
    elif space["dtype"] == "uint8":
        # No larger than the others: sums in another order are apart by the rounding of their largest term.
        numbers = generator.integers(16, size=(n, width(space)))
    else:
        # Of every magnitude, and far outside the bounds too.
        numbers = generator.standard_normal((n, width(space))) * 10.0 ** generator.uniform(-3, 1, size=(n, 1))
    numbers = numbers.astype(np.float32)
    return numbers.ravel().tolist(), numbers


def mask(generator, action_space, n):
    """Masks with something legal in each part: in the structure of SPEC 14.2, and as rows."""
    if action_space["type"] in ("Tuple", "Dict"):
        parts = action_space["spaces"]
        keys = [key for key, _ in parts] if action_space["type"] == "Dict" else range(len(parts))
        spaces = [space for _, space in parts] if action_space["type"] == "Dict" else parts
        masks, rows = zip(*(mask(generator, space, n) for space in spaces))
        return dict(zip(keys, masks)) if action_space["type"] == "Dict" else list(masks), np.concatenate(rows, axis=1)
    rows = [np.zeros((n, 0), dtype=bool)]
    for choices in counts(action_space):
        legal = generator.random((n, choices)) < 0.6
        legal[np.arange(n), generator.integers(choices, size=n)] = True
        rows.append(legal)
    rows = np.concatenate(rows, axis=1)
    return rows.astype(int).ravel().tolist() if rows.shape[1] else None, rows


class Served:
    """A process of `pgagent serve`."""

    def __init__(self, command, path, count):
        self.process = subprocess.Popen(
            [command, "serve", str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.count = count
        self.ask({"op": "hello", "versions": [1], "features": ["batch", "mask"]})

    def ask(self, request):
        self.process.stdin.write(json.dumps({"id": 0, **request}) + "\n")
        self.process.stdin.flush()
        reply = json.loads(self.process.stdout.readline())
        if "error" in reply:
            sys.exit(f"pgagent serve refuses: {reply['error']}")
        return reply

    def act(self, values, masks, **how):
        request = {"op": "act", "obs": values, "n": self.count, **how}
        if masks is not None:
            request["action_mask"] = masks
        return self.ask(request)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def columns(space, values, n):
    """The actions of a batch, as rows of doubles, one array for each leaf."""
    if space["type"] == "Tuple":
        return [leaf for part, value in zip(space["spaces"], values) for leaf in columns(part, value, n)]
    if space["type"] == "Dict":
        return [leaf for key, part in space["spaces"] for leaf in columns(part, values[key], n)]
    return [np.array(values, dtype=np.float64).reshape(n, -1)]


def log_probability(case, action_space, actions, parameters):
    """ln pi (SPEC 18.11, 18.13) of a batch of actions, in double precision; NaN where it cannot be told.

    Also how much of it is lost because an action is known in single precision only.
    """
    squashed = case[2] == "squashed-gaussian"
    rescaled = len(case) > 7 and case[7].get("action_rescale")
    total, lost = np.zeros((2, len(actions[0])))
    for (_, leaf), chosen, (first, second) in zip(leaves(action_space), actions, parameters):
        first = first.astype(np.float64)
        if leaf["type"] == "Box":
            low = bound(leaf, "low")
            high = bound(leaf, "high")
            second = second.astype(np.float64)
            # What was clipped, rounded, or so near to a bound that single precision cannot tell has lost its density.
            span = 1e-3 * np.minimum(high - low, 1) if squashed else 0
            usable = (chosen > low + span) & (chosen < high - span)
            if leaf["dtype"] != "float32":
                usable &= leaf["dtype"] == "float64"
            x = np.where(usable, chosen, np.nan)
            size = 0
            if rescaled:
                bounded = np.isfinite(high - low)
                span = np.where(bounded, high - low, 1)
                x = np.where(bounded, 2 * (x - np.where(bounded, low, 0)) / span - 1, x)
                # What was added to the lower bound has lost what is small beside it.
                size = np.where(bounded, np.maximum(np.abs(low), np.abs(high)) / span, 0)
            if not squashed:
                # Means and samples are known in single precision, which a small deviation makes much of.
                magnitude = np.maximum(np.abs(x), np.maximum(1, size))
                lost += (np.abs(x - first) / np.exp(2 * second) * magnitude * 2.0**-22).sum(axis=1)
            if squashed:
                share = (x - low) / (high - low)
                x = np.arctanh(2 * share - 1)
                resolution = 2.0**-22 / (1 - np.tanh(x) ** 2)
                lost += ((np.abs(x - first) / np.exp(2 * second) + 2) * resolution).sum(axis=1)
                total -= (np.log1p(-np.tanh(x) ** 2) + np.log((high - low) / 2)).sum(axis=1)
            total -= (0.5 * ((x - first) / np.exp(second)) ** 2 + second + 0.5 * math.log(2 * math.pi)).sum(axis=1)
        elif leaf["type"] == "MultiBinary":
            total += (chosen * first - np.logaddexp(0, first)).sum(axis=1)
        else:
            column = 0
            for element, (n, start) in enumerate(zip(counts(leaf), starts(leaf))):
                logits = first[:, column:column + n]
                index = (chosen[:, element] - start).astype(int)
                total += logits[np.arange(len(logits)), index] - np.logaddexp.reduce(logits, axis=1)
                column += n
    return total, lost


def worst(name, expected, actual, dtype="float32"):
    """The largest difference; one above the tolerance is an error."""
    expected, actual = np.asarray(expected, dtype=float), np.asarray(actual, dtype=float)
    difference = np.abs(expected - actual) / np.maximum(1, np.abs(expected))
    largest = float(np.nanmax(difference, initial=0))
    if largest > (TOLERANCE_OF_HALVES if dtype == "float16" else TOLERANCE):
        row = int(np.argmax(difference.reshape(len(difference), -1).max(axis=1)))
        sys.exit(f"{name}: row {row} is {actual[row]} instead of {expected[row]}, {largest} apart")
    return largest


def require_equal(name, expected, actual):
    wrong = np.flatnonzero((np.asarray(expected) != np.asarray(actual)).any(axis=1))
    if len(wrong):
        row = wrong[0]
        sys.exit(f"{name}: {len(wrong)} of {len(expected)} rows differ; row {row} is {actual[row]} instead of {expected[row]}")


class CompiledPolicy:
    """A C file as a library."""

    def __init__(self, source, compiler):
        library = source.with_suffix(f".{compiler}.so")
        subprocess.run(
            [compiler, "-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-O2", "-shared", "-fPIC", str(source),
             "-o", str(library), "-lm"], check=True)
        self.act_one = ctypes.CDLL(str(library)).policy_act

    def act(self, rows, masks, action_width, parameter_count):
        actions = np.zeros((len(rows), action_width))
        parameters = np.zeros((len(rows), max(parameter_count, 1)), dtype=np.float32)
        for i in range(len(rows)):
            self.act_one(
                rows[i].ctypes.data_as(ctypes.c_void_p),
                None if masks is None else masks[i].ctypes.data_as(ctypes.c_void_p),
                actions[i].ctypes.data_as(ctypes.c_void_p), parameters[i].ctypes.data_as(ctypes.c_void_p))
        return actions, parameters[:, :parameter_count]


def check(name, case, options, directory):
    obs_space, action_space, kind, form = case[:4]
    # The same numbers for a case, whatever other cases there are.
    generator = np.random.default_rng(list(name.encode()))
    path = directory / f"{name}.json"
    path.write_text(json.dumps(policy(generator, *case)))

    def export(form, suffix):
        target = directory / f"{name}{suffix}"
        subprocess.run([options.pgagent, "export", str(path), "--format", form, "-o", str(target)], check=True,
                       capture_output=True)
        return target

    model = onnx.load(export("onnx", ".onnx"))
    onnx.checker.check_model(model, full_check=True)
    options_of_session = onnxruntime.SessionOptions()
    # It warns of every input that may be left out, which the mask is meant to be.
    options_of_session.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options_of_session, providers=["CPUExecutionProvider"])
    compiled = {compiler: CompiledPolicy(export("c", ".c"), compiler) for compiler in options.compilers}
    n = options.observations
    values, rows = observations(generator, obs_space, n)
    rows = np.ascontiguousarray(rows, dtype=np.float32)
    parts = leaves(action_space)
    mask_width = sum(sum(counts(leaf)) for _, leaf in parts)
    largest = {"onnx": 0.0, "c": 0.0, "logp": 0.0}
    compared = 0
    for is_masked in [False, True] if mask_width else [False]:
        told, masks = mask(generator, action_space, n) if is_masked else (None, None)
        feeds = {"obs": rows} | ({"mask": masks} if is_masked else {})
        outputs = dict(zip([output.name for output in session.get_outputs()], session.run(None, feeds)))
        if n > 3:
            some = session.run(None, {key: value[1:3] for key, value in feeds.items()})
            for whole, part in zip(outputs.values(), some):
                if part.shape[0] != 2:
                    sys.exit(f"{name}: a batch of 2 has {part.shape[0]} rows of outputs")
        served = Served(options.pgagent, path, n)
        greedy = served.act(values, told, deterministic=True)
        sampled = served.act(values, told, seed=17)
        served.close()
        expected = columns(action_space, greedy["action"], n)
        for (path_of_leaf, leaf), numbers in zip(parts, expected):
            output = outputs[path_of_leaf]
            if list(output.shape[1:]) != list(leaf.get("shape", [])):
                sys.exit(f"{name}: {path_of_leaf} has the shape {output.shape}")
            wanted = {"MultiBinary": "int8"}.get(leaf["type"], leaf.get("dtype", "int64"))
            if output.dtype != wanted:
                sys.exit(f"{name}: {path_of_leaf} is {output.dtype} instead of {wanted}")
            flat = output.reshape(n, -1).astype(float)
            if str(leaf.get("dtype", "int")).startswith("float"):
                largest["onnx"] = max(largest["onnx"], worst(f"{name}, onnx", numbers, flat, leaf["dtype"]))
            else:
                require_equal(f"{name}, onnx, {path_of_leaf}", numbers, flat)
        parameters = []
        if kind in (None, "squashed-gaussian"):
            for path_of_leaf, leaf in parts:
                suffix = path_of_leaf.removeprefix("action")
                pair = ("mean", "log_std") if leaf["type"] == "Box" else ("logits",)
                parameters.append([outputs[key + suffix] for key in pair] + [None])
            pairs = [pair[:2] for pair in parameters]
            logp, lost = log_probability(case, action_space, columns(action_space, sampled["action"], n), pairs)
            known = ~np.isnan(logp)
            compared += int(known.sum())
            expected_logp, logp = np.array(sampled["logp"])[known], logp[known]
            apart = logp - expected_logp
            apart = np.sign(apart) * np.maximum(0, np.abs(apart) - lost[known])
            largest["logp"] = max(largest["logp"], worst(f"{name}, logp", expected_logp, expected_logp + apart))
        flat = [array for group in parameters for array in group if array is not None]
        for compiler, c in compiled.items():
            actions, numbers = c.act(
                rows, None if masks is None else np.ascontiguousarray(masks, dtype=np.uint8), sum(e.shape[1] for e in expected),
                sum(array.shape[1] for array in flat))
            column = 0
            for (path_of_leaf, leaf), wanted in zip(parts, expected):
                part = actions[:, column:column + wanted.shape[1]]
                column += wanted.shape[1]
                if str(leaf.get("dtype", "int")).startswith("float"):
                    if leaf["dtype"] == "float16":
                        part = part.astype(np.float16)
                    largest["c"] = max(largest["c"], worst(f"{name}, {compiler}", wanted, part, leaf["dtype"]))
                else:
                    require_equal(f"{name}, {compiler}, {path_of_leaf}", wanted, part)
            if flat:
                exported = np.concatenate(flat, axis=1)
                if not (np.isneginf(exported) == np.isneginf(numbers)).all():
                    sys.exit(f"{name}, {compiler}: other choices are forbidden than in the ONNX model")
                finite = np.isfinite(exported)
                worst(f"{name}, {compiler}", np.where(finite, exported, 0), np.where(finite, numbers, 0))
    if kind in (None, "squashed-gaussian") and not any(
            leaf["type"] == "Box" and leaf["dtype"] not in ("float32", "float64") for _, leaf in parts):
        if compared < 0.1 * n:
            sys.exit(f"{name}: only {compared} samples could be compared")
    plain = json.loads(export("json", ".plain.json").read_text())
    for written, layer in zip(json.loads(path.read_text())["policy"], plain["policy"], strict=True):
        for key in ("weights", "biases"):
            if not np.array_equal(np.float32(written[key]), np.float32(layer[key])):
                sys.exit(f"{name}: the JSON form has other {key}")
    print(f"{name}: {n} observations; at most {largest['onnx']:.1e} apart in ONNX, {largest['c']:.1e} in C, "
          f"ln pi {largest['logp']:.1e}", flush=True)


TIMING = """
#include <stdio.h>
#include <time.h>
#include "%s"
int main(void) {
  float obs[POLICY_OBS] = {0};
  double action[POLICY_ACTION], sum = 0;
  struct timespec begin, end;
  int i, n = 200000;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  for (i = 0; i < n; i++) {
    obs[i %% POLICY_OBS] = (float)(i %% 1000) * 1e-4f;
    policy_act(obs, NULL, action, NULL);
    sum += action[0];
  }
  clock_gettime(CLOCK_MONOTONIC, &end);
  printf("%%.0f ns an action (sum %%.0f)\\n",
         ((double)(end.tv_sec - begin.tv_sec) * 1e9 + (double)(end.tv_nsec - begin.tv_nsec)) / n, sum);
  return 0;
}
"""


def time_c(directory, compilers):
    """The policy of pgagent's default size for CartPole."""
    for compiler in compilers:
        source = directory / "timing.c"
        source.write_text(TIMING % (directory / "categorical.c"))
        program = directory / f"timing-{compiler}"
        subprocess.run([compiler, "-std=gnu99", "-O2", str(source), "-o", str(program), "-lm"], check=True)
        print(f"{compiler}:", subprocess.run([str(program)], check=True, capture_output=True, text=True).stdout.strip())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pgagent")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--observations", type=int, default=10_000)
    parser.add_argument("--compilers", type=lambda text: text.split(","), default=["gcc", "clang"])
    parser.add_argument("--cases", type=lambda text: text.split(","), default=list(CASES), help="those alone")
    parser.add_argument("--time", action="store_true")
    options = parser.parse_args()
    options.compilers = [compiler for compiler in options.compilers if shutil.which(compiler)]
    if not options.compilers:
        sys.exit("there is no C compiler")
    begin = time.time()
    for name in options.cases:
        check(name, CASES[name], options, options.directory)
    if options.time:
        time_c(options.directory, options.compilers)
    print(f"{len(options.cases)} policies are the same in ONNX, in C ({', '.join(options.compilers)}) and in JSON, "
          f"after {time.time() - begin:.1f} s")


main()
