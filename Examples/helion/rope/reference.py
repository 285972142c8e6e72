import torch


def rope(x, cosines, sines):
    first, second = x.float().chunk(2, -1)
    cosine, sine = cosines.float()[None, :, None, :], sines.float()[None, :, None, :]
    return torch.cat([first * cosine - second * sine, second * cosine + first * sine], -1).to(x.dtype)
