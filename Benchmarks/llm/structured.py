"""What structured output does for a small model: structured.py AUTOTUNE PYTHON MODEL [--runs 1] [--rounds 3] [--kernel FILE].

Serves MODEL, a .gguf file, by llama.cpp's OpenAI-compatible server on a loopback port of its own (PYTHON is an interpreter
that has llama-cpp-python with its server), tunes the kernel live with replies bound to the space's JSON Schema and with
free ones, and prints what share of the proposed configs was valid, and why the others were not. Exits 1 where a run failed
or no bound reply brought a valid config.
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

root = Path(__file__).resolve().parents[2]
# The longest prompt of three rounds, with a reply, is some 7,000 tokens.
context_tokens = 16384
# Generous, for busy machines: of the server to start, of a reply to come.
start_seconds = 300
reply_seconds = 3600
# More threads than idle cores make llama.cpp slower by far: its threads wait for each other in loops.
threads = max(1, (os.cpu_count() or 1) // 2)

# Why proposals are rejected, by a word of the reason that the program gives.
reasons = [
    ("could not be read", "unreadable"),
    ("duplicate of", "repeated"),
    ("configs asked for", "too many"),
    ("must be", "wrong value"),
    ("takes a list", "wrong value"),
    ("takes one value", "wrong value"),
    ("no parameter", "wrong field"),
    ("a config is an object", "wrong value"),
    ("violates", "constraint"),
    ("has no value", "constraint"),
]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=Path)
    parser.add_argument("python", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("--runs", type=int, default=1, help="runs of each kind")
    parser.add_argument("--rounds", type=int, default=3)
    # 1,000 are ten complete configs of matmul-cpu. A reply that is cut off is asked for again with twice as many, and a small
    # model that is not bound rambles to the end.
    parser.add_argument("--reply-tokens", type=int, default=1000)
    parser.add_argument("--kernel", type=Path, default=root / "Examples/matmul-cpu/kernel.json")
    return parser.parse_args()


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    """llama.cpp's server, for as long as the block lasts."""

    def __init__(self, options, folder):
        self.port = free_port()
        self.log = folder / "server.log"
        self.command = [
            options.python, "-m", "llama_cpp.server", "--model", options.model, "--host", "127.0.0.1", "--port", self.port,
            "--n_ctx", context_tokens, "--n_threads", threads, "--n_threads_batch", threads, "--chat_format", "gemma",
            # Without this the server keeps a float for each of 262,144 words at each place of the prompt.
            "--logits_all", "false",
        ]
        self.address = f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([str(word) for word in self.command], stdout=log, stderr=log)
        try:
            self.wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def wait(self):
        end = time.monotonic() + start_seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            try:
                urllib.request.urlopen(f"{self.address}/models", timeout=5).close()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.5)
        told = self.log.read_text(errors="replace").strip().splitlines()[-5:]
        sys.exit("structured.py: the server of llama.cpp did not start:\n  " + "\n  ".join(told))

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def model_options(options, server, structured):
    return [
        "--provider", "llama.cpp", "--base-url", server.address, "--model", "gemma-3-270m", "--structured", structured,
        "--max-output-tokens", options.reply_tokens, "--model-timeout", reply_seconds,
    ]


def tune(options, server, structured, session):
    """The session of a live run; the program's progress goes to the terminal."""
    command = [
        options.program.resolve(), options.kernel, "--strategy", "llm", "--rounds", options.rounds, "--session", session, "--json",
        *model_options(options, server, structured),
    ]
    status = subprocess.run([str(word) for word in command], stdout=subprocess.DEVNULL).returncode
    if not (session / "result.json").exists():
        sys.exit(f"structured.py: autotune ended with exit code {status} and no result (--structured {structured})")
    return session


def rejected(session):
    """How often each reason came, over the rounds of a session."""
    counts = {}
    for line in (session / "journal.jsonl").read_text().splitlines():
        for rejection in json.loads(line).get("rejections", []):
            name = next((name for word, name in reasons if word in rejection["reason"]), "other")
            counts[name] = counts.get(name, 0) + 1
    return counts


def row(structured, sessions):
    results = [json.loads((session / "result.json").read_text()) for session in sessions]
    rounds = [found for result in results for found in result["rounds"]]
    proposed = sum(found["proposed"] for found in rounds)
    valid = proposed - sum(found["rejected"] for found in rounds)
    empty = sum(found["proposed"] == 0 for found in rounds)
    measured = sum(found["measured"] for found in rounds)
    seconds = sum(found["seconds"]["model"] for found in rounds) / max(1, len(rounds))
    why = {}
    for session in sessions:
        for name, count in rejected(session).items():
            why[name] = why.get(name, 0) + count
    told = ", ".join(f"{count} {name}" for name, count in sorted(why.items(), key=lambda item: -item[1])) or "-"
    share = f"{100 * valid / proposed:.0f} %" if proposed else "-"
    print(
        f"| {structured} | {len(rounds)}, {empty} | {proposed} | {valid} | {share} | {measured} | {seconds:.0f} | {told} |",
        flush=True)
    return valid


def main():
    options = arguments()
    # So that the server ends with this program, however that ends.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("starting the server of llama.cpp", file=sys.stderr, flush=True)
        with Server(options, folder) as server:
            sessions = {"on": [], "off": []}
            for number in range(options.runs):
                for structured in sessions:
                    print(f"run {number + 1} of {options.runs}, --structured {structured}", file=sys.stderr, flush=True)
                    sessions[structured].append(tune(options, server, structured, folder / f"{structured}-{number}"))
        print("| structured | rounds, without a config | proposed | valid | share | measured | model s a round | rejected |")
        print("|---|---|---|---|---|---|---|---|")
        valid = {structured: row(structured, found) for structured, found in sessions.items()}
    if valid["on"] == 0:
        sys.exit("structured.py: no reply that was bound to the schema brought a valid config")


if __name__ == "__main__":
    main()
