"""A kernel that is right where `mode` is 0 and has one fault at each of the other values."""

import os

import helion
import helion.language as hl
import torch
from helion.autotuner import IntegerFragment

# 1 hangs on the device, 2 is right too, 3 computes something else, 4 asks for more memory than there is.


@helion.kernel(static_shapes=True)
def faulty(x: torch.Tensor) -> torch.Tensor:
    mode = hl.register_tunable("mode", IntegerFragment(0, 4, 0))
    out = torch.empty_like(x)
    scratch = torch.empty([1 + (mode // 4) * (1 << 40)], dtype=torch.float32, device=x.device)
    for tile in hl.tile(x.size(0)):
        value = x[tile]
        waits = torch.full_like(value, mode).to(torch.int32)
        # Sleeping, because an endless loop without any effect is taken away by the assembler.
        value = hl.inline_asm_elementwise(
            "{ .reg .pred p; WAIT: nanosleep.u32 1000; setp.eq.s32 p, $2, 1; @p bra WAIT; mov.b32 $0, $1; }",
            "=r,r,r", [value, waits], dtype=torch.float32, is_pure=False, pack=1)
        out[tile] = value * 2 + (mode // 3) * (mode % 4)
    return out
