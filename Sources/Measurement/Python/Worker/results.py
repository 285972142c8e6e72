"""What a kernel computes, and whether it is right: |a - b| <= atol * max(1, rms(reference)) + rtol * |b|, in float64.

NaN never passes, an infinity only where the reference has the same one. Before each verified run outputs are poisoned:
what a kernel leaves unwritten is NaN, or the greatest integer of its type.
"""

import math

import torch

from autotune_worker.failures import ConfigFailure

elements_at_once = 1 << 24


def flattened(returned, name="result"):
    """The tensors of what a function returns, with names for messages."""
    if isinstance(returned, torch.Tensor):
        return [(name, returned)]
    if isinstance(returned, dict):
        return [pair for key, value in returned.items() for pair in flattened(value, f"{name}[{key!r}]")]
    if isinstance(returned, (list, tuple)):
        return [pair for index, value in enumerate(returned) for pair in flattened(value, f"{name}[{index}]")]
    return []


def poison(tensor):
    memory = tensor.as_strided((tensor.numel(),), (1,))
    if tensor.is_floating_point():
        memory.view(torch.uint8).fill_(0xFF)
    elif tensor.dtype == torch.bool:
        memory.view(torch.uint8).fill_(1)
    else:
        memory.fill_(torch.iinfo(tensor.dtype).max)


class PoisonedAllocation:
    """While it is entered, PyTorch fills what it allocates without values as `poison` does: outputs of a Helion kernel
    come to be inside the function."""

    def __enter__(self):
        self.was = torch.are_deterministic_algorithms_enabled(), torch.is_deterministic_algorithms_warn_only_enabled()
        torch.use_deterministic_algorithms(True, warn_only=True)
        torch.utils.deterministic.fill_uninitialized_memory = True

    def __exit__(self, *_):
        torch.use_deterministic_algorithms(self.was[0], warn_only=self.was[1])


def pieces(tensor):
    """The elements in the order of the shape, some at a time, each piece with the index of its first element."""
    flat = tensor.reshape(-1)
    for start in range(0, flat.numel(), elements_at_once):
        yield start, flat[start : start + elements_at_once]


def root_mean_square(tensor):
    total, count = 0.0, 0
    for _, piece in pieces(tensor):
        values = piece.to(torch.float64)
        values = values[torch.isfinite(values)]
        total, count = total + float((values * values).sum()), count + values.numel()
    return math.sqrt(total / count) if count else 0.0


class Expected:
    """One result of the reference."""

    def __init__(self, name, tensor, tolerances):
        self.name, self.tensor = name, tensor.detach().clone()
        tolerance = tolerances.get(str(tensor.dtype).removeprefix("torch."), {"relative": 0, "absolute": 0})
        self.relative = tolerance["relative"]
        self.floor = tolerance["absolute"] * max(1.0, root_mean_square(self.tensor))

    @property
    def holds_nan(self):
        return self.tensor.is_floating_point() and any(bool(torch.isnan(piece).any()) for _, piece in pieces(self.tensor))

    def check(self, name, tensor):
        """Raises `ConfigFailure` unless all elements are near enough."""
        if tensor.shape != self.tensor.shape or tensor.dtype != self.tensor.dtype:
            raise ConfigFailure(
                "wrongResult", f"{name} is {described(tensor)} where the reference has {described(self.tensor)}")
        first, off_count = None, 0
        for (start, piece), (_, wanted) in zip(pieces(tensor), pieces(self.tensor)):
            value, expected = piece.to(torch.float64), wanted.to(torch.float64)
            if not tensor.is_floating_point() and self.relative == 0 and self.floor == 0:
                off = piece != wanted
            else:
                near = (value - expected).abs() <= self.floor + self.relative * expected.abs()
                off = ~((value == expected) | (near & torch.isfinite(expected)))
            count = int(off.sum())
            if count and first is None:
                index = int(off.nonzero()[0])
                first = start + index, piece[index].item(), wanted[index].item()
            off_count += count
        if first is not None:
            raise ConfigFailure("wrongResult", self.mismatch(name, tensor, *first, off_count))

    def mismatch(self, name, tensor, index, value, expected, off_count):
        share = 100 * off_count / tensor.numel()
        percent = "under 0.1" if share < 0.05 else f"{share:.1f}".removesuffix(".0")
        place = ", ".join(str(int(i)) for i in torch.unravel_index(torch.tensor(index), tensor.shape))
        return (
            f"{name}[{place}] is {told(value)} where the reference has {told(expected)}; "
            f"{percent} % of {name} is off ({off_count} of {tensor.numel()} elements)")


def told(value):
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def described(tensor):
    return f"{str(tensor.dtype).removeprefix('torch.')}{list(tensor.shape)}"
