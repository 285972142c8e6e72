"""What arrays hold before a run: the same elements, bit by bit, as the other backends make from a fill and a seed.

Element i of a random fill depends on the seed and i alone: SplitMix64's output function (Steele, Lea and Flood 2014),
and for the normal distribution the quantile function AS 241 (Wichura 1988). The twins of this file are CounterRandom,
NormalDistribution and FillBytes in Sources/KernelSpec/Data.
"""

import math

import torch

elements_at_once = 1 << 24
wrapped = 1 << 64

centre = (
    (3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
     4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3),
    (1, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3, 2.1213794301586595867e4,
     3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3),
)
middle = (
    (1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
     1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4),
    (1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1, 1.48103976427480074590e-1,
     1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9),
)
far = (
    (6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
     2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7),
    (1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
     7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15),
)


def dtype(name):
    """PyTorch's type for a type of kernel.json, which has PyTorch's own names."""
    return getattr(torch, name)


def signed(word):
    word %= wrapped
    return word - wrapped if word >= wrapped >> 1 else word


def shifted(words, bits):
    """A logical shift to the right, which PyTorch's signed integers do not have."""
    return (words >> bits) & ((1 << (64 - bits)) - 1)


def mix(words):
    words = (words ^ shifted(words, 30)) * signed(0xBF58476D1CE4E5B9)
    words = (words ^ shifted(words, 27)) * signed(0x94D049BB133111EB)
    return words ^ shifted(words, 31)


def words(seed, start, end, device):
    key = mix(torch.tensor([signed(seed)], dtype=torch.int64, device=device))
    return mix(key + torch.arange(start + 1, end + 1, device=device) * signed(0x9E3779B97F4A7C15))


def polynomial(coefficients, x):
    value = torch.full_like(x, coefficients[7])
    for coefficient in reversed(coefficients[:7]):
        value = value * x + coefficient
    return value


def logarithm(x):
    significand, exponent = torch.frexp(x)
    significand, exponent = significand * 2, exponent.to(torch.float64) - 1
    is_large = significand > 1.4142135623730951
    significand = torch.where(is_large, significand / 2, significand)
    exponent = torch.where(is_large, exponent + 1, exponent)
    s = (significand - 1) / (significand + 1)
    square = s * s
    total = torch.full_like(s, 1.0 / 23)
    for odd in range(21, 0, -2):
        total = total * square + 1.0 / odd
    high, low = float.fromhex("0x1.62E42FEFA38p-1"), float.fromhex("0x1.EF35793C7673p-45")
    return exponent * high + (2 * s * total + exponent * low)


def square_root(x):
    """Rounded to the nearest, which PyTorch's own is not on every processor: a Newton step with the exact remainder."""
    root = torch.sqrt(x)
    high = root * 134217729.0
    high = high - (high - root)
    low = root - high
    square = root * root
    rest = ((high * high - square) + 2 * high * low) + low * low
    return root + ((x - square) - rest) / (2 * root)


def normal_quantile(p):
    q = p - 0.5
    r = 0.180625 - q * q
    inner = q * polynomial(centre[0], r) / polynomial(centre[1], r)
    r = square_root(-logarithm(torch.where(q < 0, p, 1 - p)))
    near = polynomial(middle[0], r - 1.6) / polynomial(middle[1], r - 1.6)
    distant = polynomial(far[0], r - 5) / polynomial(far[1], r - 5)
    tail = torch.where(r <= 5, near, distant)
    return torch.where(q.abs() <= 0.425, inner, torch.where(q < 0, -tail, tail))


