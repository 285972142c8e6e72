"""The product of two matrices in half precision, summed up in single precision: c = a b, all of them row-major.

M, N and K are multiples of the blocks, so nothing is masked.
"""

import triton
import triton.language as tl


@triton.jit
def matmul(
    a, b, c, M, N, K,
    BLOCK_M: tl.constexpr, BLOCK_N: tl.constexpr, BLOCK_K: tl.constexpr, GROUP_M: tl.constexpr,
):
    # Programs that run at the same time should share what they read, so that it comes from the L2 cache: GROUP_M rows
    # of blocks are walked through column by column.
    program = tl.program_id(0)
    rows_of_blocks, columns_of_blocks = tl.cdiv(M, BLOCK_M), tl.cdiv(N, BLOCK_N)
    group, place = program // (GROUP_M * columns_of_blocks), program % (GROUP_M * columns_of_blocks)
    height = min(rows_of_blocks - group * GROUP_M, GROUP_M)  # the last group may have fewer rows
    row = (group * GROUP_M + place % height) * BLOCK_M
    column = place // height * BLOCK_N

    rows, columns, depths = row + tl.arange(0, BLOCK_M), column + tl.arange(0, BLOCK_N), tl.arange(0, BLOCK_K)
    a_block = a + rows[:, None] * K + depths[None, :]
    b_block = b + depths[:, None] * N + columns[None, :]
    total = tl.zeros([BLOCK_M, BLOCK_N], dtype=tl.float32)
    for _ in range(0, K, BLOCK_K):
        total = tl.dot(tl.load(a_block), tl.load(b_block), total)
        a_block += BLOCK_K
        b_block += BLOCK_K * N
    tl.store(c + rows[:, None] * N + columns[None, :], total.to(tl.float16))
