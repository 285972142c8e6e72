"""Runs of one of Kernel Tuner's strategies on a recorded space: kernel_tuner_run.py T1 T4 STRATEGY EVALUATIONS SEEDS.

Run by strategies.py with an interpreter that has kernel-tuner 1.5.0. Printed is, as JSON, for each seed from 0 the best time
in ms after each evaluation, null before the first that did not fail. Nothing is compiled: its own simulation mode replays
the recording.
"""

import contextlib
import gzip
import json
import os
import random
import sys
import tempfile
from pathlib import Path


def values_of(parameter):
    # The hub's files hold Python expressions: comprehensions over ranges, powers, sums of lists.
    return eval(parameter["Values"], {"__builtins__": {"range": range, "list": list}})


def cache_of(t1, t4, parameters):
    """The recording in the form of Kernel Tuner's cache files."""
    cache = {}
    for result in t4["results"]:
        config = result["configuration"]
        entry = dict(config)
        time = next((m["value"] for m in result["measurements"] if m["name"] == "time"), None)
        if result["invalidity"] == "correct" and isinstance(time, (int, float)):
            entry |= {"time": time, "times": [time]}
        else:
            entry |= {"time": "RuntimeFailedConfig", "times": [], "__error__": "RuntimeFailedConfig"}
        entry |= {"compile_time": 0, "verification_time": 0, "benchmark_time": 0, "strategy_time": 0, "framework_time": 0}
        cache[",".join(str(config[name]) for name in parameters)] = entry
    return {
        "device_name": "recording", "kernel_name": t1["KernelSpecification"]["KernelName"],
        "problem_size": t1["KernelSpecification"]["ProblemSize"], "tune_params_keys": list(parameters),
        "tune_params": parameters, "objective": "time", "cache": cache,
    }


def run(t1, parameters, cache, strategy, evaluations, seed):
    import kernel_tuner
    import numpy

    times = []

    def keep(tune_params, result, *ignored):
        times.append(result.get("time"))

    kernel_tuner.util.print_config_output = keep
    random.seed(seed)
    numpy.random.seed(seed)
    specification = t1["KernelSpecification"]
    kernel_tuner.tune_kernel(
        specification["KernelName"], "__global__ void unused() {}", specification["ProblemSize"], [], parameters,
        restrictions=[condition["Expression"] for condition in t1["ConfigurationSpace"]["Conditions"]], lang="CUDA",
        cache=cache, simulation_mode=True, strategy=strategy, strategy_options={"max_fevals": evaluations}, quiet=True,
        seed=seed)
    best, bests = None, []
    for time in times[:evaluations]:
        if isinstance(time, (int, float)) and (best is None or time < best):
            best = time
        bests.append(best)
    return bests


def main():
    t1_path, t4_path, strategy, evaluations, seeds = sys.argv[1:]
    t1 = json.loads(Path(t1_path).read_text())
    parameters = {p["Name"]: values_of(p) for p in t1["ConfigurationSpace"]["TuningParameters"]}
    with gzip.open(t4_path, "rt") as file:
        contents = cache_of(t1, json.load(file), parameters)
    with tempfile.TemporaryDirectory() as folder, open(os.devnull, "w") as nowhere:
        os.chdir(folder)
        Path("cache.json").write_text(json.dumps(contents))
        with contextlib.redirect_stdout(nowhere):
            runs = [run(t1, parameters, "cache.json", strategy, int(evaluations), seed) for seed in range(int(seeds))]
    json.dump(runs, sys.stdout)


if __name__ == "__main__":
    main()
