"""Serves the protocol's methods for one kernel: in a compile worker, or in the timing worker that has the device."""

import os
import shutil
import time

from autotune_worker import sources
from autotune_worker.compile_server import CompileClient, CompileServer
from autotune_worker.failures import ConfigFailure, RPCError, first_line, running


class Backend:
    def __init__(self, params, heartbeat):
        self.params, self.target, self.folder = params, params["target"], params["artifactFolder"]
        os.makedirs(self.folder, exist_ok=True)
        self.timing = self.server = self.client = None
        if params["role"] == "compile" and params.get("architecture"):
            self.client = CompileClient.connected(self.folder)
        if self.client is not None:
            architecture = params["architecture"]
            self.opened = {"device": {"name": architecture, "facts": []}, "architecture": architecture}
        else:
            self.open(heartbeat)

    def open(self, heartbeat):
        """Imports what kernels need and binds the kernel: seconds."""
        # One cache for all workers of a session: what a compile worker puts there the timing worker loads.
        os.environ["TRITON_CACHE_DIR"] = os.path.join(self.folder, "triton")
        sources.need("torch", f"language \"{self.target['language']}\"")
        heartbeat()
        from autotune_worker import device

        self.device = device.choose(self.params.get("device") or 0)
        heartbeat()
        self.language = self.make_language()
        heartbeat()
        self.opened = {
            "device": {"name": device.torch.cuda.get_device_name(self.device), "facts": device.facts(self.device)},
            "architecture": device.architecture(self.device.index),
        }
        compiler = {"name": "Compiler", "value": sources.versions(*self.language.packages)}
        self.opened["device"]["facts"].append(compiler)
        if self.params["role"] == "compile":
            self.opened |= {"limitsArePending": True, "devices": device.choices()}
            if self.language.space is not None:
                self.opened |= {"space": self.language.space.document(), "seeds": self.language.space.seeds()}
            device.leave_alone(self.device)
            self.language.prepare_compiling(self.folder)
            self.server = CompileServer(self.language, self.folder)
        else:
            self.timing = Timing(self, self.params.get("reference"), heartbeat)
            limits = device.limits(self.device, self.folder, heartbeat)
            self.opened |= {"limits": limits, "referenceSeconds": self.timing.reference_seconds}

    def make_language(self):
        if self.target["language"] == "helion":
            from autotune_worker.helion_language import HelionLanguage

            return HelionLanguage(self.target, self.device)
        if self.target["language"] == "triton":
            from autotune_worker.triton_language import TritonLanguage

            return TritonLanguage(self.target, self.device)
        raise RPCError.unsupported(f"this worker does not run kernels in \"{self.target['language']}\"")

    def compile(self, params, heartbeat):
        if self.client is not None:
            result = self.client.compile(params)
            if result is not None:
                return result
            self.client = None
            self.open(heartbeat)
        if self.server is None:
            raise RPCError(RPCError.invalid_params, "compile in a worker that was opened for timing")
        return self.server.compile(params)

    def evaluate(self, params, heartbeat):
        return self.timed("evaluate").evaluate(params, heartbeat)

    def retime(self, params, heartbeat):
        return self.timed("retime").retime(params, heartbeat)

    def search(self, params, _heartbeat):
        arguments = self.timed("search").arguments
        return self.language.search(arguments, params["autotuner"], params["limitSeconds"], params["logPath"])

    def timed(self, method):
        if self.timing is None:
            raise RPCError(RPCError.invalid_params, f"{method} in a worker that was opened for compiling")
        return self.timing

    def close(self, params, _heartbeat):
        if params.get("removesArtifacts"):
            shutil.rmtree(self.folder, ignore_errors=True)
        return {}


class Loaded:
    """A compiled kernel with its arguments."""

    def __init__(self, loaded, arguments):
        self.run, self.first_run, self.arguments, self.is_short = loaded[0], loaded[1], arguments, False
        self.resources = None

    def restore(self):
        self.arguments.restore()


