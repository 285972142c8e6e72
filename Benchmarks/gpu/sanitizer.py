"""compute-sanitizer over autotune's own worker, from its start to its own end: it has to find nothing.

A kernel with a fault comes last, in which it has to find something: else it was not looking.
"""

import re
import shutil
import sys
import time

from faults import write_spec
from support import arguments, table
from support.spec import Spec
from support.worker import Worker, WorkerError, compile_configs, target

call_limit_seconds = 120


def main():
    parser = arguments.parser(__doc__)
    parser.add_argument("--tools", nargs="+", default=["memcheck", "initcheck", "racecheck", "synccheck"])
    options = arguments.parse(parser)
    if not shutil.which("compute-sanitizer"):
        print("FAILED: compute-sanitizer is not on the PATH")
        return 1
    folder = options.sessions / "sanitizer"
    folder.mkdir(exist_ok=True)
    spec = Spec(arguments.kernel_file("layer_norm"))
    artifacts = compile_configs(options.program, spec, {"default": spec.default}, folder / "artifacts")
    rows, problems = [], []
    for tool in options.tools:
        row, errors = watched(options.program, spec, artifacts["default"], artifacts["default"], tool, folder / tool)
        rows.append(row)
        if errors != 0 or row[2] != "measured":
            problems.append(f"{tool}: {errors} errors, {row[2]}; {folder / tool}.log has the details")

    spec = write_spec(["illegal_address"], folder)
    configs = {"right": spec.default, "faulty": spec.default | {"mode": "illegal_address"}}
    artifacts = compile_configs(options.program, spec, configs, folder / "artifacts")
    row, errors = watched(
        options.program, spec, artifacts["right"], artifacts["faulty"], "memcheck", folder / "control"
    )
    rows.append(row)
    if not errors:
        problems.append("memcheck sees no error in a kernel that writes to an illegal address")
    table.show(rows, ["tool", "kernel", "outcome", "errors", "seconds"])
    for problem in problems:
        print(f"FAILED: {problem}")
    return 1 if problems else 0


def watched(program, spec, reference, artifact, tool, path):
    """A timing worker under the tool; gives a row of the table, and the number of errors, None if it tells none."""
    log = path.with_suffix(".log")
    log.unlink(missing_ok=True)
    shutil.rmtree(path.with_suffix(".cache"), ignore_errors=True)
    begin = time.monotonic()
    # A cache of its own: what the worker measures of the device is part of this, and must not be believed later.
    cache = {"XDG_CACHE_HOME": str(path.with_suffix(".cache"))}
    worker = Worker(["compute-sanitizer", "--tool", tool, "--log-file", log, program, "worker"], cache)
    try:
        outcome = use(worker, spec, reference, artifact, path.parent / "artifacts")
        worker.close(limit=call_limit_seconds)
    except WorkerError as error:
        outcome = str(error)
    finally:
        worker.process.kill()
    text = log.read_text(errors="replace") if log.exists() else ""
    # racecheck sums up in words of its own.
    found = re.search(r"(?:ERROR|RACECHECK) SUMMARY: (\d+)", text)
    errors = int(found.group(1)) if found else None
    return [tool, spec.name, outcome, errors, table.seconds(time.monotonic() - begin)], errors


def use(worker, spec, reference, artifact, folder):
    """Everything a timing worker does: inputs and reference, verifying, timing, fresh inputs, timing side by side."""
    opening = {"role": "timing", "target": target(spec), "artifactFolder": str(folder), "reference": reference}
    worker.call("open", opening, call_limit_seconds)
    for offset, samples in [(0, 3), (1, 0)]:
        evaluating = {"artifact": artifact, "seedOffset": offset, "warmUpSeconds": 0.01, "samples": samples}
        result = worker.call("evaluate", evaluating, call_limit_seconds)
        if result["outcome"] != "measured":
            return f"{result['outcome']}: {result.get('reason')}"
    worker.call("retime", {"artifacts": [artifact], "rounds": 3, "warmUpSeconds": 0.01}, call_limit_seconds)
    return "measured"


if __name__ == "__main__":
    sys.exit(main())
