"""Softmax of each row, with exponentials and their sum in single precision."""

import helion
import helion.language as hl
import torch


@helion.kernel(static_shapes=True)
def softmax(x: torch.Tensor) -> torch.Tensor:
    out = torch.empty_like(x)

    for tile in hl.tile(x.size(0)):
        row = x[tile, :].to(torch.float32)
        # Exponentials of differences from the row's maximum cannot overflow.
        powers = torch.exp(row - torch.amax(row, -1, keepdim=True))
        out[tile, :] = (powers / torch.sum(powers, -1, keepdim=True)).to(x.dtype)
    return out
