"""Times kernels by the device's own clock, by the rules of the CUDA backend (CUDATimer.swift): the L2 is flushed before
every sample by writing 256 MiB, in the warm-up too; in-out arguments are as at first before every run."""

import time

import torch

flushed_bytes = 256 << 20
# So many samples of short kernels are enqueued before the first is waited for: the device is never ahead of Python.
samples_at_once = 8
short_seconds = 0.01


class Timer:
    def __init__(self, device):
        size = min(flushed_bytes, torch.cuda.get_device_properties(device).total_memory // 64)
        self.flushed = torch.empty(size // 4, dtype=torch.int32, device=device)
        self.events = [
            (torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)) for _ in range(samples_at_once)
        ]

    def warm_up(self, kernel, seconds, heartbeat):
        begin = time.monotonic()
        while True:
            heartbeat()
            last = time.monotonic()
            for _ in range(samples_at_once if kernel.is_short else 1):
                self.prepare(kernel)
                kernel.run()
            torch.cuda.synchronize()
            now = time.monotonic()
            kernel.is_short = kernel.is_short or now - last < short_seconds
            if now - begin >= seconds:
                return

    def prepare(self, kernel):
        kernel.restore()
        self.flushed.zero_()

    def samples(self, kernels, rounds, heartbeat):
        """`rounds` milliseconds of each kernel, taken in turn."""
        turns = [kernel for _ in range(rounds) for kernel in kernels]
        at_once = samples_at_once if all(kernel.is_short for kernel in kernels) else 1
        milliseconds = []
        for begin in range(0, len(turns), at_once):
            heartbeat()
            some = list(zip(turns[begin : begin + at_once], self.events))
            # Once more before the first: while the device writes, Python gets ahead of it.
            self.flushed.zero_()
            for kernel, (start, end) in some:
                self.prepare(kernel)
                start.record()
                kernel.run()
                end.record()
            torch.cuda.synchronize()
            milliseconds += [start.elapsed_time(end) for _, (start, end) in some]
        return [milliseconds[index :: len(kernels)] for index in range(len(kernels))]
