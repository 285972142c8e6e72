// Heat flow on a plate: 8 time steps of a five-point stencil in single precision. The plate is 2048 x 2048 cells
// inside a rim one cell wide whose values never change.
//
// Step after step, the whole plate would move through memory 8 times. With time_block > 1 a tile of tile_0 x tile_1
// cells goes through several steps while it is in cache: beginning with a window that is larger than the tile by
// time_block cells on each side, every step computes a region that is one cell smaller on each side, and the last step
// writes the tile. Cells near the edge of a tile are computed by its neighbours too: the price of less traffic.
//
// Lower-case names that are not declared here are parameters: macros that the tuner defines. The constraints in
// kernel.json see to it that a tile is at least one micro-tile, and that a window fits in 4 MiB where it is buffered.

#define PRAGMA(text) _Pragma(#text)
#ifdef __clang__
#define UNROLL_FULLY PRAGMA(clang loop unroll(full))
#else
#define UNROLL_FULLY PRAGMA(GCC unroll 32)  // longer than any loop over a micro-tile
#endif

enum { time_steps = 8, height = 2048, width = 2048, full_height = height + 2, full_width = width + 2 };
enum { micro_columns = micro_vectors * vector_width };
enum { rows, columns };  // the values of inner_loop

// Cells are aligned to an element only, so vectors of them are read and written through the second type.
typedef float vector __attribute__((vector_size(4 * vector_width)));
typedef float unaligned_vector __attribute__((vector_size(4 * vector_width), aligned(4), may_alias));

// Cells y0 <= y < y1, x0 <= x < x1. The rim is row and column 0, row full_height - 1 and column full_width - 1.
typedef struct { int y0, y1, x0, x1; } region;

// A piece of the plate in memory that begins with the cell (y0, x0).
typedef struct { float *cells; long stride; int y0, x0; } plane;

static inline float *cell(plane p, int y, int x) { return p.cells + (y - p.y0) * p.stride + (x - p.x0); }

static inline int max(int a, int b) { return a > b ? a : b; }
static inline int min(int a, int b) { return a < b ? a : b; }

// The region with `border` more cells on each side, but none beyond the limits.
static region expanded(region r, int border, region limits) {
    return (region){max(r.y0 - border, limits.y0), min(r.y1 + border, limits.y1),
                    max(r.x0 - border, limits.x0), min(r.x1 + border, limits.x1)};
}

static void copy(plane to, plane from, region r) {
    if (r.x0 >= r.x1) return;
    for (int y = r.y0; y < r.y1; y++)
        __builtin_memcpy(cell(to, y, r.x0), cell(from, y, r.x0), sizeof(float) * (r.x1 - r.x0));
}

// Copies what the region has of the rim: steps read it, and none writes it.
static void copy_rim(plane to, plane from, region r) {
    copy(to, from, (region){r.y0, min(r.y1, 1), r.x0, r.x1});
    copy(to, from, (region){max(r.y0, full_height - 1), r.y1, r.x0, r.x1});
    copy(to, from, (region){r.y0, r.y1, r.x0, min(r.x1, 1)});
    copy(to, from, (region){r.y0, r.y1, max(r.x0, full_width - 1), r.x1});
}

// One time step of a micro-tile of micro_rows x micro_columns cells. Its rows share what they read: a vector is loaded
// once and serves as the centre of its row and as neighbour of the rows above and below.
static inline __attribute__((always_inline)) void update(
    float *to, long to_stride, const float *from, long from_stride) {
#define LOAD(row, column) (*(const unaligned_vector *)(from + (row) * from_stride + (column)))
    const float flow = 0.2f;  // diffusivity * time step / (cell size squared); stable below 0.25
    UNROLL_FULLY
    for (int x = 0; x < micro_columns; x += vector_width) {
        vector centre[micro_rows + 2];  // from the row above to the row below
        UNROLL_FULLY
        for (int y = 0; y < micro_rows + 2; y++) centre[y] = LOAD(y - 1, x);
        UNROLL_FULLY
        for (int y = 0; y < micro_rows; y++) {
            const vector around = (LOAD(y, x - 1) + LOAD(y, x + 1)) + (centre[y] + centre[y + 2]);
            *(unaligned_vector *)(to + y * to_stride + x) = (1 - 4 * flow) * centre[y + 1] + flow * around;
        }
    }
#undef LOAD
}

