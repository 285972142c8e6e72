"""Running autotune, and reading what it leaves in its session folder."""

import json
import os
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Session:
    folder: Path
    exit_code: int
    seconds: float

    @property
    def result(self):
        """result.json; empty where the run did not come so far."""
        path = self.folder / "result.json"
        return json.loads(path.read_text()) if path.exists() else {}

    @property
    def events(self):
        path = self.folder / "journal.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    @property
    def evaluations(self):
        return [event["evaluation"] for event in self.events if event["event"] == "evaluation"]

    @property
    def last_words(self):
        lines = log_path(self.folder).read_text().strip().splitlines()
        return lines[-1] if lines else ""


def log_path(folder):
    return folder.with_name(folder.name + ".log")


def clear(folder):
    """Removes the session of an earlier benchmark, and nothing that is none."""
    if (folder / "session.json").exists():
        shutil.rmtree(folder)


@contextmanager
def running(program, kernel, folder, options):
    """autotune, until it ends or is no longer wanted; its progress goes to a file beside the session's folder."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    command = [str(program), str(kernel), "--session", str(folder), "--json", *map(str, options)]
    with log_path(folder).open("w") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log, start_new_session=True
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            stop(process)


def stop(process):
    """Kills it with what it started; its workers end by themselves once it has gone."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def tune(program, kernel, folder, options, limit):
    """Runs autotune in a fresh session, for `limit` seconds at most."""
    clear(folder)
    begin = time.monotonic()
    with running(program, kernel, folder, options) as process:
        try:
            process.wait(limit)
        except subprocess.TimeoutExpired:
            print(f"{folder.name}: killed after {limit} s", flush=True)
    return Session(folder, process.returncode, time.monotonic() - begin)
