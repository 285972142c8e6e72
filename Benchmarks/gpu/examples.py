"""Three rounds of each example with a language model's recorded replies, beside PyTorch, the recording and the limits.

An example without replies is searched at random instead, and its column says so.
"""

import json
import sys
from dataclasses import dataclass

from support import arguments, recording, table
from support.session import Session, tune
from support.spec import Spec

phases = ["model", "compile", "verify", "time", "idle", "wall"]
run_limit_seconds = 300


@dataclass
class Example:
    """One example's run, and what it is held against: None where that is not known of this device."""

    name: str
    has_replies: bool
    run: Session
    result: dict
    rounds: list
    torch_ms: dict
    copy_bytes_per_second: float | None
    bytes_moved: float
    recording: recording.Best | None

    @property
    def best_ms(self):
        return self.result.get("best", {}).get("time_ms")

    @property
    def third_round_ms(self):
        """The best after three rounds; a search that sees an end in fewer has found it by then."""
        return self.rounds[-1][0].get("best_time_ms") if self.rounds else None

    @property
    def copy_share(self):
        if not self.best_ms or not self.copy_bytes_per_second:
            return None
        return self.bytes_moved / (self.best_ms * 1e-3) / self.copy_bytes_per_second

    @property
    def recorded_ms(self):
        is_of_this_device = self.recording and self.recording.device == self.result.get("device")
        return self.recording.time_ms if is_of_this_device else None

    @property
    def why_not_recorded(self):
        if not self.recording:
            return "no recording"
        return None if self.recorded_ms else f"of {self.recording.device or 'a device it does not name'}"


def measure(options, name, reference):
    spec = Spec(arguments.kernel_file(name))
    replies = spec.path.parent / "replies"
    has_replies = (replies / "round-0.txt").exists()
    search = ["--strategy", "llm", "--provider", "replay", "--model", replies] if has_replies else ["--strategy", "random"]
    folder = options.sessions / "examples" / name
    # All three rounds are to be seen, also of a kernel that reaches the device's limit in the first.
    run = tune(options.program, spec.path, folder, ["--rounds", 3, "--no-limit-stop", *search], run_limit_seconds)
    # Times of another device say nothing about this one.
    if reference.get("device") != run.result.get("device"):
        reference = {}
    return Example(
        name, has_replies, run, run.result, after_each_round(run.events), reference.get("times_ms", {}).get(name, {}),
        reference.get("copy_bytes_per_second"), spec.number(spec.document["workload"]["bytes"], spec.default),
        recording.best(spec.path.parent),
    )


def after_each_round(events):
    """The end of each round, and the fastest evaluation so far."""
    rounds, best = [], None
    for event in events:
        timing = event.get("evaluation", {}).get("timing")
        if timing and (best is None or timing["median_ms"] < best["timing"]["median_ms"]):
            best = event["evaluation"]
        if event["event"] == "round_finished":
            rounds.append((event, best))
    return rounds


def facts(example):
    """One column of the table: what it is, and its value."""
    told = [
        ("search", "replies" if example.has_replies else "random (no replies)"),
        ("default ms", example.result.get("default", {}).get("time_ms")),
    ]
    for index in range(3):
        end, best = example.rounds[index] if index < len(example.rounds) else ({}, None)
        resources = (best or {}).get("resources", {})
        told.append((f"round {index + 1}: best ms", end.get("best_time_ms")))
        told.append(("  share of its limit", table.percent(resources.get("share_of_limit"))))
        told.append(("  which is", resources.get("limit")))
    theirs = min(example.torch_ms.values(), default=None)
    return told + [
        ("best ms, side by side", example.best_ms),
        ("  share of copy bandwidth", table.percent(example.copy_share)),
        ("recording's best ms", example.recorded_ms or example.why_not_recorded),
        ("  round 3 / that", ratio(example.third_round_ms, example.recorded_ms)),
        ("PyTorch's best ms", theirs),
        ("  that / our best", ratio(theirs, example.best_ms)),
        ("configs", ", ".join(f"{count} {name}" for name, count in example.result.get("outcomes", {}).items())),
        ("ended by", example.result.get("stopped", example.run.last_words[:60])),
        ("seconds in all", table.seconds(example.run.seconds)),
    ]


def ratio(value, reference):
    return round(value / reference, 4) if value and reference else None


def print_targets(example):
    if example.name in ["matmul", "attention"]:
        whose, least = ("cuBLAS", 0.8) if example.name == "matmul" else ("PyTorch's SDPA", 0.6)
        theirs = next(iter(example.torch_ms.values()), None)
        share = ratio(theirs, example.best_ms)
        table.target(f"{example.name}: best at least {least:.0%} of {whose}", share, least, table.at_least)
    else:
        name = f"{example.name}: best at least 90% of the copy bandwidth"
        table.target(name, example.copy_share, 0.9, table.at_least)
    over = ratio(example.third_round_ms, example.recorded_ms) if example.has_replies else None
    missing = example.why_not_recorded if example.has_replies else "no replies"
    table.target(
        f"{example.name}: third round within 3% of the recording's best", over and over - 1, 0.03, table.at_most,
        f"not measured, {missing or 'no round'}",
    )


def main():
    options = arguments.parse(arguments.parser(__doc__))
    path = options.sessions / "reference.json"
    reference = json.loads(path.read_text()) if path.exists() else {}
    if not reference:
        print("PyTorch's times and the copy bandwidth are not known: run the part `reference` before")
    examples = [measure(options, name, reference) for name in options.examples]
    columns = [facts(example) for example in examples]
    labels = [label for label, _ in columns[0]]
    rows = [[label, *(column[index][1] for column in columns)] for index, label in enumerate(labels)]
    table.show(rows, ["", *options.examples])
    print("\nseconds of each round; compiling runs on all cores beside timing, and is summed over configs")
    rows = [
        [example.name, end["round"] + 1, *(table.seconds(end["seconds"][phase]) for phase in phases)]
        for example in examples for end, _ in example.rounds
    ]
    table.show(rows, ["example", "round", *phases])
    print()
    for example in examples:
        print_targets(example)
    failed = [example.name for example in examples if example.run.exit_code != 0 or not example.best_ms]
    if failed:
        print(f"FAILED: nothing was tuned for {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
