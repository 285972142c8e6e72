"""Rows in groups of any length, each group times its own matrix, as in a mixture of experts: the rows of group g are
offsets[g] up to offsets[g + 1]."""

import helion
import helion.language as hl
import torch


@helion.kernel(static_shapes=True)
def grouped_gemm(x: torch.Tensor, weights: torch.Tensor, offsets: torch.Tensor) -> torch.Tensor:
    groups, depth, columns = weights.shape
    out = torch.empty([x.size(0), columns], dtype=x.dtype, device=x.device)

    # A program has some columns of a group and walks through its rows: how many those are is known only on the device.
    for tile_group, tile_column in hl.tile([groups, columns], block_size=[1, None]):
        group = tile_group.begin
        first = offsets[group]
        for tile_row in hl.tile(offsets[group + 1] - first):
            # Computed indices are masked. A tile from `first` on could become a tensor descriptor, which knows the
            # bounds of x but not those of a group, and the last tile would write into the next group.
            row = first + tile_row.index
            total = hl.zeros([tile_row, tile_column], dtype=torch.float32)
            for tile_depth in hl.tile(depth):
                total = hl.dot(x[row, tile_depth], weights[group, tile_depth, tile_column], acc=total)
            out[row, tile_column] = total.to(x.dtype)
    return out
