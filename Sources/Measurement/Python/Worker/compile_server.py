"""Compiles configs in forked processes: one process imports PyTorch and binds the kernel, which takes seconds, and each
config then has a copy of it that can crash, hang and be killed alone.

The first compile worker of a session serves; the others are small processes that pass their requests on to it, through a
socket in the session's folder, and import nothing.
"""

import ctypes
import json
import os
import re
import select
import signal
import socket
import tempfile
import threading
import time

from autotune_worker.failures import ConfigFailure, first_line, longest_reason

socket_name = "compile.socket"
# The longest path of a socket that Linux takes.
longest_path = 107
ends_with_parent = 1
most_said = 1 << 20
longest_assertion = 80
look_after_seconds = 0.5


class CompileServer:
    def __init__(self, language, folder):
        self.language, self.folder = language, folder
        self.forking = threading.Lock()
        self.listener = None
        path = os.path.join(folder, socket_name)
        if len(path) > longest_path:
            return
        self.listener = socket.socket(socket.AF_UNIX)
        try:
            self.listener.bind(path)
            self.listener.listen(256)
        except OSError:
            # Another worker serves already; this one compiles for itself.
            self.listener.close()
            self.listener = None
            return
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection, connection.makefile(encoding="utf-8") as requests:
            for line in requests:
                result = self.compile(json.loads(line), caller=connection)
                try:
                    connection.sendall(json.dumps(result).encode() + b"\n")
                except OSError:
                    # The caller went away meanwhile.
                    return

    def compile(self, params, caller=None):
        """The protocol's result of compiling one config, in a process of its own.

        `caller` is a connection whose end means that nobody waits any more.
        """
        start = time.monotonic()
        with tempfile.TemporaryFile() as said:
            with self.forking:
                reader, writer = os.pipe()
                child = os.fork()
                if child == 0:
                    os.close(reader)
                    self.run(params, writer, said)
                os.close(writer)
            text = None
            try:
                text = self.wait(child, reader, params["limitSeconds"], caller)
            finally:
                os.close(reader)
                status = ended(child, at_once=text is None)
            if text is None:
                result = {"outcome": "compileTimeout", "reason": f"not compiled within {params['limitSeconds']:g} s"}
            else:
                result = json.loads(text) if text else {"outcome": "compileError", "reason": described(status)}
            if result.get("outcome") == "compileError":
                said.seek(0)
                result["reason"] = with_diagnosis(result["reason"], said.read(most_said).decode(errors="replace"))
        return {**result, "seconds": time.monotonic() - start}

    @staticmethod
    def wait(child, reader, limit_seconds, caller):
        """The line that the child writes, empty where it ends without; None where it has no end in time, or nobody waits."""
        deadline, text, pace = time.monotonic() + limit_seconds, b"", look_after_seconds
        sources = [reader] + ([caller] if caller is not None else [])
        while (left := deadline - time.monotonic()) > 0:
            ready, _, _ = select.select(sources, [], [], min(left, pace))
            if reader in ready:
                piece = os.read(reader, 1 << 16)
                text += piece
                if text.endswith(b"\n"):
                    return text.decode()
                if not piece:
                    # It has ended, as good as always.
                    sources.remove(reader)
                    pace = 0.01
            elif caller in ready:
                # A caller has one request under way: what can be read before its answer is the end.
                return None
            elif os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
                # What the child started may hold the pipe for longer than it lives.
                if reader not in sources or not select.select([reader], [], [], 0)[0]:
                    return ""
        return None

    def run(self, params, writer, said):
        """The child: never returns."""
        try:
            os.setpgid(0, 0)
            ctypes.CDLL(None).prctl(ends_with_parent, signal.SIGKILL)
            os.dup2(said.fileno(), 2)
            os.write(writer, json.dumps(compiled(self.language, self.folder, params)).encode() + b"\n")
        finally:
            os._exit(0)


def compiled(language, folder, params):
    try:
        path = os.path.join(folder, params["artifactName"])
        artifact, resources = language.compile(params["config"], params.get("launch"), path)
        return {"artifact": artifact, "resources": resources}
    except ConfigFailure as failure:
        return {"outcome": failure.outcome, "reason": failure.reason}
    except Exception as error:
        return {"outcome": "compileError", "reason": f"{type(error).__name__}: {first_line(error)}"}


def with_diagnosis(reason, said):
    """What the compiler's own passes write to standard error says more than the exception that they raise."""
    found = re.findall(r"while executing \[`(\w+)`", said)[:1]
    asserted = re.findall(r"Assertion `(.+?)(?:' failed|$)", said, re.MULTILINE)[:1]
    found += [f"assertion {text[:longest_assertion]} failed" for text in asserted]
    for text in re.findall(r"error: (.+)", said):
        if "Failures have been detected" not in text and text.strip() not in reason:
            found.append(text.strip())
            break
    return ": ".join([reason, *found])[:longest_reason]


def ended(child, at_once):
    """The status of a child that ends by itself, or is made to; what it started goes with it."""
    if at_once:
        # By its number too: it may not have come to making a group.
        os.kill(child, signal.SIGKILL)
    # Until it is waited for, its number and so its group's are nobody else's.
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    try:
        os.killpg(child, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
    return os.waitpid(child, 0)[1]


def described(status):
    if os.WIFSIGNALED(status):
        return f"the compiler was killed by {signal.Signals(os.WTERMSIG(status)).name}"
    return f"the compiler ended with status {os.waitstatus_to_exitcode(status)} and said nothing"


class CompileClient:
    """A compile worker that passes requests on to the one that serves."""

    def __init__(self, connection):
        self.stream = connection.makefile("rw", encoding="utf-8")

    @classmethod
    def connected(cls, folder):
        """None where no worker serves in this folder, which may be on another machine."""
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(os.path.join(folder, socket_name))
        except OSError:
            connection.close()
            return None
        return cls(connection)

    def compile(self, params):
        """None where the server has gone."""
        try:
            self.stream.write(json.dumps(params) + "\n")
            self.stream.flush()
            line = self.stream.readline()
        except OSError:
            return None
        # A server that is killed may have written half of its answer.
        return json.loads(line) if line.endswith("\n") else None
