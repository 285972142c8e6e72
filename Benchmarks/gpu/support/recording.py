"""Recordings: T4 files, plain or compressed by gzip."""

import gzip
import json
from dataclasses import dataclass


def read(path):
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as file:
        return json.load(file)


def time_ms(result):
    """The time of one result; None where it was not measured."""
    value = next((entry["value"] for entry in result["measurements"] if entry["name"] == "time"), None)
    return value if result.get("invalidity") == "correct" and isinstance(value, (int, float)) else None


@dataclass
class Best:
    config: dict
    time_ms: float
    configs: int
    device: str | None


def best(example_folder):
    """The fastest of an example's recording; None where the example has none."""
    path = example_folder / "recording.t4.json.gz"
    if not path.exists():
        return None
    document = read(path)
    measured = [result for result in document["results"] if time_ms(result) is not None]
    fastest = min(measured, key=time_ms)
    device = document["metadata"].get("device", {}).get("name")
    return Best(fastest["configuration"], time_ms(fastest), len(document["results"]), device)
