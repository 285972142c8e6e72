"""A worker of autotune, driven over its protocol (JSON-RPC, a message a line) as autotune itself drives it."""

import json
import os
import subprocess
import threading
import time

from .target import target


class WorkerError(Exception):
    """What the worker refused, or how it ended."""


class Worker:
    def __init__(self, command, environment=None):
        """Starts `command`, which ends in the program and "worker"; `environment` adds to this process's own."""
        self.process = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=os.environ | (environment or {}),
        )
        self.last = 0

    def call(self, method, params, limit=60):
        """The result of one call; the process is killed when it takes more than `limit` seconds."""
        self.last += 1
        request = {"jsonrpc": "2.0", "id": self.last, "method": method, "params": params}
        timer = threading.Timer(limit, self.process.kill)
        timer.start()
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
            for line in self.process.stdout:
                # Launchers may greet, and progress is told in between.
                message = json.loads(line) if line.startswith("{") else {}
                if message.get("id") != self.last or "method" in message:
                    continue
                if "error" in message:
                    raise WorkerError(f"{method}: {message['error']['message']}")
                return message["result"]
        except BrokenPipeError:
            pass
        finally:
            timer.cancel()
        raise WorkerError(f"{method}: the worker ended with status {self.process.wait()} instead of an answer")

    def close(self, removes_artifacts=False, limit=60):
        """Ends it as it ends by itself, when its input ends, so that whoever watches it can say the last word."""
        try:
            self.call("close", {"removesArtifacts": removes_artifacts})
            # An end of input that comes while the last answer is being written would cut it short.
            time.sleep(0.2)
            self.process.stdin.close()
            return self.process.wait(limit)
        except subprocess.TimeoutExpired:
            raise WorkerError(f"the worker did not end within {limit} s of its input") from None
        finally:
            self.process.kill()
            self.process.wait()


def compile_configs(program, spec, configs, folder):
    """Has a compile worker compile each of the named configs; gives back the artifacts' paths by name."""
    worker = Worker([program, "worker"])
    artifacts = {}
    worker.call("open", {"role": "compile", "target": target(spec), "artifactFolder": str(folder)})
    for name, config in configs.items():
        result = worker.call(
            "compile",
            {"config": config, "macros": spec.macros(config), "launch": spec.launch(config), "artifactName": name},
        )
        if "artifact" not in result:
            raise WorkerError(f"{spec.name}, {name}: {result.get('reason')}")
        artifacts[name] = result["artifact"]
    worker.close()
    return artifacts
