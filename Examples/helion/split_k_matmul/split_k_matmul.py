"""The product of two matrices whose result is small and whose sums are long: several programs share a sum."""

import helion
import helion.language as hl
import torch
from helion.autotuner import PowerOfTwoFragment


@helion.kernel(static_shapes=True)
def split_k_matmul(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    rows, depth = x.shape
    columns = y.size(1)
    # Programs add to the result in single precision: in half precision every addition would round.
    out = torch.zeros([rows, columns], dtype=torch.float32, device=x.device)
    parts = hl.register_tunable("parts", PowerOfTwoFragment(1, 64, 8))
    part = helion.cdiv(depth, parts)

    for tile_row, tile_column, tile_part in hl.tile([rows, columns, depth], block_size=[None, None, part]):
        total = hl.zeros([tile_row, tile_column], dtype=torch.float32)
        for tile_depth in hl.tile(tile_part.begin, tile_part.end):
            total = hl.dot(x[tile_row, tile_depth], y[tile_depth, tile_column], acc=total)
        hl.atomic_add(out, [tile_row, tile_column], total)
    return out
