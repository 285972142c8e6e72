"""A kernel that is right with mode "none" and has one fault with each of the other modes."""

import triton
import triton.language as tl


@triton.constexpr_function
def crash():
    # Triton looks into functions that are called, and takes no calls of other modules.
    eval("__import__('os').abort()")


@triton.jit
def faulty(x, y, count, mode: tl.constexpr, block: tl.constexpr):
    places = tl.program_id(0) * block + tl.arange(0, block)
    value = tl.load(x + places, places < count)
    if mode == "crash":
        tl.static_assert(crash())
    if mode == "hang":
        # Nothing ever writes there.
        while tl.load(x, volatile=True) != 12345.0:
            value += 1
    if mode == "illegal_address":
        tl.store(y + (places.to(tl.int64) + (1 << 40)), value)
    if mode == "wrong":
        value += 1
    if mode == "unwritten":
        tl.store(y + places, value * 2, places < count - 1)
    elif mode == "writes_input":
        tl.store(x + places, value * 2, places < count)
        tl.store(y + places, value * 2, places < count)
    else:
        tl.store(y + places, value * 2, places < count)
