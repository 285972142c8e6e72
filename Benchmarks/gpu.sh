#!/usr/bin/env bash
# What autotune does on this machine's GPU: Benchmarks/gpu.sh [path of autotune [folder for the sessions]].
#
# Nothing has to be installed but the driver, NVRTC and Python 3.10: a static build of autotune can be carried here. What
# compares with others also needs PyTorch with Triton, and says so where they are missing; `sanitizer` needs compute-sanitizer.
#
#   PARTS="examples faults"    which parts, in this order; without it all but `record`:
#     reference   what PyTorch and cuBLAS take for the examples' work, and the copy bandwidth
#     examples    each example tuned for three rounds with recorded replies
#     repeat      the same config timed in ten separate runs, and by triton's do_bench
#     features    what a spec can ask of launches and compilers, and a T1 file
#     faults      every fault that a kernel can have
#     sanitizer   compute-sanitizer over our own worker
#     record      makes the examples' recordings anew: minutes for each
#   EXAMPLES="matmul"          which examples; without it all four
#   GPU=1                      which GPU, as CUDA_VISIBLE_DEVICES names it
#   RUNS=10                    repeat: runs of each config
#   BUDGET=2000                record: configs of each example
#   LLM_SESSIONS="a b"         record: session folders whose results are merged in
#
# The exit code is 1 when something is wrong (an outcome, a result, an error of the sanitizer). Targets of speed are printed
# as met or missed and change nothing: machines differ.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "${1:-$here/../.build/release/autotune}")
sessions=${2:-$(mktemp -d)}
parts=${PARTS:-reference examples repeat features faults sanitizer}

[ -x "$program" ] || { echo "gpu.sh: no program at $program: build it, or name it first" >&2; exit 64; }
for part in $parts; do
    case $part in
    reference | examples | repeat | features | faults | sanitizer | record) ;;
    *) echo "gpu.sh: no part $part: the beginning of this file lists them" >&2; exit 64 ;;
    esac
done
if [ -n "${GPU:-}" ]; then export CUDA_VISIBLE_DEVICES=$GPU; fi

mkdir -p "$sessions"
sessions=$(realpath "$sessions")
# Compiled anew each time, or seconds of compiling would mean nothing; no caches of Python's among the sources.
XDG_CACHE_HOME=$(mktemp -d)
export XDG_CACHE_HOME PYTHONDONTWRITEBYTECODE=1
trap 'rm -rf "$XDG_CACHE_HOME"' EXIT

nvidia-smi --query-gpu=index,name,driver_version,clocks.max.sm,power.limit --format=csv,noheader
echo "autotune $("$program" --version), sessions in $sessions"
failed=()
for part in $parts; do
    echo
    echo "== $part"
    started=$SECONDS
    python3 "$here/gpu/$part.py" "$program" "$sessions" || failed+=("$part")
    echo "== $part: $((SECONDS - started)) s"
done
echo
if [ ${#failed[@]} -gt 0 ]; then
    echo "failed: ${failed[*]}"
    exit 1
fi
echo "nothing is wrong"
