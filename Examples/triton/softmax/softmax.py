"""Softmax of each row of x, in half precision with arithmetic in single precision.

A row that fits a block stays in registers. Otherwise it is gone over twice, and the second time comes from a cache at
best; but more rows are under way on a multiprocessor.
"""

import triton
import triton.language as tl

COLUMNS = tl.constexpr(4096)  # the shape in kernel.json


@triton.jit
def softmax(x, y, ROWS: tl.constexpr, BLOCK: tl.constexpr, STAGES: tl.constexpr):
    rows = tl.program_id(0) * ROWS + tl.arange(0, ROWS)
    places = rows[:, None] * COLUMNS + tl.arange(0, BLOCK)[None, :]

    if BLOCK == COLUMNS:
        row = tl.load(x + places).to(tl.float32)
        # Exponentials of differences from the row's maximum cannot overflow.
        powers = tl.exp(row - tl.max(row, 1)[:, None])
        tl.store(y + places, (powers / tl.sum(powers, 1)[:, None]).to(tl.float16))
    else:
        # Each place of a block has a maximum and a sum of its own, which are brought together only after the row.
        highest = tl.full([ROWS, BLOCK], float("-inf"), dtype=tl.float32)
        total = tl.zeros([ROWS, BLOCK], dtype=tl.float32)
        for start in tl.range(0, COLUMNS, BLOCK, num_stages=STAGES):
            part = tl.load(x + places + start).to(tl.float32)
            higher = tl.maximum(highest, part)
            total = total * tl.exp(highest - higher) + tl.exp(part - higher)
            highest = higher
        row_highest = tl.max(highest, 1)[:, None]
        row_total = tl.sum(total * tl.exp(highest - row_highest), 1)[:, None]
        for start in tl.range(0, COLUMNS, BLOCK, num_stages=STAGES):
            part = tl.load(x + places + start).to(tl.float32)
            tl.store(y + places + start, (tl.exp(part - row_highest) / row_total).to(tl.float16))
