"""Cross entropy of each row of logits and the label that would be right: log(sum(exp(row))) - row[label]."""

import helion
import helion.language as hl
import torch


@helion.kernel(static_shapes=True)
def cross_entropy(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    rows, columns = logits.shape
    losses = torch.empty([rows], dtype=torch.float32, device=logits.device)
    flat = logits.view(-1)

    for tile in hl.tile(rows):
        # One element of each row, wherever it is: an offset into all logits.
        right = hl.load(flat, [tile.index * columns + labels[tile]])
        row = logits[tile, :]
        # Exponentials of differences from the row's maximum cannot overflow.
        highest = torch.amax(row, -1)
        total = torch.sum(torch.exp(row - highest[:, None]), -1)
        losses[tile] = highest + torch.log(total) - right
    return losses
