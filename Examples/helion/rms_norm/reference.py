import torch


def rms_norm(x, weight, epsilon):
    rows = x.float()
    factors = torch.rsqrt(rows.square().mean(-1) + epsilon)
    return (rows * factors[:, None] * weight.float()).to(x.dtype), factors
