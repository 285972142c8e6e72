"""Makes Examples/K/recording.t4.json.gz: a local search over many configs, and what language models' sessions measured.

Of a config that several measured, the first counts: the search, then the sessions in the order they are given.
Sessions of other kernels are passed over; those of another device or another version of the kernel are refused. An
interrupted search goes on where it stopped.
"""

import gzip
import json
import os
import sys
from pathlib import Path

from support import arguments, recording, table
from support.session import running
from support.spec import Spec


def main():
    parser = arguments.parser(__doc__)
    parser.add_argument("--budget", type=int, default=int(os.environ.get("BUDGET", 2000)), help="configs to measure")
    parser.add_argument("--seed", type=int, default=1)
    sessions = [Path(path) for path in os.environ.get("LLM_SESSIONS", "").split()]
    parser.add_argument("--also", nargs="*", type=Path, default=sessions, help="session folders to merge in")
    options = arguments.parse(parser)
    rows, problems = [], []
    for example in options.examples:
        try:
            rows.append(record(options, example))
        except ValueError as error:
            problems.append(f"{example}: {error}")
    table.show(rows, ["example", "searched", "merged in", "configs", "measured", "best ms", "worst ms", "KB", "device"])
    for problem in problems:
        print(f"FAILED: {problem}")
    return 1 if problems else 0


def record(options, example):
    spec = Spec(arguments.kernel_file(example))
    folder = options.sessions / "record" / example
    search = ["--strategy", "local", "--configs-per-round", 100, "--budget", options.budget, "--seed", options.seed]
    search.append("--no-limit-stop")
    if not is_whole(folder):
        goes_on = ["--resume"] if (folder / "session.json").exists() else []
        with running(options.program, spec.path, folder, search + goes_on) as process:
            if process.wait() != 0:
                raise ValueError(f"the search ended with status {process.returncode}; {folder}.log says why")
    own = facts(folder)
    results = merged([folder, *sessions_of(own, options.also)])
    target = spec.path.parent / "recording.t4.json.gz"
    size = write(recording.read(folder / "results.t4.json")["metadata"], results, target)
    times = [time for time in map(recording.time_ms, results) if time is not None]
    found = len(merged([folder]))
    return [
        example, found, len(results) - found, len(results), len(times), min(times, default=None),
        max(times, default=None), size >> 10, own["device"],
    ]


def is_whole(folder):
    """Whether the search came to its own end."""
    path = folder / "result.json"
    return path.exists() and json.loads(path.read_text())["stopped"] in ["evaluation_budget", "exhausted"]


def facts(folder):
    if missing := [name for name in ["session.json", "results.t4.json"] if not (folder / name).exists()]:
        raise ValueError(f"{folder} is no whole session: it has no {' and no '.join(missing)}")
    return json.loads((folder / "session.json").read_text())


def sessions_of(own, folders):
    """The folders that hold sessions of the same kernel."""
    for folder in folders:
        other = facts(folder)
        if other["name"] != own["name"]:
            continue
        for what in ["device", "spec_hash"]:
            if other[what] != own[what]:
                raise ValueError(f"{folder} has another {what}: {other[what]}, not {own[what]}")
        yield folder


def merged(folders):
    """The results of all, each config once."""
    results = {}
    for folder in folders:
        for result in recording.read(folder / "results.t4.json")["results"]:
            results.setdefault(json.dumps(result["configuration"], sort_keys=True), result)
    return list(results.values())


def write(metadata, results, path):
    """Writes the recording, one result a line, as `gzip -9 -n` would: the same bytes for the same results."""
    head = json.dumps(metadata)
    lines = ",\n".join(json.dumps(result, separators=(",", ":"), sort_keys=True) for result in results)
    data = gzip.compress(f'{{"metadata":{head},"results":[\n{lines}\n]}}\n'.encode(), compresslevel=9, mtime=0)
    path.write_bytes(data)
    return len(data)


if __name__ == "__main__":
    sys.exit(main())
