#!/usr/bin/env bash
# What speed this project promises, measured: Benchmarks/run.sh [path of autotune]. Exits 1 where a promise is not kept.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "${1:-$here/../.build/release/autotune}")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

# report NAME SECONDS LIMIT
report() {
    if awk -v seconds="$2" -v limit="$3" 'BEGIN { exit !(seconds < limit) }'; then verdict=kept; else verdict="NOT KEPT"; failed=1; fi
    printf '%-58s %9.4f s   promised < %s s: %s\n' "$1" "$2" "$3" "$verdict"
}

hyperfine --shell none --warmup 10 --runs 100 --export-json "$scratch/startup.json" "$program --version" >/dev/null 2>&1
report "start-up (autotune --version), mean of 100" \
    "$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["results"][0]["mean"])' "$scratch/startup.json")" 0.030

python3 "$here/make_recording.py" "$scratch"
cd "$scratch"
hyperfine --warmup 1 --runs 5 --prepare "rm -rf $scratch/run" --export-json "$scratch/loop.json" \
    "$program $scratch/kernel.json --strategy exhaustive --recorded $scratch/recording.json --session $scratch/run --quiet" >/dev/null 2>&1
python3 -c 'import json, sys; assert json.load(open(sys.argv[1]))["evaluations"] == 10000, "not every config was evaluated"' "$scratch/run/result.json"
report "10,000 recorded evaluations through the whole loop, mean of 5" \
    "$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["results"][0]["mean"])' "$scratch/loop.json")" 5
exit $failed
