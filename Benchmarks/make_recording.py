"""Writes kernel.json and recording.json (T4) of a made-up space of 10,000 configs into the folder given."""

import itertools
import json
import sys

folder = sys.argv[1]
names = ["tile_x", "tile_y", "unroll", "stages"]
values = range(1, 11)
with open(f"{folder}/kernel.c", "w") as file:
    file.write("void kernel(float *y) { y[0] = 1; }\n")
with open(f"{folder}/kernel.json", "w") as file:
    json.dump(
        {
            "name": "recorded",
            "kernel": {"language": "c", "source": "kernel.c", "function": "kernel"},
            "arguments": [{"name": "y", "dtype": "float32", "shape": [1], "role": "output"}],
            "config_space": [{"name": name, "type": "integer", "min": 1, "max": 10} for name in names],
        },
        file,
    )
results = []
for config in itertools.product(values, repeat=len(names)):
    time = 1 + sum((value - best) ** 2 for value, best in zip(config, (7, 3, 4, 2))) / 100
    results.append(
        {
            "configuration": dict(zip(names, config)),
            "times": {"compilation": 500.0, "framework": 1.0, "search_algorithm": 0, "validation": 2.0, "runtimes": [time] * 7},
            "invalidity": "correct",
            "correctness": 1,
            "measurements": [{"name": "time", "value": time, "unit": "miliseconds"}],
            "objectives": ["time"],
        }
    )
with open(f"{folder}/recording.json", "w") as file:
    json.dump({"metadata": {"timeunit": "miliseconds"}, "results": results}, file)
