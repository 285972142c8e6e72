"""Each row divided by its root mean square. Training needs the factors too, so they are returned beside the rows."""

import helion
import helion.language as hl
import torch


@helion.kernel(static_shapes=True)
def rms_norm(x: torch.Tensor, weight: torch.Tensor, epsilon: float) -> tuple[torch.Tensor, torch.Tensor]:
    rows, columns = x.shape
    out = torch.empty_like(x)
    factors = torch.empty([rows], dtype=torch.float32, device=x.device)

    for tile in hl.tile(rows):
        row = x[tile, :].to(torch.float32)
        factor = torch.rsqrt((row * row).sum(-1) / columns + epsilon)
        out[tile, :] = (row * factor[:, None] * weight[:].to(torch.float32)).to(x.dtype)
        factors[tile] = factor
    return out, factors
