"""Construction and sampling of constrained spaces beside Kernel Tuner's: spaces.py AUTOTUNE-BENCHMARK FILE… [--repeats 5].

FILE is a T1 file or a kernel.json of integers, powers of 2, booleans and enums. Both programs measure in turns, each in one
process that stays; printed are medians, in milliseconds of one processor, which is all that either uses. Kernel Tuner constructs
its `Searchspace`, a list of all valid configs, from the constraints' texts; ours begins with the same texts. "table" has all valid
configs by their place, each made when it is asked for; "array" is a list of them, each with its values; "visit" makes each
config and lets it go before the next; "count" is the exact number alone.
The last columns are 100 random valid configs, for which Kernel Tuner constructs the space first. Needs kernel-tuner 1.5.0.
"""

import argparse
import gc
import json
import statistics
import subprocess
import time
from pathlib import Path

from kernel_tuner.searchspace import Searchspace


def domain(parameter):
    """The values of a parameter of kernel.json."""
    kind = parameter["type"]
    if kind == "power_of_2":
        return [1 << e for e in range(parameter["min"].bit_length() - 1, parameter["max"].bit_length())]
    if kind == "integer":
        return list(range(parameter["min"], parameter["max"] + 1, parameter.get("step", 1)))
    if kind == "boolean":
        return [False, True]
    if kind == "enum":
        return parameter["values"]
    raise SystemExit(f"no {kind} parameters here")


def read(path):
    """The parameters' values and the constraints, as Kernel Tuner takes them."""
    document = json.loads(path.read_text())
    if "ConfigurationSpace" not in document:
        return {p["name"]: domain(p) for p in document["config_space"]}, document.get("constraints", [])
    space = document["ConfigurationSpace"]
    # Lists in Python's own words.
    values = {
        p["Name"]: list(eval(p["Values"]) if isinstance(p["Values"], str) else p["Values"])
        for p in space["TuningParameters"]
    }
    return values, [condition["Expression"] for condition in space.get("Conditions", [])]


def kernel_tuner(values, constraints):
    gc.collect()
    start = time.process_time()
    space = Searchspace(values, list(constraints), 1024)
    constructed = time.process_time()
    space.get_random_sample(min(100, space.size))
    return space.size, constructed - start, time.process_time() - start


def milliseconds(seconds):
    return "-" if None in seconds else f"{statistics.median(seconds) * 1e3:.3g}"


def ratio(theirs, ours):
    return "-" if None in ours or not theirs else f"{statistics.median(theirs) / statistics.median(ours):.1f}x"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=Path)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--most-enumerated", type=int, default=3_000_000, help="larger spaces are only counted and sampled")
    options = parser.parse_args()
    ours = subprocess.Popen(
        [options.program, "spaces", "--most-enumerated", str(options.most_enumerated)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    print("| space | Cartesian | valid | Kernel Tuner ms | table ms | | array ms | | visit ms | | count ms | 100 random: Kernel Tuner ms | ms | |")
    print("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|")
    for path in options.files:
        values, constraints = read(path)
        reports, constructed, sampled = [], [], []
        # The first of each is not counted: what is loaded and compiled once is loaded and compiled then.
        for repeat in range(options.repeats + 1):
            print(path, file=ours.stdin, flush=True)
            report = json.loads(ours.stdout.readline())
            if repeat > 0:
                reports.append(report)
            if report.get("enumerated") is None:
                continue
            size, construction, sampling = kernel_tuner(values, constraints)
            if size != report["enumerated"]:
                raise SystemExit(f"{path}: Kernel Tuner finds {size} valid configs, autotune {report['enumerated']}")
            if repeat > 0:
                constructed.append(construction)
                sampled.append(sampling)
        table, array, visit, count, sample = (
            [report.get(f"{name}_seconds") for report in reports] for name in ["table", "array", "visit", "count", "sample"])
        cells = [
            path.parent.name if path.stem == "kernel" else path.stem, report["without_constraints"], report["valid"], milliseconds(constructed) if constructed else "-",
            milliseconds(table), ratio(constructed, table), milliseconds(array), ratio(constructed, array), milliseconds(visit), ratio(constructed, visit), milliseconds(count),
            milliseconds(sampled) if sampled else "-", milliseconds(sample), ratio(sampled, sample),
        ]
        print("| " + " | ".join(cells) + " |", flush=True)
    ours.stdin.close()
    ours.wait()


if __name__ == "__main__":
    main()