def rounded(values, to):
    """Numbers as another type: as float64, which wide integers become first, rounded once. PyTorch goes by way of float32,
    which rounds twice where both matter: here that step rounds to odd, after which the second comes out as if it were the
    only one (Boldo and Melquiond 2008). float8_e4m3fn has no infinity: what is beyond it becomes its greatest number."""
    if not to.is_floating_point:
        return values.to(to)
    values = values.to(torch.float64)
    if to in (torch.float32, torch.float64):
        return values.to(to)
    if to == torch.float8_e4m3fn:
        values = values.clamp(-448, 448)
    single = values.to(torch.float32)
    bits = single.view(torch.int32)
    exact = single.to(torch.float64)
    bits = torch.where(exact.abs() > values.abs(), bits - 1, bits)
    bits = torch.where(exact != values, bits | 1, bits)
    return bits.view(torch.float32).to(to)


def floats(fill, start, end, seed_offset, device):
    kind = fill["kind"]
    if kind == "constant":
        return torch.full((end - start,), fill["first"], dtype=torch.float64, device=device)
    if kind == "arange":
        return fill["first"] + fill["second"] * torch.arange(start, end, device=device).to(torch.float64)
    drawn = words(fill["seed"] + seed_offset, start, end, device)
    if kind == "uniform":
        low, high = fill["first"], fill["second"]
        unit = shifted(drawn, 11).to(torch.float64) * 2.0**-53
        return torch.clamp(low + (high - low) * unit, max=math.nextafter(high, -math.inf))
    unit = (shifted(drawn, 12).to(torch.float64) + 0.5) * 2.0**-52
    return fill["first"] + fill["second"] * normal_quantile(unit)


def integers(fill, start, end, seed_offset, device):
    low, span = fill["low"], fill["high"] - fill["low"] + 1
    drawn = words(fill["seed"] + seed_offset, start, end, device)
    if span >= wrapped:
        return drawn + signed(low)
    if span > 1 << 31:
        exact = [low + ((word % wrapped) * span >> 64) for word in drawn.tolist()]
        return torch.tensor(exact, dtype=torch.int64, device=device)
    # The upper half of the 128-bit product, from two 32-bit halves that do not overflow.
    high, lower = shifted(drawn, 32), drawn & 0xFFFFFFFF
    return low + ((high * span + (lower * span >> 32)) >> 32)


def elements(argument, seed_offset, device):
    """All elements of an array in the order of memory, one-dimensional."""
    fill, to = argument["fill"], dtype(argument["dtype"])
    count = math.prod(argument["shape"])
    if fill["kind"] == "zeros":
        return torch.zeros(count, dtype=to, device=device)
    made = torch.empty(count, dtype=to, device=device)
    make = integers if fill["kind"] == "integers" else floats
    for start in range(0, count, elements_at_once):
        end = min(start + elements_at_once, count)
        made[start:end] = rounded(make(fill, start, end, seed_offset, device), to)
    return made


def strides(argument):
    shape, order = argument["shape"], argument.get("order") or range(len(argument["shape"]))
    found, step = [0] * len(shape), 1
    for dimension in reversed(order):
        found[dimension], step = step, step * max(1, shape[dimension])
    return found


def array(argument, seed_offset, device):
    """An array as it is before a run."""
    shape = argument["shape"]
    place = torch.empty_strided(shape, strides(argument), dtype=dtype(argument["dtype"]), device=device)
    if argument["fill"]["kind"] == "npy":
        place.copy_(from_file(argument, device))
    else:
        memory = place.as_strided((math.prod(shape),), (1,))
        memory.copy_(elements(argument, seed_offset, device))
    return place


def from_file(argument, device):
    """The values of a .npy file, in the order of the shape."""
    import numpy

    to = dtype(argument["dtype"])
    values = numpy.ascontiguousarray(numpy.load(argument["fill"]["path"], allow_pickle=False))
    # NumPy has no bfloat16 and no float8: their files hold the bytes under another type's name, or none.
    if values.dtype.kind == "V":
        values = values.view(f"u{values.dtype.itemsize}")
    held = torch.from_numpy(values).to(device)
    return held.view(to) if held.dtype != to and held.element_size() == to.itemsize else held.to(to)


def scalar(argument):
    value = argument.get("integer")
    if value is None:
        return float(argument["value"])
    return bool(value) if argument["dtype"] == "bool" else value
