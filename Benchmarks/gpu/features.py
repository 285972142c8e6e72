"""What a spec can ask of launches and compilers, on the GPU: each asked for once, with the outcomes that have to come.

Templates by name expressions, nvcc, clusters, cooperative launches, arrays in another order of memory, every element type,
and a T1 file with constant memory.
"""

import json
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

from support import arguments, table
from support.session import tune

here = Path(__file__).resolve().parent
side = 1024
count = side * side
limit_seconds = 60
types = {
    "b": "bool", "i8": "int8", "i16": "int16", "i32": "int32", "i64": "int64", "u8": "uint8", "u16": "uint16",
    "u32": "uint32", "u64": "uint64", "f16": "float16", "bf16": "bfloat16", "f32": "float32", "f64": "float64",
    "e4m3": "float8_e4m3fn", "e5m2": "float8_e5m2",
}


@dataclass
class Feature:
    name: str
    function: str
    parameter: dict
    """The outcome of each value, in the order of the values."""
    outcomes: list
    launch: dict
    compiler: str | None = None
    extra: tuple = ()
    verification: dict | None = None

    @property
    def arguments(self):
        x = {"name": "x", "dtype": "float32", "shape": [count], "fill": {"kind": "normal", "seed": 1}}
        y = {"name": "y", "dtype": "float32", "shape": [count], "role": "output"}
        return [x, y, *self.extra, {"name": "n", "dtype": "int32", "value": count}]

    def spec(self):
        kernel = {"language": "cuda", "source": str(here / "features.cu"), "function": self.function}
        if self.compiler:
            kernel["compiler"] = self.compiler
        against = self.verification or {"function": "doubled"}
        return {
            "name": self.name, "kernel": kernel, "arguments": self.arguments, "launch": self.launch,
            "config_space": [self.parameter], "verification": {"against": against},
        }


@dataclass
class MemoryOrder(Feature):
    file: Path = None

    @property
    def arguments(self):
        x, y, n = super().arguments
        # A file's values stand in the order of the shape, however the array lies in memory.
        columns = {"shape": [side, side], "order": [1, 0], "fill": {"kind": "npy", "file": str(self.file)}}
        return [{**x, **columns}, y, n]

    def spec(self):
        write_npy(self.file, range(count), [side, side])
        return super().spec()


class EveryType(Feature):
    @property
    def arguments(self):
        arrays = []
        for name, dtype in types.items():
            is_float = dtype.startswith(("float", "bfloat"))
            whole = {"kind": "integers", "low": 0, "high": 1 if dtype == "bool" else 100}
            fill = {"kind": "normal", "std": 9, "seed": 1} if is_float else whole
            arrays.append({"name": name, "dtype": dtype, "shape": [count], "fill": fill})
            arrays.append({"name": f"{name}_out", "dtype": dtype, "shape": [count], "role": "output"})
        return [*arrays, {"name": "n", "dtype": "int32", "value": count}]


def power(name, least, greatest):
    return {"name": name, "type": "power_of_2", "min": least, "max": greatest, "default": least}


def write_npy(path, values, shape):
    """float32 values in a file as NumPy writes it, which need not be here."""
    header = str({"descr": "<f4", "fortran_order": False, "shape": tuple(shape)})
    header += " " * (-(len(header) + 11) % 64) + "\n"
    data = struct.pack("<H", len(header)) + header.encode() + struct.pack(f"<{len(values)}f", *values)
    path.write_bytes(b"\x93NUMPY\x01\x00" + data)


def features(folder):
    one = {"grid": ["ceil_div(n, threads * 4)"], "block": ["threads"]}
    threads = power("threads", 64, 256)
    arrived = {"name": "arrived", "dtype": "uint32", "shape": [1], "role": "inout", "fill": {"kind": "zeros"}}
    yield Feature("template", "scaled<float, 4>", threads, ["measured"] * 3, one)
    yield Feature("nvcc", "doubled", threads, ["measured"] * 3, one, compiler="nvcc")
    yield Feature(
        "cluster", "ranked", power("cluster_size", 1, 32), ["measured"] * 5 + ["launchError"],
        {"grid": ["ceil_div(n, 256)"], "block": [256], "cluster": ["cluster_size"]},
    )
    yield Feature(
        "cooperative", "together", power("blocks", 64, 8192), ["measured"] * 5 + ["launchError"] * 3,
        {"grid": ["blocks"], "block": [256], "cooperative": True}, extra=(arrived,),
        verification={"function": "apart"},
    )
    yield MemoryOrder(
        "order", "in_columns", threads, ["measured"] * 3, one, verification={"function": "in_rows"},
        file=folder / "x.npy",
    )
    yield EveryType(
        "types", "copied", {"name": "piece_bytes", "type": "enum", "values": [1, 4, 16], "default": 1}, ["measured"] * 3,
        {"grid": [264], "block": [512]}, verification="default",
    )


def outcomes(session, name):
    found = {e["config"][name]: (e["outcome"], e.get("reason", "")) for e in session.evaluations}
    return [found[value] for value in sorted(found)]


def main():
    options = arguments.parse(arguments.parser(__doc__))
    folder = options.sessions / "features"
    rows, failed = [], []
    folder.mkdir(parents=True, exist_ok=True)
    for feature in features(folder):
        path = folder / f"{feature.name}.json"
        path.write_text(json.dumps(feature.spec(), indent=2))
        session = tune(options.program, path, folder / feature.name, ["--strategy", "exhaustive", "--run-limit", 5], limit_seconds)
        seen = outcomes(session, feature.parameter["name"])
        reasons = sorted({reason for outcome, reason in seen if reason})
        rows.append([feature.name, ", ".join(outcome for outcome, _ in seen), "; ".join(reasons)[:120] or session.last_words[:80]])
        if [outcome for outcome, _ in seen] != feature.outcomes:
            failed.append(f"{feature.name}: {feature.outcomes} had to come")
    t1 = arguments.kernel_file("convolution-t1").with_name("convolution_T1.json")
    session = tune(options.program, t1, folder / "t1", ["--strategy", "local", "--budget", 60, "--configs-per-round", 20], limit_seconds)
    result = session.result
    counted = result.get("outcomes", {})
    rows.append(["t1", ", ".join(f"{n} {name}" for name, n in counted.items()), f"{result.get('speedup', 0):.2f}x the default"])
    if set(counted) != {"measured"}:
        failed.append("t1: all configs had to be measured")
    table.show(rows, ["feature", "outcomes", "reasons"])
    for problem in failed:
        print(f"FAILED: {problem}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
