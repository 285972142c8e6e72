"""How near strategies come to the optimum of recorded spaces: strategies.py AUTOTUNE HUB [--seeds 50] [--strategies lfbo …].

HUB holds NAME_T1.json and NAME_DEVICE_T4.json.gz files. Printed is, for each strategy and space, the median over the seeds
of the best so far over the optimum, after 25, 50, 100, 200 and 400 evaluations; failures count as evaluations. `hybrid` is
given the replies that the hub holds for a space. With --kernel-tuner PYTHON, an interpreter with kernel-tuner 1.5.0, its
strategies run beside ours.
"""

import argparse
import gzip
import json
import os
import statistics
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

budgets = [25, 50, 100, 200, 400]
spaces = {
    "convolution": "convolution_A100", "dedispersion": "dedispersion_A100", "pnpoly": "pnpoly_RTX3090",
}
kernel_tuners = [
    "adaptive_tabu_greywolf", "genetic_algorithm", "hybrid_vndx", "bayes_opt", "simulated_annealing", "pso", "diff_evo",
]


def files(hub, space):
    return hub / f"{space}_T1.json", hub / f"{spaces[space]}_T4.json.gz"


def optimum(recording):
    with gzip.open(recording, "rt") as file:
        results = json.load(file)["results"]
    values = [m["value"] for r in results if r["invalidity"] == "correct" for m in r["measurements"] if m["name"] == "time"]
    return min(value for value in values if isinstance(value, (int, float)))


def run(options, space, strategy, seed):
    """The best so far at each budget."""
    kernel, recording = files(options.hub, space)
    with tempfile.TemporaryDirectory() as folder:
        session = Path(folder) / "session"
        command = [
            options.program, kernel, "--recorded", recording, "--strategy", strategy, "--seed", seed, "--budget", budgets[-1],
            "--no-limit-stop", "--session", session, "--quiet",
        ]
        command += options.options.split()
        if strategy == "hybrid":
            command += ["--provider", "replay", "--model", options.hub / f"replies-{space}-A100"]
        else:
            command += ["--configs-per-round", options.per_round]
        # The files' oddities are told on standard error at each run.
        ended = subprocess.run([str(part) for part in command], capture_output=True, text=True)
        if ended.returncode != 0:
            raise SystemExit(f"{space}, {strategy}, seed {seed}: {ended.stderr}")
        best, count, found = None, 0, {}
        for line in (session / "journal.jsonl").read_text().splitlines():
            event = json.loads(line)
            if event["event"] != "evaluation":
                continue
            count += 1
            if event["evaluation"]["outcome"] == "measured":
                time = event["evaluation"]["timing"]["median_ms"]
                best = time if best is None else min(best, time)
            found[count] = best
    return [found[min(budget, count)] for budget in budgets]


def run_kernel_tuner(options, space, strategy, seeds):
    """The best so far at each budget, for each seed."""
    command = [
        options.kernel_tuner, Path(__file__).parent / "kernel_tuner_run.py", *(path.resolve() for path in files(options.hub, space)),
        strategy, budgets[-1], seeds]
    ended = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True)
    return [[bests[min(budget, len(bests)) - 1] for budget in budgets] for bests in json.loads(ended.stdout)]


def row(strategy, space, runs, best):
    ratios = [statistics.median(times) / best for times in zip(*runs)]
    print(f"{strategy:<40}{space:<14}" + "".join(f"{ratio:8.4f}" for ratio in ratios), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=Path)
    parser.add_argument("hub", type=Path)
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--first-seed", type=int, default=0, help="of ours; Kernel Tuner's runs have seeds from 0 on")
    parser.add_argument("--strategies", nargs="+", default=["lfbo", "local", "random"])
    parser.add_argument("--per-round", type=int, default=10, help="of all but hybrid")
    parser.add_argument("--spaces", nargs="+", default=["convolution", "dedispersion"], choices=list(spaces))
    parser.add_argument("--options", default="", help="more options of autotune, such as \"--explore 0.2\"")
    parser.add_argument("--kernel-tuner", help="an interpreter that has kernel-tuner, to run its strategies too")
    options = parser.parse_args()
    print(f"{'strategy':<40}{'space':<14}" + "".join(f"{budget:>8}" for budget in budgets))
    for space in options.spaces:
        best = optimum(files(options.hub, space)[1])
        for strategy in options.strategies:
            if strategy == "hybrid" and not (options.hub / f"replies-{space}-A100").exists():
                continue
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                runs = list(pool.map(lambda seed: run(options, space, strategy, options.first_seed + seed), range(options.seeds)))
            row(strategy, space, runs, best)
        for strategy in kernel_tuners if options.kernel_tuner else []:
            row(f"Kernel Tuner's {strategy}", space, run_kernel_tuner(options, space, strategy, options.seeds), best)


if __name__ == "__main__":
    main()
