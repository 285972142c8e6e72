"""A kernel.json as the parts need it: the default config, the expressions' values, files of one config."""

import copy
import json
import re
from pathlib import Path


class Spec:
    def __init__(self, path):
        self.path = Path(path).resolve()
        self.document = json.loads(self.path.read_text())
        self.name = self.document["name"]
        self.arguments = self.document["arguments"]
        self.parameters = self.document["config_space"]
        self.scalars = {entry["name"]: entry["value"] for entry in self.arguments if "value" in entry}

    @property
    def default(self):
        """The default config; the files used here write all defaults down."""
        return {entry["name"]: entry["default"] for entry in self.parameters}

    @property
    def source(self):
        return str(self.path.parent / self.document["kernel"]["source"])

    @property
    def include_paths(self):
        return [str(self.path.parent / path) for path in self.document["kernel"].get("include_paths", [])]

    def number(self, expression, config=None):
        """The value of an expression of the file, which are Python's own."""
        names = {"ceil_div": lambda a, b: -(-a // b), "min": min, "max": max, "abs": abs}
        # JSON's spelling is allowed too.
        names |= {"true": True, "false": False, **self.scalars, **(config or {})}
        return eval(str(expression), {"__builtins__": {}}, names)

    def shape(self, argument):
        return [int(self.number(extent)) for extent in argument["shape"]]

    def launch(self, config):
        """As the worker protocol has it."""
        launch = self.document["launch"]
        if unknown := set(launch) - {"grid", "block", "shared_memory"}:
            raise ValueError(f"{self.path}: the benchmark launches nothing with {', '.join(sorted(unknown))}")
        return {
            "grid": [int(self.number(extent, config)) for extent in launch["grid"]],
            "block": [int(self.number(extent, config)) for extent in launch["block"]],
            "sharedMemoryBytes": int(self.number(launch.get("shared_memory", 0), config)),
            "isCooperative": False,
        }

    def macros(self, config):
        """What the compiler is told of a config, NAME=value each."""
        macros = []
        for parameter in self.parameters:
            name, value = parameter["name"], config[parameter["name"]]
            if isinstance(value, list):
                raise ValueError(f"{self.path}: the benchmark hands over no lists, and {name} is one")
            text = str(int(value)) if isinstance(value, bool) else str(value)
            if not isinstance(value, str) or re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", value):
                macros.append(f"{name}={text}")
            if "values" in parameter:
                macros.append(f"{name}_INDEX={parameter['values'].index(value)}")
        return macros

    def write_pinned(self, config, path):
        """Writes the same kernel with this config as its default and its only valid one.

        The domains stay whole: sources count on the position of a value among all values.
        """
        document = copy.deepcopy(self.document)
        document["kernel"] |= {"source": self.source, "include_paths": self.include_paths}
        for parameter in document["config_space"]:
            parameter["default"] = config[parameter["name"]]
        document.setdefault("constraints", []).extend(f"{name} == {value!r}" for name, value in config.items())
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document, indent=2))
