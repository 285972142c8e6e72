#!/usr/bin/env bash
# What CUDA kernels do on this machine's GPU: Benchmarks/gpu.sh [path of autotune [folder for the sessions]].
#
# Nothing has to be installed but the driver and NVRTC: a static build of autotune can be carried here. First a vector
# addition, then the faults that a kernel can have, one config each, then a random search of every CUDA example.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "${1:-$here/../.build/release/autotune}")
sessions=${2:-$(mktemp -d)}
budget=${AUTOTUNE_BUDGET:-60}
mkdir -p "$sessions"
sessions=$(realpath "$sessions")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

# tune NAME FOLDER OPTIONS...: runs autotune there; its result goes to NAME.json, its log to NAME.log
tune() {
    local name=$1 folder=$2 started=$SECONDS status=0
    shift 2
    (cd "$folder" && "$program" kernel.json --session "$sessions/$name" --json "$@") \
        >"$sessions/$name.json" 2>"$sessions/$name.log" || status=$?
    echo "== $name: exit code $status, $((SECONDS - started)) s"
    if [ $status -ne 0 ]; then failed=1; tail -n 5 "$sessions/$name.log"; fi
    grep -o '"outcome":"[A-Za-z]*"' "$sessions/$name/journal.jsonl" 2>/dev/null | sort | uniq -c
    grep -oE '"(time_ms|occupancy|registers_per_thread|share_of_limit|speedup)" *: *[0-9.e-]+' "$sessions/$name.json"
}

mkdir "$scratch/vector_add" "$scratch/faults"
cat >"$scratch/vector_add/kernel.cu" <<'EOF'
extern "C" __global__ void add(int n, const float *a, const float *b, float *c) {
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) c[i] = a[i] + b[i];
}
EOF
cat >"$scratch/vector_add/kernel.json" <<'EOF'
{ "name": "vector_add",
  "kernel": { "language": "cuda", "source": "kernel.cu", "function": "add" },
  "arguments": [
    { "name": "n", "dtype": "int32", "value": 67108864 },
    { "name": "a", "dtype": "float32", "shape": ["n"] },
    { "name": "b", "dtype": "float32", "shape": ["n"] },
    { "name": "c", "dtype": "float32", "shape": ["n"], "role": "output" } ],
  "launch": { "grid": ["ceil_div(n, block * per_thread)"], "block": ["block"] },
  "config_space": [
    { "name": "block", "type": "power_of_2", "min": 32, "max": 1024, "default": 64 },
    { "name": "per_thread", "type": "power_of_2", "min": 1, "max": 8, "default": 1 } ],
  "workload": { "bytes": "12 * 67108864" } }
EOF
cat >"$scratch/faults/kernel.cu" <<'EOF'
enum { plain, illegal, misaligned, trap, assertion, hang, threads, shared_memory, local_memory, wrong, nan_result,
       unwritten, outside, before, writes_input, no_compile };
extern "C" __device__ void __assertfail(const char *, const char *, unsigned, const char *, size_t);
__constant__ float d_scale[1];
extern "C" __global__ void fault(const float *x, float *y, int *z, float *sum, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (MODE == hang) while (atomicAdd(z, 0) != -1);
    if (MODE == illegal && i == 5) *(volatile int *)8 = 1;
    if (MODE == misaligned && i == 5) *(volatile int *)((char *)y + 1) = 1;
    if (MODE == trap && i == 5) __trap();
    if (MODE == assertion && i == 5) __assertfail("i != 5", "kernel.cu", __LINE__, "fault", 1);
#if MODE_INDEX == 15
    this is not CUDA;
#endif
#if MODE_INDEX == 8
    volatile char large[500 * 1024];
    for (int j = 0; j < 500 * 1024; j += 4096) large[j + i % 7] = i;
    if (large[i % 4096] == 77) y[0] = 1;
#endif
    if (i >= n || (MODE == unwritten && i == 7)) return;
    float value = d_scale[0] * x[i];
    y[i] = MODE == wrong && i == 9 ? value + 1 : MODE == nan_result && i == 11 ? __int_as_float(0x7FFFFFFF) : value;
    z[i] = i == 3 ? 0xA5A5A5A5 : i;
    sum[i] += 1;
    if (MODE == outside && i == 0) y[n] = 1;
    if (MODE == before && i == 0) y[-2] = 1;
    if (MODE == writes_input && i == 0) ((float *)x)[17] = 3;
}
EOF
cat >"$scratch/faults/kernel.json" <<'EOF'
{ "name": "faults",
  "kernel": { "language": "cuda", "source": "kernel.cu", "function": "fault" },
  "arguments": [
    { "name": "x", "dtype": "float32", "shape": [1000000], "fill": { "kind": "uniform", "low": 1, "high": 2 } },
    { "name": "scale", "dtype": "float32", "shape": [1], "symbol": "d_scale" },
    { "name": "y", "dtype": "float32", "shape": [1000000], "role": "output" },
    { "name": "z", "dtype": "int32", "shape": [1000000], "role": "output" },
    { "name": "total", "dtype": "float32", "shape": [1000000], "role": "inout" },
    { "name": "n", "dtype": "int32", "value": 1000000 } ],
  "launch": { "grid": ["ceil_div(n, 128)"], "block": ["2048 if MODE == 'threads' else 128"],
    "shared_memory": "300000 if MODE == 'shared_memory' else 0" },
  "config_space": [ { "name": "MODE", "type": "enum", "default": "plain", "values": [
    "plain", "illegal", "misaligned", "trap", "assertion", "hang", "threads", "shared_memory", "local_memory", "wrong",
    "nan_result", "unwritten", "outside", "before", "writes_input", "no_compile" ] } ] }
EOF

tune vector_add "$scratch/vector_add" --strategy exhaustive
tune faults "$scratch/faults" --strategy exhaustive --run-limit 2
grep '"event":"evaluation"' "$sessions/faults/journal.jsonl" | grep -oE '"(MODE|outcome|reason)":"([^"\\]|\\.)*"|"verify":[0-9.]+'
for kernel in "$here"/../Examples/*/kernel.json; do
    grep -q '"language": *"cuda"' "$kernel" || continue
    folder=$(dirname "$kernel")
    "$program" check "$kernel" >/dev/null || failed=1
    tune "$(basename "$folder")" "$folder" --strategy random --configs-per-round 20 --budget "$budget"
done
echo "sessions: $sessions"
exit $failed
