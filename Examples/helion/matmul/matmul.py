"""The product of two matrices in half precision, summed up in single precision."""

import helion
import helion.language as hl
import torch


@helion.kernel(static_shapes=True)
def matmul(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    rows, depth = x.shape
    columns = y.size(1)
    out = torch.empty([rows, columns], dtype=x.dtype, device=x.device)

    for tile_row, tile_column in hl.tile([rows, columns]):
        total = hl.zeros([tile_row, tile_column], dtype=torch.float32)
        for tile_depth in hl.tile(depth):
            total = hl.dot(x[tile_row, tile_depth], y[tile_depth, tile_column], acc=total)
        out[tile_row, tile_column] = total.to(x.dtype)
    return out
