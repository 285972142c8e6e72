"""The processes that configs in Python are compiled in, with a language that does what its config says, and no PyTorch."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from autotune_worker import compile_server
from autotune_worker.compile_server import CompileClient, CompileServer, with_diagnosis
from autotune_worker.failures import ConfigFailure

# What sleeps "for ever" ends by itself should a test fail, and no test waits for it.
for_ever = 120


class Language:
    def __init__(self, folder):
        self.folder = folder

    def compile(self, config, launch, path):
        return getattr(self, config["does"])(config, launch, path)

    def returns(self, config, launch, path):
        return path, {"registersPerThread": config.get("registers", 32), "launch": launch}

    def rejects(self, config, launch, path):
        raise ConfigFailure("rejected", "this is no config of mine")

    def raises(self, config, launch, path):
        print("a.py:3:1: error: operand types differ", file=sys.stderr, flush=True)
        raise ValueError("one line\nthe pass failed: invalid\n")

    def aborts(self, config, launch, path):
        os.write(2, b"lower.cpp:40: void f(): Assertion `rank == 2' failed.\n")
        os.abort()

    def exits(self, config, launch, path):
        os._exit(3)

    def hangs(self, config, launch, path):
        """With a child of its own."""
        child = subprocess.Popen([sys.executable, "-c", f"import time; time.sleep({for_ever})"])
        self.tell(config, child.pid)
        time.sleep(for_ever)

    def leaves(self, config, launch, path):
        """A child that holds all that this process has open, and outlives it."""
        child = os.fork()
        if child == 0:
            time.sleep(for_ever)
            os._exit(0)
        self.tell(config, child)
        if config.get("aborts"):
            os.abort()
        return path, None

    def waits(self, config, launch, path):
        """Until both of two are compiled at once."""
        os.mkfifo(os.path.join(self.folder, config["name"]))
        while not all(os.path.exists(os.path.join(self.folder, name)) for name in ("a", "b")):
            pass
        return path, {"name": config["name"]}

    def tell(self, config, child):
        """The numbers of this process and its child, through a pipe that the test reads."""
        with open(config["pids"], "w") as file:
            json.dump([os.getpid(), child], file)


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


class CompileServerTest(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = holder.name
        self.server = CompileServer(Language(self.folder), self.folder)

    def params(self, does, limit=60, **config):
        return {"config": {"does": does, **config}, "artifactName": "k", "launch": None, "limitSeconds": limit}

    def compile(self, does, limit=60, **config):
        result = self.server.compile(self.params(does, limit, **config))
        self.assertGreater(result.pop("seconds"), 0)
        return result

    def assert_gone(self, pids):
        # Killed processes are gone when the kernel comes to it.
        deadline = time.monotonic() + 60
        while any(is_alive(pid) for pid in pids):
            self.assertLess(time.monotonic(), deadline, f"{pids} are still there")

    def pids_path(self):
        path = os.path.join(self.folder, "pids")
        os.mkfifo(path)
        return path

    def test_what_is_compiled_is_told(self):
        self.assertEqual(
            self.compile("returns"),
            {"artifact": os.path.join(self.folder, "k"), "resources": {"registersPerThread": 32, "launch": None}})

    def test_a_long_answer_comes_whole(self):
        digits = 10**4000
        self.assertEqual(self.compile("returns", registers=[digits] * 100)["resources"]["registersPerThread"], [digits] * 100)

    def test_what_the_language_refuses_is_rejected_in_its_words(self):
        self.assertEqual(self.compile("rejects"), {"outcome": "rejected", "reason": "this is no config of mine"})

    def test_an_exception_is_a_compile_error_with_what_the_compiler_said_beside_it(self):
        self.assertEqual(self.compile("raises"), {
            "outcome": "compileError",
            "reason": "ValueError: the pass failed: invalid: operand types differ"})

    def test_a_compiler_that_aborts_costs_its_config_alone_and_the_assertion_is_told(self):
        self.assertEqual(self.compile("aborts"), {
            "outcome": "compileError", "reason": "the compiler was killed by SIGABRT: assertion rank == 2 failed"})
        self.assertIn("artifact", self.compile("returns"))

    def test_a_compiler_that_ends_its_process_is_a_compile_error(self):
        self.assertEqual(self.compile("exits"), {
            "outcome": "compileError", "reason": "the compiler ended with status 3 and said nothing"})

    def test_what_takes_too_long_is_ended_with_all_that_it_started(self):
        path, pids = self.pids_path(), []
        # The limit is long enough for the compiler to have started what it starts: it is read before it can strike.
        reading = threading.Thread(target=lambda: pids.extend(json.load(open(path))))
        reading.start()
        self.assertEqual(self.compile("hangs", limit=3, pids=path), {
            "outcome": "compileTimeout", "reason": "not compiled within 3 s"})
        reading.join()
        self.assert_gone(pids)

    def test_what_a_compiler_leaves_behind_neither_delays_its_answer_nor_stays(self):
        for aborts in (False, True):
            with self.subTest(aborts=aborts):
                path, pids = self.pids_path(), []
                reading = threading.Thread(target=lambda: pids.extend(json.load(open(path))))
                reading.start()
                result = self.compile("leaves", limit=for_ever / 2, pids=path, aborts=aborts)
                expected = "the compiler was killed by SIGABRT" if aborts else None
                self.assertEqual(result.get("reason"), expected)
                reading.join()
                self.assert_gone(pids)
                os.remove(path)

    def test_a_client_gets_what_the_server_would_say_one_request_after_the_other(self):
        client = CompileClient.connected(self.folder)
        self.assertEqual(client.compile(self.params("returns", registers=7))["resources"]["registersPerThread"], 7)
        self.assertEqual(client.compile(self.params("rejects"))["outcome"], "rejected")
        self.assertEqual(client.compile(self.params("hangs", limit=0.2, pids=os.devnull))["outcome"], "compileTimeout")
        self.assertEqual(client.compile(self.params("returns"))["resources"]["registersPerThread"], 32)

    def test_two_clients_compile_at_once(self):
        results = {}

        def ask(name):
            client = CompileClient.connected(self.folder)
            results[name] = client.compile(self.params("waits", name=name))["resources"]["name"]

        threads = [threading.Thread(target=ask, args=(name,)) for name in ("a", "b")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(results, {"a": "a", "b": "b"})

    def test_who_goes_away_has_what_was_compiled_for_them_ended_and_nobody_hears_of_it(self):
        said = []
        hook, threading.excepthook = threading.excepthook, said.append
        self.addCleanup(setattr, threading, "excepthook", hook)
        path = self.pids_path()
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(os.path.join(self.folder, compile_server.socket_name))
        connection.sendall(json.dumps(self.params("hangs", limit=for_ever / 2, pids=path)).encode() + b"\n")
        with open(path) as file:
            pids = json.load(file)
        self.assertTrue(all(is_alive(pid) for pid in pids))
        # Not close alone: the compiler was forked from this very process, and holds this end too.
        connection.shutdown(socket.SHUT_RDWR)
        connection.close()
        self.assert_gone(pids)
        # The others are served on, and the thread of the one that went ends in silence.
        self.assertIn("artifact", CompileClient.connected(self.folder).compile(self.params("returns")))
        self.assertEqual(said, [])

    def test_a_server_that_goes_takes_its_compilers_along_and_its_clients_learn_of_it(self):
        folder, path = os.path.join(self.folder, "other"), self.pids_path()
        os.mkdir(folder)
        ready, told = os.pipe()
        server = os.fork()
        if server == 0:
            CompileServer(Language(folder), folder)
            os.write(told, b"!")
            signal.pause()
        os.read(ready, 1)
        results = []
        client = CompileClient.connected(folder)
        asking = threading.Thread(target=lambda: results.append(client.compile(self.params("hangs", limit=for_ever / 2, pids=path))))
        asking.start()
        with open(path) as file:
            compiler, own = json.load(file)
        os.kill(server, signal.SIGKILL)
        os.waitpid(server, 0)
        asking.join()
        self.assertEqual(results, [None])
        self.assert_gone([compiler])
        os.kill(own, signal.SIGKILL)
        self.assertIsNone(client.compile(self.params("returns")))
        self.assertIsNone(CompileClient.connected(folder))

    def test_half_an_answer_is_none(self):
        ours, theirs = socket.socketpair()
        client = CompileClient(ours)
        theirs.sendall(b'{"artifact": "/a')
        theirs.shutdown(socket.SHUT_WR)
        self.assertIsNone(client.compile(self.params("returns")))
        theirs.close()

    def test_where_no_socket_can_be_each_worker_compiles_for_itself(self):
        # Another worker serves here already; the path is longer than a socket's may be; nobody serves.
        second = CompileServer(Language(self.folder), self.folder)
        self.assertIsNone(second.listener)
        self.assertIn("artifact", second.compile(self.params("returns")))
        deep = os.path.join(self.folder, "d" * 120)
        os.mkdir(deep)
        alone = CompileServer(Language(deep), deep)
        self.assertIsNone(alone.listener)
        self.assertIn("artifact", alone.compile(self.params("returns")))
        self.assertIsNone(CompileClient.connected(deep))

    def test_the_compilers_own_words_beside_the_exception(self):
        self.assertEqual(with_diagnosis("failed", "nothing of note"), "failed")
        self.assertEqual(
            with_diagnosis("failed", "<unknown>:0: error: Failures have been detected while processing\n"), "failed")
        self.assertEqual(
            with_diagnosis("failed", "Pipeline failed while executing [`TritonGPUPipeline` on 'builtin.module'] error: bad\n"),
            "failed: TritonGPUPipeline: bad")
        self.assertEqual(with_diagnosis("error: bad", "x: error: bad"), "error: bad")
        self.assertEqual(len(with_diagnosis("r" * 500, "error: bad")), compile_server.longest_reason)


if __name__ == "__main__":
    unittest.main()
