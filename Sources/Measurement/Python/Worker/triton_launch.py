"""What both languages share: Triton kernels, compiled without being launched, and what they take of the device."""

import torch

from autotune_worker.failures import ConfigFailure, over_limit


class Pointer:
    """Stands for a tensor where only its type counts: aligned as every allocation is."""

    def __init__(self, tensor):
        self.dtype = tensor.dtype

    @staticmethod
    def data_ptr():
        return 0

    @staticmethod
    def ptr_range():
        return 0


def stand_in(value):
    return Pointer(value) if isinstance(value, torch.Tensor) else value


class Precompiler:
    """Called where a kernel would be launched: compiles it, and keeps what came of it."""

    def __init__(self):
        self.compiled = []

    def __call__(self, kernel, grid, *args, ptx_options=None, **options):
        if ptx_options is not None:
            options["ptx_options"] = ptx_options
        keywords = {name: stand_in(value) for name, value in options.items()}
        self.compiled.append(kernel.warmup(*map(stand_in, args), grid=grid, **keywords))

    def resources(self, shared_bytes):
        """Raises `ConfigFailure` for a kernel that the device, with so much shared memory for a block, cannot launch."""
        for compiled in self.compiled:
            if compiled.metadata.shared > shared_bytes:
                raise ConfigFailure("launchError", over_limit("shared memory", compiled.metadata.shared, shared_bytes))
        return most(map(taken, self.compiled))


class RecordingLauncher:
    """Launches kernels, and keeps what they take."""

    def __init__(self, launch):
        self.launch, self.launched = launch, []

    def __call__(self, *args, **options):
        compiled = self.launch(*args, **options)
        if compiled is not None:
            self.launched.append(compiled)
        return compiled

    def resources(self):
        return most(map(taken, self.launched))


def taken(compiled):
    """What is known of one kernel: registers and spills once the device has loaded it."""
    spilled_words = getattr(compiled, "n_spills", None)
    return {
        "sharedMemoryBytes": compiled.metadata.shared, "registersPerThread": getattr(compiled, "n_regs", None),
        "spillBytes": None if spilled_words is None else 4 * spilled_words,
        "codeBytes": len(compiled.asm.get("cubin", b"")) or None,
    }


def most(resources):
    """Of the kernel that takes most, where a function launches several."""
    found = {}
    for each in resources:
        for key, value in each.items():
            if value is not None:
                found[key] = max(value, found.get(key, 0))
    return found