// The micro-tile at (y, x), moved back where it would reach beyond the region: the cells that it then shares with the
// micro-tile before are computed twice, to the same values, and no loop needs a remainder.
static inline __attribute__((always_inline)) void update_within(region r, plane to, plane from, int y, int x) {
    y = min(y, r.y1 - micro_rows);
    x = min(x, r.x1 - micro_columns);
    update(cell(to, y, x), to.stride, cell(from, y, x), from.stride);
}

// One time step of a region.
static inline __attribute__((always_inline)) void step(plane to, plane from, region r) {
    if (inner_loop == columns) {
        for (int y = r.y0; y < r.y1; y += micro_rows)
            for (int x = r.x0; x < r.x1; x += micro_columns) update_within(r, to, from, y, x);
    } else {
        for (int x = r.x0; x < r.x1; x += micro_columns)
            for (int y = r.y0; y < r.y1; y += micro_rows) update_within(r, to, from, y, x);
    }
}

// Two buffers, each for one window, that the steps of a tile read and write in turn.
enum { window_height = tile_0 + 2 * time_block, window_width = tile_1 + 2 * time_block };
static float buffers[2][window_height * window_width] __attribute__((aligned(64)));

// time_block steps of one tile: the first reads `from` (or a copy, with stage_input), the last writes `to`.
static void advance_tile(plane to, plane from, region tile) {
    const region everything = {0, full_height, 0, full_width}, inside = {1, full_height - 1, 1, full_width - 1};
    const region window = expanded(tile, time_block, everything);
    const plane even = {buffers[0], window_width, window.y0, window.x0};
    const plane odd = {buffers[1], window_width, window.y0, window.x0};
    if (time_block > 1) {
        copy_rim(even, from, window);
        copy_rim(odd, from, window);
    }
    if (stage_input) copy(even, from, window);
    for (int t = 0; t < time_block; t++) {
        const plane source = t == 0 && !stage_input ? from : t % 2 == 0 ? even : odd;
        const plane target = t == time_block - 1 ? to : t % 2 == 0 ? odd : even;
        step(target, source, expanded(tile, time_block - 1 - t, inside));
    }
}

static float workspace[full_height * full_width] __attribute__((aligned(64)));

void stencil(const float *before, float *after) {
    const plane first = {(float *)before, full_width, 0, 0};  // only read
    const plane last = {after, full_width, 0, 0}, spare = {workspace, full_width, 0, 0};
    copy_rim(last, first, (region){0, full_height, 0, full_width});
    copy_rim(spare, first, (region){0, full_height, 0, full_width});

    // Sweeps over the plate write the workspace and `after` in turn, and the last of them `after`.
    const int sweeps = time_steps / time_block;
    const int end[2] = {height, width}, size[2] = {tile_0, tile_1};
    plane from = first;
    for (int sweep = 1; sweep <= sweeps; sweep++) {
        const plane to = (sweeps - sweep) % 2 == 0 ? last : spare;
        int at[2];
        for (at[tile_order_0] = 0; at[tile_order_0] < end[tile_order_0]; at[tile_order_0] += size[tile_order_0])
            for (at[tile_order_1] = 0; at[tile_order_1] < end[tile_order_1]; at[tile_order_1] += size[tile_order_1])
                advance_tile(to, from, (region){1 + at[0], 1 + at[0] + tile_0, 1 + at[1], 1 + at[1] + tile_1});
        from = to;
    }
}
