"""Every fault that a kernel can have, on the GPU: its outcome, the reason told for it, and what it cost.

One run has them all. A config that is right follows each fault, has to be measured, and to be as fast as before.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from support import arguments, table
from support.session import Session, clear, running, stop
from support.spec import Spec

run_limit_seconds, compile_limit_seconds, grace_seconds = 2, 5, 2
whole_limit_seconds = 120
# Of all threads that an H100 or H200 holds at once, 132 multiprocessors with 2048 each.
local_memory_bytes = 132 * 2048 * 500 * 1024


@dataclass
class Fault:
    mode: str
    outcome: str
    """A part of the reason, in any case of letters."""
    says: str

    @property
    def limit_seconds(self):
        return (compile_limit_seconds if self.outcome == "compileTimeout" else run_limit_seconds) + grace_seconds


faults = [
    Fault("illegal_address", "runtimeError", "illegal"),
    Fault("misaligned_access", "runtimeError", "misaligned"),
    Fault("infinite_loop", "runTimeout", "did not end within 2 s"),
    Fault("device_assert", "runtimeError", "assert"),
    Fault("trap", "runtimeError", "launch failure"),
    Fault("too_many_threads", "launchError", "the device allows 1024"),
    Fault("too_much_shared_memory", "launchError", "300000 bytes of shared memory"),
    Fault("too_many_registers", "launchError", "registers per thread"),
    Fault("out_of_memory", "launchError", "out of memory"),
    Fault("wrong", "wrongResult", "y[9] is"),
    Fault("nan_result", "wrongResult", "y[11] is nan"),
    Fault("race", "wrongResult", "blocks[0] is"),
    Fault("second_run", "wrongResult", "not in later ones"),
    Fault("unwritten", "wrongResult", "y[7] was never written"),
    Fault("outside_after", "wrongResult", "past its end"),
    Fault("outside_before", "wrongResult", "before its start"),
    Fault("writes_input", "wrongResult", "which is an input"),
    Fault("no_compile", "compileError", "this fault is in the source"),
    # Last: what is compiled after it waits for it.
    Fault("compile_hang", "compileTimeout", "not compiled within 5 s"),
]


def write_spec(modes, folder):
    """The kernel file of these modes beside `none`; modes in order, each followed by itself with `after`."""
    folder.mkdir(parents=True, exist_ok=True)
    source = str(Path(__file__).resolve().parent / "faults.cu")
    threads = "2048 if mode == 'too_many_threads' else 1024 if mode == 'too_many_registers' else 128"
    document = {
        "name": "faults",
        "kernel": {"language": "cuda", "source": source, "function": "faulty"},
        "arguments": [
            {"name": "x", "dtype": "float32", "shape": [1 << 22], "fill": {"kind": "uniform", "low": 1, "high": 2}},
            {"name": "y", "dtype": "float32", "shape": [1 << 22], "role": "output"},
            {"name": "blocks", "dtype": "int32", "shape": [1], "role": "inout", "fill": {"kind": "zeros"}},
            {"name": "n", "dtype": "int32", "value": 1 << 22},
        ],
        "launch": {
            "grid": ["ceil_div(n, 128)"], "block": [f"128 if after else {threads}"],
            "shared_memory": "300000 if mode == 'too_much_shared_memory' and not after else 0",
        },
        "config_space": [
            {"name": "mode", "type": "enum", "values": ["none", *modes], "default": "none"},
            {"name": "after", "type": "boolean", "default": False},
        ],
    }
    path = folder / "kernel.json"
    path.write_text(json.dumps(document, indent=2))
    return Spec(path)


def device_bytes():
    """Memory of the GPU that is used; None where it cannot be told."""
    query = ["nvidia-smi", "--query-gpu=memory.total", "--format=csv,noheader,nounits"]
    chosen = os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",")[0]
    try:
        told = subprocess.run(query + (["-i", chosen] if chosen else []), capture_output=True, text=True, check=True)
        return int(told.stdout.split()[0]) << 20
    except (OSError, subprocess.CalledProcessError, ValueError, IndexError):
        return None


def watch(process, journal):
    """The evaluations as they are written, each with what it cost.

    That is its own seconds by the journal, or those since anything was written before it, whichever are more.
    """
    begin = last = time.monotonic()
    position = 0
    while True:
        has_ended = process.poll() is not None
        data = journal.read_bytes()[position:] if journal.exists() else b""
        for line in data[: data.rfind(b"\n") + 1].splitlines(keepends=True):
            position += len(line)
            now, event = time.monotonic(), json.loads(line)
            if event["event"] == "evaluation":
                own = sum(event["evaluation"]["seconds"].values())
                yield max(own, now - last), event["evaluation"]
            last = now
        if has_ended:
            return
        if time.monotonic() - begin > whole_limit_seconds:
            stop(process)
        time.sleep(0.002)


def check(fault, seen, right_ms):
    """What is not as it should be about one fault and the config that follows it."""
    if (fault.mode, False) not in seen or (fault.mode, True) not in seen:
        return ["was not evaluated"]
    (cost, evaluation), (cost_after, after) = seen[fault.mode, False], seen[fault.mode, True]
    problems = []
    if evaluation["outcome"] != fault.outcome:
        problems.append(f"expected {fault.outcome}")
    if fault.says not in evaluation.get("reason", "").lower():
        problems.append(f"the reason lacks \"{fault.says}\"")
    if cost > fault.limit_seconds:
        problems.append(f"cost {cost:.1f} s")
    if after["outcome"] != "measured":
        problems.append(f"the next config: {after['outcome']}, {after.get('reason')}")
    elif after["timing"]["median_ms"] > 2 * right_ms:
        problems.append(f"the next config took {after['timing']['median_ms']:.4f} ms, not {right_ms:.4f}")
    if cost_after > run_limit_seconds + grace_seconds:
        problems.append(f"the next config cost {cost_after:.1f} s")
    return problems


def main():
    options = arguments.parse(arguments.parser(__doc__))
    tried = faults
    if (device_bytes() or 0) > local_memory_bytes:
        print("left out: out_of_memory, for which this device has the memory")
        tried = [fault for fault in faults if fault.mode != "out_of_memory"]
    folder = options.sessions / "faults"
    spec = write_spec([fault.mode for fault in tried], options.sessions / "faults-kernel")
    clear(folder)
    # One compile worker, so that the configs come in the order of the space.
    limits = ["--run-limit", run_limit_seconds, "--compile-limit", compile_limit_seconds, "--jobs", 1]
    seen, begin = {}, time.monotonic()
    with running(options.program, spec.path, folder, ["--strategy", "exhaustive", *limits]) as process:
        for cost, evaluation in watch(process, folder / "journal.jsonl"):
            seen[evaluation["config"]["mode"], evaluation["config"]["after"]] = (cost, evaluation)
    session = Session(folder, process.returncode, time.monotonic() - begin)

    problems, rows = {}, []
    if session.exit_code != 0:
        problems["the run"] = [f"ended with status {session.exit_code}: {session.last_words}"]
    right = seen.get(("none", False), (0, {}))[1].get("timing")
    if not right:
        problems["none"] = ["the kernel without a fault was not measured"]
    for fault in tried:
        if found := check(fault, seen, right["median_ms"] if right else float("inf")):
            problems[fault.mode] = found
        cost, evaluation = seen.get((fault.mode, False), (None, {}))
        cost_after, after = seen.get((fault.mode, True), (None, {}))
        rows.append([
            fault.mode, evaluation.get("outcome"), table.seconds(cost), after.get("outcome"),
            after.get("timing", {}).get("median_ms"), table.seconds(cost_after),
            evaluation.get("reason", "")[:90],
        ])
    table.show(rows, ["fault", "outcome", "seconds", "next config", "its ms", "its seconds", "reason"])
    print(f"without a fault {right['median_ms'] if right else float('nan'):.4f} ms; {session.seconds:.1f} s in all")
    for name, found in problems.items():
        print(f"FAILED: {name}: {'; '.join(found)}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
