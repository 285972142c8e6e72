"""The worker program for kernels in Python: JSON-RPC 2.0 on standard input and output, one message a line.

The methods and what goes in and out of them stand in Sources/Measurement/Protocol/WorkerMethods.swift. A worker takes
samples and compares results; when there are samples enough, which config is better and how long anything may take is
decided by the calling side, which kills the worker's process group when it hears nothing for too long.
"""

import json
import os
import queue
import signal
import sys
import threading
import time

from autotune_worker.failures import RPCError, first_line

heartbeat_spacing = 0.1


class Channel:
    """Standard input and output, out of reach of kernels and scripts that read or print."""

    def __init__(self):
        self.input = os.fdopen(os.dup(0), "r", encoding="utf-8")
        self.output = os.fdopen(os.dup(1), "w", encoding="utf-8")
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(2, 1)
        self.requests = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.input:
            self.requests.put(line)
        # The caller has gone: what is under way has nobody to answer to.
        if self.requests.unfinished_tasks:
            os.killpg(0, signal.SIGKILL)
        self.requests.put(None)

    def send(self, message):
        self.output.write(json.dumps({"jsonrpc": "2.0", **message}, separators=(",", ":")) + "\n")
        self.output.flush()


class Heartbeat:
    """Signs of life while a request is worked on; called before each step that takes long by itself."""

    def __init__(self, channel, identifier):
        self.channel, self.identifier, self.last = channel, identifier, time.monotonic()

    def __call__(self):
        now = time.monotonic()
        if now - self.last >= heartbeat_spacing:
            self.last = now
            self.channel.send({"method": "progress", "params": {"id": self.identifier}})


class Worker:
    def __init__(self):
        self.backend = None

    def answer(self, method, params, heartbeat):
        if method == "open":
            # Here and not above: importing takes seconds, and what goes wrong in it has to reach the caller.
            from autotune_worker.backend import Backend

            self.backend = Backend(params, heartbeat)
            return self.backend.opened
        if self.backend is None:
            raise RPCError(RPCError.invalid_params, f"{method} before open")
        if method not in ("compile", "evaluate", "retime", "search", "close"):
            raise RPCError(RPCError.method_not_found, f"there is no method {method}")
        return getattr(self.backend, method)(params, heartbeat)


def decoded(line):
    """Swift writes the number -0.0 as -0, which for Python is the integer 0."""
    return json.loads(line, parse_int=lambda digits: -0.0 if digits == "-0" else int(digits))


def respond(channel, worker, line):
    try:
        request = decoded(line)
        identifier, method = request["id"], request["method"]
    except (ValueError, KeyError, TypeError):
        channel.send({"error": {"code": RPCError.parse_error, "message": "this is no JSON-RPC request"}})
        return
    try:
        result = worker.answer(method, request.get("params", {}), Heartbeat(channel, identifier))
    except RPCError as error:
        channel.send({"id": identifier, "error": {"code": error.code, "message": error.message}})
    except Exception as error:
        message = f"{type(error).__name__}: {first_line(error)}"
        channel.send({"id": identifier, "error": {"code": RPCError.internal_error, "message": message}})
    else:
        channel.send({"id": identifier, "result": result})


def main():
    channel = Channel()
    worker = Worker()
    while (line := channel.requests.get()) is not None:
        respond(channel, worker, line)
        channel.requests.task_done()
    sys.stderr.flush()
    # Not sys.exit: what libraries do on their way out may hang after a kernel broke the device.
    os._exit(0)
