"""What both languages share: Triton kernels, compiled without being launched, and what they take of the device."""

import torch


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

    @property
    def resources(self):
        """Of the kernel that takes most, where a function launches several."""
        found = [resources_of(compiled) for compiled in self.compiled]
        return {
            key: max(values)
            for key in ("registersPerThread", "spillBytes", "sharedMemoryBytes", "codeBytes")
            if (values := [each[key] for each in found if each.get(key) is not None])
        }


def resources_of(compiled):
    """Raises Triton's OutOfResources for a kernel that the device cannot launch."""
    # Loading tells the registers, and checks shared memory against what the device has.
    compiled._init_handles()
    found = {"sharedMemoryBytes": compiled.metadata.shared, "registersPerThread": compiled.n_regs}
    # Triton counts words of local memory.
    if compiled.n_spills is not None:
        found["spillBytes"] = 4 * compiled.n_spills
    if "cubin" in compiled.asm:
        found["codeBytes"] = len(compiled.asm["cubin"])
    return found
