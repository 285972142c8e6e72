"""Kernels in Triton: a function with @triton.jit, its constexpr parameters and launch options from the spec's space."""

import importlib
import json

import torch

from autotune_worker import sources
from autotune_worker.arguments import role, without_memory
from autotune_worker.failures import RPCError, compiling
from autotune_worker.triton_launch import Precompiler, RecordingLauncher

launch_options = ("num_warps", "num_stages", "num_ctas", "maxnreg")


class TritonLanguage:
    packages = ("triton", "torch")
    space = None

    def __init__(self, target, device):
        self.target, self.device = target, device
        sources.need("triton", "language \"triton\"")
        self.user = sources.load_users(target["source"])
        self.kernel = sources.function(self.user, target["function"], target["source"])
        if not hasattr(self.kernel, "warmup"):
            raise RPCError.unsupported(
                f"{target['function']} in {target['source']} is no Triton kernel: it lacks @triton.jit")
        if not hasattr(self.kernel, "params"):
            raise RPCError.unsupported(
                f"{target['function']} in {target['source']} is wrapped (@triton.autotune, @triton.heuristics): tune the "
                "function with @triton.jit alone")
        self.names = [argument["name"] for argument in target["arguments"]]
        self.constants = [parameter.name for parameter in self.kernel.params if parameter.is_constexpr]
        for parameter in self.kernel.params:
            if not parameter.is_constexpr and parameter.name not in self.names and not parameter.has_default:
                raise RPCError.unsupported(
                    f"{target['function']}'s parameter {parameter.name} is no argument of the kernel file")
        known = {parameter.name for parameter in self.kernel.params}
        for name in self.names:
            if name not in known:
                raise RPCError.unsupported(f"{target['function']} has no parameter {name}, which is an argument of the file")

    def options(self, config):
        """The config as keyword arguments of a launch."""
        for name in config:
            if name not in self.constants and name not in launch_options:
                raise RPCError.unsupported(
                    f"{name} is no constexpr parameter of {self.target['function']} and no launch option; those are "
                    + ", ".join([*self.constants, *launch_options]))
        missing = [
            parameter.name for parameter in self.kernel.params
            if parameter.is_constexpr and parameter.name not in config and not parameter.has_default
            and parameter.name not in self.names
        ]
        if missing:
            raise RPCError.unsupported(
                f"{self.target['function']}'s constexpr {', '.join(missing)} is in neither config_space nor arguments")
        return {name: value for name, value in config.items() if value is not None or name not in launch_options}

    def keywords(self, values):
        return dict(zip(self.names, values))

    def compile(self, config, launch, path):
        options = self.options(config)
        precompiler = Precompiler()
        try:
            precompiler(self.kernel, tuple(launch["grid"]), **self.keywords(self.fakes), **options)
            resources = precompiler.resources(self.shared_bytes)
        except Exception as error:
            raise compiling(error)
        with open(path + ".json", "w", encoding="utf-8") as file:
            json.dump({"options": options, "grid": launch["grid"]}, file)
        return path + ".json", resources

    def load(self, artifact, arguments):
        with open(artifact, encoding="utf-8") as file:
            launch = json.load(file)
        launcher = self.kernel[tuple(launch["grid"])]
        keywords = {**self.keywords(arguments.values), **launch["options"]}

        def run():
            launcher(**keywords)

        def first_run():
            recording = RecordingLauncher(launcher)
            recording(**keywords)
            return None, recording.resources()

        return run, first_run

    def prepare_compiling(self, _folder):
        """What all configs share is done once, before processes are forked that would each do it."""
        self.shared_bytes = torch.cuda.get_device_properties(self.device).shared_memory_per_block_optin
        importlib.import_module("triton.compiler.code_generator")
        _, self.fakes = without_memory(self.target["arguments"], self.device)

    def reference_arguments(self, arguments):
        """Outputs are what the reference returns, not what it is given."""
        return [
            value for argument, value in zip(self.target["arguments"], arguments.values) if role(argument) != "output"
        ]

    def search(self, _arguments, _autotuner, _limit_seconds, _log_path):
        raise RPCError.unsupported("Triton has no autotuner of its own for spaces")
