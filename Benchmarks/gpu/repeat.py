"""The same config timed in ten separate runs: how far they spread, and whether triton's do_bench says the same.

Each example's default, and its recording's best if there is one, is the only config of a space. Runs take turns, so
that those of one config are spread over the whole time; after each turn do_bench times the same CUBINs in this process.
"""

import os
import statistics
import sys
from dataclasses import dataclass, field

from support import arguments, recording, table
from support.artifact import read as read_artifact
from support.session import tune
from support.spec import Spec
from support.worker import compile_configs

try:
    import torch
    from triton.testing import do_bench

    from support import same_work
    from support.cuda_kernel import CUDAKernel
except ImportError as error:
    print(f"without do_bench: {error}")
    torch = None

run_limit_seconds = 60
spread_counts_above_ms = 0.05


@dataclass
class Case:
    spec: Spec
    name: str
    config: dict
    evaluated_ms: list = field(default_factory=list)
    final_ms: list = field(default_factory=list)
    do_bench_ms: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    kernel: object = None

    @property
    def label(self):
        return f"{self.spec.name}-{self.name}"

    def run(self, options, turn):
        """One run of autotune: the config's evaluation, then its time beside itself as the only finalist."""
        kernel = options.sessions / "repeat" / self.label / "kernel.json"
        if turn == 0:
            self.spec.write_pinned(self.config, kernel)
        session = tune(
            options.program, kernel, kernel.parent / f"run-{turn}", ["--strategy", "exhaustive", "--jobs", 1],
            run_limit_seconds,
        )
        evaluations = session.evaluations
        if session.exit_code != 0 or len(evaluations) != 1 or evaluations[0]["outcome"] != "measured":
            outcomes = ", ".join(evaluation["outcome"] for evaluation in evaluations)
            self.problems.append(f"run {turn}: status {session.exit_code}, {outcomes or session.last_words}")
            return
        self.evaluated_ms.append(evaluations[0]["timing"]["median_ms"])
        self.final_ms.append(session.result["best"]["time_ms"])

    def load(self, path, tensors):
        """The CUBIN of autotune's own compile worker, on PyTorch's tensors; its result has to be PyTorch's."""
        self.kernel = CUDAKernel(read_artifact(path), self.spec.document["kernel"]["function"], list(tensors.values()))
        self.kernel()
        torch.cuda.synchronize()
        expected = next(iter(same_work.computing(self.spec, tensors).values()))()
        off = same_work.share_off(self.spec, same_work.output(self.spec, tensors), expected)
        if off > 0:
            self.problems.append(f"{off:.2%} of the result is not PyTorch's")

    def row(self):
        ours, theirs = median(self.evaluated_ms), median(self.do_bench_ms)
        return [
            self.label, len(self.evaluated_ms), ours, table.percent(spread(self.evaluated_ms), 2),
            median(self.final_ms), table.percent(spread(self.final_ms), 2),
            theirs, table.percent(spread(self.do_bench_ms), 2), table.percent(ours and theirs and ours / theirs - 1, 2),
        ]


def median(values):
    return statistics.median(values) if values else None


def spread(values):
    """p90/p10 - 1."""
    if len(values) < 2:
        return None
    tenths = statistics.quantiles(values, n=10, method="inclusive")
    return tenths[8] / tenths[0] - 1


def make_cases(examples):
    for example in examples:
        spec = Spec(arguments.kernel_file(example))
        yield Case(spec, "default", spec.default)
        if best := recording.best(spec.path.parent):
            yield Case(spec, "recorded", spec.default | best.config)


def load(cases, options):
    for example in options.examples:
        own = {case.name: case for case in cases if case.spec.name == example}
        spec = next(iter(own.values())).spec
        configs = {name: case.config for name, case in own.items()}
        folder = options.sessions / "repeat" / f"{example}-artifacts"
        artifacts = compile_configs(options.program, spec, configs, folder)
        tensors = same_work.tensors(spec)
        for name, case in own.items():
            case.load(artifacts[name], tensors)


def print_targets(cases):
    for case in cases:
        ours, theirs = median(case.evaluated_ms), median(case.do_bench_ms)
        if ours and ours > spread_counts_above_ms:
            table.target(f"{case.label}: spread under 1%", spread(case.evaluated_ms), 0.01, table.at_most)
        off = abs(ours / theirs - 1) if ours and theirs else None
        table.target(f"{case.label}: median within 2% of do_bench", off, 0.02, table.at_most)


def main():
    parser = arguments.parser(__doc__)
    parser.add_argument("--runs", type=int, default=int(os.environ.get("RUNS", 10)))
    options = arguments.parse(parser)
    (options.sessions / "repeat").mkdir(exist_ok=True)
    cases = list(make_cases(options.examples))
    if torch:
        load(cases, options)
    for turn in range(options.runs):
        for case in cases:
            case.run(options, turn)
        for case in cases:
            if case.kernel:
                case.do_bench_ms.append(do_bench(case.kernel, return_mode="median"))
    columns = ["config", "runs", "ms", "spread", "re-timed ms", "spread", "do_bench ms", "spread", "ours / its - 1"]
    table.show([case.row() for case in cases], columns)
    print()
    print_targets(cases)
    problems = [f"{case.label}: {problem}" for case in cases for problem in case.problems]
    for problem in problems:
        print(f"FAILED: {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
