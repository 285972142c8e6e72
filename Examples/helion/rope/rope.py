"""Rotary position embedding of queries or keys [batch, position, head, width]: element i of a head and element
i + width / 2 are a point in the plane, turned by an angle that depends on i and the position."""

import helion
import helion.language as hl
import torch


@helion.kernel(static_shapes=True)
def rope(x: torch.Tensor, cosines: torch.Tensor, sines: torch.Tensor) -> torch.Tensor:
    batches, positions, heads, width = x.shape
    half = width // 2
    out = torch.empty_like(x)

    for tile_batch, tile_position, tile_head, tile in hl.tile([batches, positions, heads, half]):
        # The angles are the same for all batches and heads.
        cosine = cosines[tile_position, tile].to(torch.float32)[None, :, None, :]
        sine = sines[tile_position, tile].to(torch.float32)[None, :, None, :]
        first = x[tile_batch, tile_position, tile_head, tile].to(torch.float32)
        second = x[tile_batch, tile_position, tile_head, tile + half].to(torch.float32)
        out[tile_batch, tile_position, tile_head, tile] = (first * cosine - second * sine).to(x.dtype)
        out[tile_batch, tile_position, tile_head, tile + half] = (second * cosine + first * sine).to(x.dtype)
    return out
