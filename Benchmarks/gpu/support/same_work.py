"""The work of the examples in PyTorch: their inputs as tensors, and what computes the same."""

import functools

import torch
import torch.nn.functional as F


def tensors(spec):
    """A tensor for each array, filled from the same distribution; a type's name and a number for each scalar."""
    arguments = {}
    for entry in spec.arguments:
        name, kind = entry["name"], getattr(torch, entry["dtype"])
        if "value" in entry:
            arguments[name] = (entry["dtype"], entry["value"])
            continue
        tensor = torch.zeros(spec.shape(entry), dtype=kind, device="cuda")
        fill = entry.get("fill", {"kind": "zeros"})
        generator = torch.Generator("cuda").manual_seed(fill.get("seed", 0))
        if fill["kind"] == "normal":
            tensor.normal_(fill.get("mean", 0), fill.get("std", 1), generator=generator)
        elif fill["kind"] == "integers":
            tensor.random_(fill["low"], fill["high"] + 1, generator=generator)
        elif fill["kind"] != "zeros":
            raise ValueError(f"{spec.path}: the benchmark makes no tensor for the fill {fill['kind']}")
        arguments[name] = tensor
    return arguments


def layer_norm(x, weight, bias, epsilon):
    return F.layer_norm(x, weight.shape, weight, bias, epsilon)


def cross_entropy(logits, labels):
    return F.cross_entropy(logits, labels, reduction="none")


@functools.cache
def compiled(function):
    """Compiled when it is first called: whoever only wants the plain functions should not wait for a compiler."""
    return torch.compile(function)


def computing(spec, arguments):
    """PyTorch's own functions without arguments, by the name that a table gives them; the first is the plainest."""
    inputs = [value[1] if isinstance(value, tuple) else value for value in arguments.values()]
    match spec.name:
        case "matmul":
            a, b, _ = inputs
            return {"cuBLAS (torch.matmul)": lambda: torch.matmul(a, b)}
        case "layer_norm":
            x, weight, bias, _, epsilon = inputs
            return {
                "F.layer_norm": lambda: layer_norm(x, weight, bias, epsilon),
                "torch.compile(F.layer_norm)": lambda: compiled(layer_norm)(x, weight, bias, epsilon),
            }
        case "attention":
            q, k, v, _ = inputs
            return {"SDPA": lambda: F.scaled_dot_product_attention(q, k, v)}
        case "cross_entropy":
            logits, labels, _ = inputs
            return {
                "F.cross_entropy": lambda: cross_entropy(logits, labels),
                "torch.compile(F.cross_entropy)": lambda: compiled(cross_entropy)(logits, labels),
            }
        case name:
            raise ValueError(f"there is no PyTorch function for {name} here")


def output(spec, arguments):
    return next(arguments[entry["name"]] for entry in spec.arguments if entry.get("role") == "output")


def share_off(spec, ours, theirs):
    """The share of elements that are further apart than twice what the kernel file allows: both sides round."""
    verification = spec.document["verification"]
    ours, theirs = ours.double(), theirs.double()
    floor = verification["atol"] * max(1.0, theirs.square().mean().sqrt().item())
    near = (ours - theirs).abs() <= 2 * (floor + verification["rtol"] * theirs.abs())
    return 1 - near.double().mean().item()
