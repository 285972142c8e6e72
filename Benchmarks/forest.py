"""Our forest beside scikit-learn's: forest.py AUTOTUNE-BENCHMARK --yardstick DIR --hub DIR [--seeds 10].

DIR of --yardstick holds Helion's logs of real searches (`h100_lfbo_*.csv.gz`), that of --hub T1 and T4 files. Of each search the
first n results are learned from, as LFBO learns from them, and the measured rest is ranked by the probability of being good;
of the hub's recordings n random results are. scikit-learn's RandomForestClassifier (100 trees) is given the same rows in the same
encoding with the same weights. Printed are the median over the seeds of Spearman's rank correlation with the true order and of
the hit rate, the share of the truly best 10 % among its own top 10 %, and the milliseconds of one processor that both take. Needs scikit-learn.
"""

import argparse
import csv
import gzip
import json
import random
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import numpy
from scipy.stats import spearmanr
from sklearn.ensemble import RandomForestClassifier

recordings = {"convolution": "convolution_A100", "dedispersion": "dedispersion_A100", "pnpoly": "pnpoly_RTX3090"}


def helion_results(path):
    """The configs of a log in the order in which they became known, each with its time or None."""
    rows = csv.DictReader(gzip.open(path, "rt"))
    done = [row for row in rows if row["status"] != "started"]
    # Helion's own words for a config are a call with Python's literals.
    return [
        {"config": eval(row["config"], {"Config": dict}), "time_ms": float(row["perf_ms"]) if row["status"] == "ok" else None}
        for row in done
    ]


def scalar(values):
    """The narrowest scalar parameter of kernel.json that has all of `values`."""
    values = [json.loads(value) for value in sorted({json.dumps(value) for value in values})]
    if all(type(value) is int and value > 0 and value & (value - 1) == 0 for value in values):
        return {"type": "power_of_2", "min": min(values), "max": max(values), "default": min(values)}
    if all(type(value) is int for value in values):
        values.sort()
    return {"type": "enum", "values": values, "default": values[0]}


def parameter(name, values):
    """A parameter as autotune describes it where Helion itself tells the space."""
    if name == "loop_orders":
        return {"type": "tuple", "of": [{"type": "permutation", "length": len(order)} for order in values[0]]}
    if any(isinstance(value, list) for value in values):
        return {"type": "tuple", "of": [scalar(entry) for entry in zip(*values)]}
    return scalar(values)


def helion_kernel(results, folder):
    """A kernel.json with the space of a log's configs; parameters that configs leave out are null there."""
    names = sorted({name for result in results for name in result["config"]})
    for result in results:
        result["config"] = {name: result["config"].get(name) for name in names}
    # What has no entries is no parameter.
    names = [name for name in names if any(result["config"][name] != [] for result in results)]
    for result in results:
        result["config"] = {name: result["config"][name] for name in names}
    space = [{"name": name} | parameter(name, [result["config"][name] for result in results]) for name in names]
    (folder / "kernel.c").write_text("void kernel(float *y) { y[0] = 1; }\n")
    kernel = {
        "name": "logged", "kernel": {"language": "c", "source": "kernel.c", "function": "kernel"},
        "arguments": [{"name": "y", "dtype": "float32", "shape": [1], "role": "output"}], "config_space": space,
    }
    (folder / "kernel.json").write_text(json.dumps(kernel))
    return folder / "kernel.json"


def recorded_results(path):
    """The results of a T4 file in random order."""
    with gzip.open(path, "rt") as file:
        document = json.load(file)
    results = []
    for result in document["results"]:
        value = next(m["value"] for m in result["measurements"] if m["name"] == "time")
        known = result["invalidity"] == "correct" and isinstance(value, (int, float))
        results.append({"config": result["configuration"], "time_ms": value if known else None})
    random.Random(0).shuffle(results)
    return results


def ours(program, kernel, results, first, seeds, folder):
    file = folder / "results.jsonl"
    file.write_text("".join(json.dumps(result) + "\n" for result in results))
    command = [program, "forest", kernel, file, "--seeds", seeds, "--first", *first]
    return json.loads(subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE, text=True).stdout)


def theirs(bins, split, seeds):
    """scikit-learn's probabilities of the rest, by seed, and the seconds of fitting and of answering."""
    rows = bins[split["rows"]]
    positive, negative = numpy.array(split["positive"]), numpy.array(split["negative"])
    learned = numpy.concatenate([rows[positive > 0], rows])
    classes = numpy.concatenate([numpy.ones(int((positive > 0).sum())), numpy.zeros(len(rows))])
    weights = numpy.concatenate([positive[positive > 0], negative])
    rest = bins[split["first"]:]
    probabilities, fit, answer = [], [], []
    for seed in range(seeds):
        start = time.process_time()
        forest = RandomForestClassifier(n_estimators=100, random_state=seed).fit(learned, classes, sample_weight=weights)
        fitted = time.process_time()
        probabilities.append(forest.predict_proba(rest)[:, 1])
        fit.append(fitted - start)
        answer.append(time.process_time() - fitted)
    return probabilities, fit, answer


def judged(probabilities, times):
    """Rank correlation and hit rate among what was measured."""
    measured = ~numpy.isnan(times)
    times = times[measured]
    count = max(1, len(times) // 10)
    best = set(numpy.argsort(times, kind="stable")[:count])
    correlations, hits = [], []
    for probability in probabilities:
        probability = numpy.array(probability)[measured]
        correlations.append(spearmanr(-probability, times).statistic)
        hits.append(len(best & set(numpy.argsort(-probability, kind="stable")[:count])) / count)
    return statistics.median(correlations), statistics.median(hits)


def compare(name, program, kernel, results, first, seeds, folder):
    report = ours(program, kernel, results, first, seeds, folder)
    bins = numpy.array(report["bins"])
    times = numpy.array([float("nan") if result["time_ms"] is None else result["time_ms"] for result in results])
    for split in report["splits"]:
        probabilities, fit, answer = theirs(bins, split, seeds)
        rest = times[split["first"]:]
        (our_rank, our_hits), (their_rank, their_hits) = judged(split["probabilities"], rest), judged(probabilities, rest)
        seconds = [split["fit_seconds"], fit, split["answer_seconds"], answer]
        cells = [
            name, str(split["first"]), str(int((~numpy.isnan(rest)).sum())), f"{our_rank:.3f}", f"{their_rank:.3f}",
            f"{our_hits:.2f}", f"{their_hits:.2f}", *(f"{statistics.median(part) * 1e3:.3g}" for part in seconds),
        ]
        print("| " + " | ".join(cells) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=Path)
    parser.add_argument("--yardstick", type=Path)
    parser.add_argument("--hub", type=Path)
    parser.add_argument("--seeds", type=int, default=10)
    options = parser.parse_args()
    print("| | n | rest | rank correlation | scikit-learn | hit rate | scikit-learn | fit ms | scikit-learn | answers ms | scikit-learn |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for log in sorted(options.yardstick.glob("h100_lfbo_*.csv.gz")) if options.yardstick else []:
            results = helion_results(log)
            kernel = helion_kernel(results, folder)
            short = log.name.removeprefix("h100_lfbo_").removesuffix(".csv.gz")
            compare(short, options.program, kernel, results, [50, 100, 200, 400], options.seeds, folder)
        for space, recording in recordings.items() if options.hub else []:
            results = recorded_results(options.hub / f"{recording}_T4.json.gz")
            kernel = options.hub / f"{space}_T1.json"
            compare(space, options.program, kernel, results, [50, 100, 200, 400, 2000], options.seeds, folder)


if __name__ == "__main__":
    main()
