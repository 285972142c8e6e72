"""The device as the prompt, the result and the user see it, and what it reaches in the simplest work there is."""

import json
import os
import time

import torch

from autotune_worker.failures import RPCError

copied_bytes = 1 << 30
matrix_side = 8192


def choose(index):
    """Makes a GPU the current one, by its number among those that are visible."""
    if not torch.cuda.is_available():
        raise RPCError.unsupported(
            f"PyTorch {torch.__version__} finds no CUDA device; check `nvidia-smi`, CUDA_VISIBLE_DEVICES, and that "
            "PyTorch was built for CUDA (python3 -c 'import torch; print(torch.version.cuda)')")
    count = torch.cuda.device_count()
    if index >= count:
        raise RPCError.unsupported(f"there is no device {index}; PyTorch sees {count}, numbered from 0")
    torch.cuda.set_device(index)
    return torch.device("cuda", index)


def leave_alone(device):
    """From here on what is asked of the device is answered from memory: copies of this process cannot use it."""
    import torch._subclasses.fake_tensor as fake_tensor
    from triton.runtime.driver import driver

    properties, capability = torch.cuda.get_device_properties(device), torch.cuda.get_device_capability(device)
    name, target = torch.cuda.get_device_name(device), driver.active.get_current_target()
    count = torch.cuda.device_count()
    torch.cuda.is_available, torch.cuda.device_count = lambda: True, lambda: count
    torch.cuda.get_device_properties = lambda *_: properties
    torch.cuda.get_device_capability = lambda *_: capability
    torch.cuda.get_device_name = lambda *_: name
    torch.cuda.current_device = lambda: device.index
    torch.cuda._lazy_init = lambda: None
    fake_tensor.init_gpu_context = lambda *_: None
    driver.active.get_current_device = lambda: device.index
    driver.active.get_current_stream = lambda *_: 0
    driver.active.get_current_target = lambda: target


def choices():
    return [
        {"index": i, "name": torch.cuda.get_device_name(i), "architecture": architecture(i)}
        for i in range(torch.cuda.device_count())
    ]


def architecture(index):
    major, minor = torch.cuda.get_device_capability(index)
    return f"sm_{major}{minor}"


def facts(device):
    properties = torch.cuda.get_device_properties(device)

    def fact(name, value):
        return {"name": name, "value": value}

    def of(key):
        return getattr(properties, key, None)

    found = [
        fact("Architecture", f"{architecture(device.index)} (compute capability {properties.major}.{properties.minor})"),
        fact("Multiprocessors (SMs)", str(properties.multi_processor_count)),
        fact("Memory", f"{properties.total_memory / (1 << 30):.1f} GiB"),
    ]
    if of("L2_cache_size"):
        found.append(fact("L2 cache", f"{properties.L2_cache_size / (1 << 20):.0f} MiB"))
    if of("shared_memory_per_block_optin"):
        found.append(fact("Shared memory per block", f"{properties.shared_memory_per_block_optin} bytes at the most"))
    if of("shared_memory_per_multiprocessor"):
        found.append(fact("Shared memory per SM", f"{properties.shared_memory_per_multiprocessor} bytes"))
    if of("regs_per_multiprocessor"):
        found.append(fact("Registers", f"{properties.regs_per_multiprocessor} per SM, 255 per thread"))
    threads = f"1024 per block, {properties.max_threads_per_multi_processor} per SM, warps of {of('warp_size') or 32}"
    return [*found, fact("Threads", threads)]


def fastest(seconds, count, body):
    """Seconds of the fastest of some runs: limits are what can be reached, not what is usual."""
    start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
    best, begin = float("inf"), time.monotonic()
    body()
    while count > 0 or time.monotonic() - begin < seconds:
        start.record()
        body()
        end.record()
        end.synchronize()
        best, count = min(best, start.elapsed_time(end) * 1e-3), count - 1
    return best


def limits(device, folder, heartbeat):
    """Bandwidths and matrix throughputs; measured once in a session, since a worker may be replaced."""
    path = os.path.join(folder, f"limits-{device.index}.json")
    try:
        with open(path) as file:
            return json.load(file)
    except (OSError, ValueError):
        pass
    found = {"matrixOperationsPerSecond": {}, "problems": []}
    try:
        measure(found, device, heartbeat)
    except RuntimeError as error:
        found["problems"].append(f"the device's limits could not be measured: {error}".splitlines()[0])
    torch.cuda.empty_cache()
    with open(path, "w") as file:
        json.dump(found, file)
    return found


def measure(found, device, heartbeat):
    free = torch.cuda.mem_get_info(device)[0]
    size = min(copied_bytes, free // 8) // 4
    source = torch.zeros(size, dtype=torch.float32, device=device)
    target = torch.empty_like(source)
    found["copyBytesPerSecond"] = 8 * size / fastest(0.05, 5, lambda: target.copy_(source))
    heartbeat()
    found["readBytesPerSecond"] = max(
        4 * size / fastest(0.05, 5, lambda: torch.amax(source)), found["copyBytesPerSecond"])
    heartbeat()
    del source, target
    for name in ("float16", "bfloat16"):
        # Random, since matrix units draw more power, and clock lower, on numbers that differ.
        a, b = (torch.randn(matrix_side, matrix_side, device=device).to(getattr(torch, name)) for _ in range(2))
        seconds = fastest(0.1, 5, lambda: torch.mm(a, b))
        found["matrixOperationsPerSecond"][name] = 2 * matrix_side**3 / seconds
        heartbeat()