class Timing:
    """The timing worker's side: the arguments in the device's memory, the reference, and the kernels that are loaded."""

    def __init__(self, backend, reference_artifact, heartbeat):
        import torch

        from autotune_worker.arguments import Arguments
        from autotune_worker.timer import Timer

        self.torch, self.language, self.target = torch, backend.language, backend.target
        self.reference_artifact = reference_artifact
        self.arguments = Arguments(self.target["arguments"], backend.device)
        self.timer = Timer(backend.device)
        self.kernels, self.expected, self.seed_offset = {}, None, None
        self.reference_seconds = None
        self.use_inputs(0, heartbeat)

    def use_inputs(self, seed_offset, heartbeat):
        if self.seed_offset == seed_offset:
            return
        self.seed_offset = None
        self.arguments.make(seed_offset, heartbeat)
        self.expected = self.reference(heartbeat)
        self.seed_offset = seed_offset

    def reference(self, heartbeat):
        from autotune_worker.results import Expected

        against = self.target["verification"]["against"]
        tolerances = self.target["verification"]["tolerances"]
        heartbeat()
        self.arguments.restore(with_inputs=True)
        start = time.monotonic()
        try:
            if "files" in against:
                results = self.from_files(against["files"]["_0"])
            elif "script" in against:
                results = self.from_script(against["script"])
            else:
                results = self.results(self.load(self.reference_artifact))
            self.torch.cuda.synchronize()
        except RPCError:
            raise
        except Exception as error:
            raise RPCError(RPCError.reference_failed, f"the reference fails: {type(error).__name__}: {first_line(error)}")
        if self.reference_seconds is None:
            self.reference_seconds = time.monotonic() - start
        expected = [Expected(name, tensor, tolerances) for name, tensor in results]
        self.arguments.restore(with_inputs=True)
        if not expected:
            raise RPCError(RPCError.reference_failed, "the reference gives no tensor to compare with")
        for result in expected:
            # What a comparison needs is loaded now, not while the first kernel is waited for.
            result.check(result.name, result.tensor)
            if result.holds_nan:
                raise RPCError(RPCError.reference_failed, f"the reference's {result.name} holds NaN")
        return expected

    def from_files(self, paths):
        from autotune_worker.fills import from_file

        # In the order of the arguments, as the kernel's results are.
        return [
            (argument["name"], from_file({**argument, "fill": {"path": paths[argument["name"]]}}, self.arguments.device))
            for argument in self.target["arguments"] if argument["name"] in paths
        ]

    def from_script(self, script):
        from autotune_worker.results import flattened

        module = sources.load_users(script["path"])
        function = sources.function(module, script["function"], script["path"])
        returned = flattened(function(*self.language.reference_arguments(self.arguments)))
        written = self.arguments.results()
        if self.target["language"] != "triton":
            # The reference stands for the kernel: it returns what that returns, and leaves the same in what both write.
            return [*returned, *written]
        if len(returned) != len(written):
            raise RPCError(
                RPCError.reference_failed, f"{script['function']} returns {len(returned)} tensors, and the kernel has "
                f"{len(written)} outputs: {', '.join(name for name, _ in written)}")
        return [(name, tensor) for (name, _), (_, tensor) in zip(written, returned)]

    def results(self, kernel):
        """Runs a kernel once on poisoned outputs: what it returns, and what it leaves in outputs and in-outs."""
        from autotune_worker.results import PoisonedAllocation, flattened

        kernel.restore()
        self.arguments.poison()
        with PoisonedAllocation():
            if kernel.resources is None:
                # The first run tells what the kernel takes, too.
                returned, kernel.resources = kernel.first_run()
            else:
                returned = kernel.run()
        self.torch.cuda.synchronize()
        return [*flattened(returned), *self.arguments.results()]

    def verify(self, kernel):
        results = self.results(kernel)
        if len(results) != len(self.expected):
            raise ConfigFailure(
                "wrongResult", f"the kernel gives {len(results)} tensors and the reference {len(self.expected)}")
        for (name, tensor), expected in zip(results, self.expected):
            expected.check(name, tensor)
        self.arguments.check_inputs()

    def load(self, artifact):
        if artifact not in self.kernels:
            self.kernels[artifact] = Loaded(self.language.load(artifact, self.arguments), self.arguments)
        return self.kernels[artifact]

    def evaluate(self, params, heartbeat):
        result = {
            "outcome": "measured", "samplesMs": [], "runsPerSample": 1, "verifySeconds": 0.0, "samplingSeconds": 0.0,
            "isSpoiled": False,
        }
        self.use_inputs(params["seedOffset"], heartbeat)
        start = time.monotonic()
        try:
            kernel = self.load(params["artifact"])
            self.verify(kernel)
            result["resources"] = kernel.resources
            result["verifySeconds"] = time.monotonic() - start
            if params["samples"] > 0:
                self.timer.warm_up(kernel, params["warmUpSeconds"], heartbeat)
                sampling = time.monotonic()
                result["samplesMs"] = self.timer.samples([kernel], params["samples"], heartbeat)[0]
                result["samplingSeconds"] = time.monotonic() - sampling
                again = time.monotonic()
                self.verify_again(kernel)
                result["verifySeconds"] += time.monotonic() - again
        except Exception as error:
            failure = running(error)
            self.kernels.pop(params["artifact"], None)
            result |= {
                "outcome": failure.outcome, "reason": failure.reason, "isSpoiled": failure.spoils_worker, "samplesMs": []}
            if result["verifySeconds"] == 0:
                result["verifySeconds"] = time.monotonic() - start
        return result

    def verify_again(self, kernel):
        """What a kernel leaves behind, and races, can make its first run right and later ones wrong."""
        try:
            self.verify(kernel)
        except ConfigFailure as failure:
            raise ConfigFailure(failure.outcome, f"right in its first run, not in later ones: {failure.reason}")

    def retime(self, params, heartbeat):
        try:
            kernels = [self.load(artifact) for artifact in params["artifacts"]]
            if params["warmUpSeconds"] > 0:
                for kernel in kernels:
                    self.timer.warm_up(kernel, params["warmUpSeconds"], heartbeat)
            return {"samplesMs": self.timer.samples(kernels, params["rounds"], heartbeat)}
        except Exception as error:
            failure = running(error)
            code = RPCError.context_lost if failure.spoils_worker else RPCError.internal_error
            raise RPCError(code, failure.reason)
