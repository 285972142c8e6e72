"""Layer normalization of each row in half precision; mean and variance are in single precision."""

import helion
import helion.language as hl
import torch


@helion.kernel(static_shapes=True)
def layer_norm(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor, epsilon: float) -> torch.Tensor:
    rows, columns = x.shape
    out = torch.empty_like(x)

    for tile in hl.tile(rows):
        row = x[tile, :].to(torch.float32)
        mean = row.sum(-1, keepdim=True) / columns
        # Squares of the distances from the mean: the difference of two sums would lose digits where the mean is large.
        centred = row - mean
        variance = (centred * centred).sum(-1, keepdim=True) / columns
        normal = centred * torch.rsqrt(variance + epsilon)
        out[tile, :] = (normal * weight[:].to(torch.float32) + bias[:].to(torch.float32)).to(x.dtype)
    return out
