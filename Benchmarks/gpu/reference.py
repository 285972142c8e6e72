"""What PyTorch and cuBLAS take for the examples' work, and what the GPU's memory moves: the yardstick of `examples`.

Times are medians of triton.testing.do_bench, which flushes the L2 cache before each run, as autotune does.
"""

import json
import sys

from support import arguments
from support.spec import Spec
from support.table import show

copied_bytes = 1 << 30


def main():
    options = arguments.parse(arguments.parser(__doc__))
    output = options.sessions / "reference.json"
    # Without PyTorch the times of an earlier run would pass for this one's.
    output.unlink(missing_ok=True)
    try:
        import torch
        from triton.testing import do_bench

        from support import same_work
    except ImportError as error:
        print(f"no reference: {error}")
        return 0

    def median_ms(function):
        # The clocks need longer to rise than do_bench warms up by default.
        return do_bench(function, warmup=100, rep=200, return_mode="median")

    rows, times = [], {}
    for example in options.examples:
        spec = Spec(arguments.kernel_file(example))
        tensors = same_work.tensors(spec)
        times[example] = {}
        for name, function in same_work.computing(spec, tensors).items():
            note = ""
            try:
                times[example][name] = median_ms(function)
            except Exception as error:  # A missing compiler, too little memory: the others still count.
                note = (str(error).strip().splitlines() or [type(error).__name__])[0][:100]
            rows.append([example, name, times[example].get(name), note])

    source = torch.empty(copied_bytes, dtype=torch.uint8, device="cuda").random_(0, 256)
    target = torch.empty_like(source)
    copy_ms = median_ms(lambda: target.copy_(source))
    rate = 2 * copied_bytes / copy_ms * 1e3
    rows.append(["copy", "1 GiB on the device", copy_ms, f"{rate / 1e9:.0f} GB/s read and written"])

    device = torch.cuda.get_device_name()
    document = {"device": device, "copy_bytes_per_second": rate, "times_ms": times}
    output.write_text(json.dumps(document, indent=2))
    print(f"{device}, torch {torch.__version__}")
    show(rows, ["example", "what", "ms", "note"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
