"""Attention without a mask, by the flash algorithm: scores are never written to memory."""

import math

import helion
import helion.language as hl
import torch


@helion.kernel(static_shapes=True)
def attention(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    queries, keys = q.size(-2), k.size(-2)
    width = hl.specialize(q.size(-1))
    # Heads are independent of each other: batch and head become one dimension.
    q_heads = q.reshape([-1, queries, width])
    k_heads = k.reshape([-1, keys, width]).transpose(1, 2)
    v_heads = v.reshape([-1, keys, width])
    out = torch.empty_like(q_heads)
    # log2(e) is in the scale, so that exponentials are powers of two, which the device has an instruction for.
    scale = math.log2(math.e) / math.sqrt(width)

    for tile_head, tile_query in hl.tile([q_heads.size(0), queries]):
        highest = hl.full([tile_head, tile_query], float("-inf"), dtype=torch.float32)
        divisor = hl.zeros([tile_head, tile_query], dtype=torch.float32)
        total = hl.zeros([tile_head, tile_query, width], dtype=torch.float32)
        query = q_heads[tile_head, tile_query, :]
        for tile_key in hl.tile(keys):
            scores = hl.dot(query, k_heads[tile_head, :, tile_key], out_dtype=torch.float32)
            # Sums so far are relative to the highest score so far: a higher one scales them down.
            higher = torch.maximum(highest, torch.amax(scores, -1) * scale)
            shrink = torch.exp2(highest - higher)
            weight = torch.exp2(scores * scale - higher[:, :, None])
            divisor = divisor * shrink + torch.sum(weight, -1)
            total = hl.dot(weight.to(v.dtype), v_heads[tile_head, tile_key, :], acc=total * shrink[:, :, None])
            highest = higher
        out[tile_head, tile_query, :] = (total / divisor[:, :, None]).to(out.dtype)
    return out.view(q.size())
