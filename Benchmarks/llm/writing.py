"""Writes a recorded reply as fast as a model does: writing.py FOLDER [TOKENS_PER_SECOND [SECONDS_BEFORE_THE_FIRST [CONFIGS]]].

A program for `--provider command`: the conversation comes on standard input, the reply of its round goes to standard output
in pieces of about a token (four bytes). With `--early` and `--no-early` it shows what measuring while the model writes saves:

    autotune KERNEL --strategy llm --rounds 3 --provider command --model "python3 Benchmarks/llm/writing.py REPLIES 80 2" --no-early

CONFIGS leaves the reply so many of its configs: what a strategy that asks for fewer would wait for.
"""

import json
import sys
import time
from pathlib import Path

folder = Path(sys.argv[1])
rate = float(sys.argv[2]) if len(sys.argv) > 2 else 80
first = float(sys.argv[3]) if len(sys.argv) > 3 else 0

asked = json.load(sys.stdin)
answered = sum(message["role"] == "assistant" for message in asked["messages"])
reply = (folder / f"round-{answered}.txt").read_bytes()
if len(sys.argv) > 4:
    configs = json.loads(reply)["configs"][:int(sys.argv[4])]
    reply = json.dumps({"configs": configs}, separators=(",", ":")).encode()
start = time.monotonic() + first
for token in range(0, len(reply), 4):
    due = start + token / 4 / rate
    time.sleep(max(0, due - time.monotonic()))
    sys.stdout.buffer.write(reply[token:token + 4])
    sys.stdout.buffer.flush()
