"""The arguments of a kernel: on the device with what they hold before a run beside them, or without memory."""

import math

import torch

from autotune_worker import fills
from autotune_worker.failures import ConfigFailure, RPCError
from autotune_worker.results import poison


class Arguments:
    """The arguments in the device's memory.

    An input is compared with what it was made as after each verified run; an in-out argument becomes that again before
    each run; an output is poisoned before each verified run.
    """

    def __init__(self, described, device):
        self.described, self.device = described, device
        self.check_memory()
        try:
            self.values = [self.value(argument) for argument in described]
            self.initial = [
                torch.empty_like(value) if role(argument) in ("input", "inout") else None
                for argument, value in zip(described, self.values)
            ]
        except torch.OutOfMemoryError as error:
            raise RPCError.unsupported(f"the arguments do not fit the device's memory: {error}".splitlines()[0])

    def value(self, argument):
        if "shape" not in argument:
            return fills.scalar(argument)
        return torch.empty_strided(
            argument["shape"], fills.strides(argument), dtype=fills.dtype(argument["dtype"]), device=self.device)

    def check_memory(self):
        needed = sum(
            math.prod(argument["shape"]) * fills.dtype(argument["dtype"]).itemsize * (1 if role(argument) == "output" else 2)
            for argument in self.described if "shape" in argument)
        free = torch.cuda.mem_get_info(self.device)[0]
        if needed > free:
            raise RPCError.unsupported(
                f"the arguments take {needed >> 20} MiB with what they start as, and {free >> 20} MiB of the device are free")

    def make(self, seed_offset, heartbeat):
        """Fills the arrays; another offset gives fresh random numbers."""
        for argument, value, initial in zip(self.described, self.values, self.initial):
            heartbeat()
            if initial is not None:
                try:
                    initial.copy_(fills.array(argument, seed_offset, self.device))
                except (OSError, ValueError, RuntimeError) as error:
                    raise RPCError.unsupported(f"argument {argument['name']} cannot be made: {error}".splitlines()[0])
                value.copy_(initial)
        torch.cuda.synchronize()

    def restore(self, with_inputs=False):
        for argument, value, initial in zip(self.described, self.values, self.initial):
            if initial is not None and (with_inputs or role(argument) == "inout"):
                value.copy_(initial)

    def poison(self):
        for argument, value in zip(self.described, self.values):
            if role(argument) == "output":
                poison(value)

    def results(self):
        """Outputs and in-outs by name."""
        return [
            (argument["name"], value)
            for argument, value in zip(self.described, self.values) if role(argument) in ("output", "inout")
        ]

    def check_inputs(self):
        for argument, value, initial in zip(self.described, self.values, self.initial):
            if role(argument) == "input" and not same_bytes(value, initial):
                value.copy_(initial)
                raise ConfigFailure("wrongResult", f"the kernel writes into {argument['name']}, which is an input")


def role(argument):
    return argument.get("role") if "shape" in argument else None


def same_bytes(a, b):
    words = {1: torch.uint8, 2: torch.int16, 4: torch.int32, 8: torch.int64}[a.element_size()]
    return torch.equal(a.view(words), b.view(words))


def without_memory(described, device):
    """The arguments as a compiler sees them: within the mode that comes with them tensors have a shape, a type and a
    device, and no bytes."""
    from torch._subclasses import FakeTensorMode

    mode = FakeTensorMode()
    with mode:
        values = [
            torch.empty_strided(
                argument["shape"], fills.strides(argument), dtype=fills.dtype(argument["dtype"]), device=device)
            if "shape" in argument else fills.scalar(argument)
            for argument in described
        ]
    return mode, values
