"""What `open` tells a worker of a kernel file: everything but the space, with no expression left to evaluate."""

# How near results have to be where the kernel file does not say.
tolerances_of_types = {"float16": 1e-2, "float32": 1e-4}


def target(spec):
    kernel, arguments, tolerances = spec.document["kernel"], [], {}
    verification = spec.document.get("verification", {})
    if verification.get("against", "default") != "default":
        raise ValueError(f"{spec.path}: the benchmark verifies against the default only")
    for position, entry in enumerate(spec.arguments):
        argument = {"name": entry["name"], "dtype": entry["dtype"]}
        if "value" in entry:
            argument["integer" if isinstance(entry["value"], int) else "value"] = entry["value"]
        else:
            role = entry.get("role", "input")
            argument |= {"shape": spec.shape(entry), "role": role, "fill": fill(entry, position)}
            if role != "input":
                own = tolerances_of_types.get(entry["dtype"], 0)
                tolerances[entry["dtype"]] = {
                    "relative": verification.get("rtol", own), "absolute": verification.get("atol", own)
                }
        arguments.append(argument)
    return {
        "name": spec.name, "language": kernel["language"], "source": spec.source, "function": kernel["function"],
        "compilerOptions": kernel.get("compiler_options", []), "includePaths": spec.include_paths,
        "arguments": arguments, "verification": {"against": {"defaultConfig": {}}, "tolerances": tolerances},
    }


def fill(argument, position):
    """An argument's fill: its kind, and the numbers that belong to it under the protocol's names."""
    if argument.get("role") == "output":
        return {"kind": "zeros"}
    fill = argument["fill"]
    seed = fill.get("seed", position + 1)
    match fill["kind"]:
        case "zeros":
            return {"kind": "zeros"}
        case "normal":
            return {"kind": "normal", "first": fill.get("mean", 0), "second": fill.get("std", 1), "seed": seed}
        case "uniform":
            return {"kind": "uniform", "first": fill.get("low", 0), "second": fill.get("high", 1), "seed": seed}
        case "integers":
            return {"kind": "integers", "low": fill["low"], "high": fill["high"], "seed": seed}
        case kind:
            raise ValueError(f"the benchmark knows no fill {kind}")
