"""Kernels in Helion: the space comes from the kernel as Helion binds it, and so does what is valid."""

import json
import os

import torch

from autotune_worker import fills, sources
from autotune_worker.arguments import without_memory
from autotune_worker.failures import ConfigFailure, RPCError, compiling, first_line
from autotune_worker.helion_space import HelionSpace
from autotune_worker.triton_launch import Precompiler


class HelionLanguage:
    packages = ("helion", "triton", "torch")

    def __init__(self, target, device):
        self.target, self.device = target, device
        # Helion's own log of errors is for those who call it; here they become outcomes.
        os.environ.setdefault("HELION_AUTOTUNE_LOG_LEVEL", "0")
        self.helion = sources.need("helion", "language \"helion\"")
        self.user = sources.load_users(target["source"])
        self.kernel = sources.function(self.user, target["function"], target["source"])
        if not isinstance(self.kernel, self.helion.Kernel):
            raise RPCError.unsupported(
                f"{target['function']} in {target['source']} is no Helion kernel: it lacks @helion.kernel()")
        self.mode, self.fakes = without_memory(target["arguments"], device)
        self.check_count()
        try:
            self.bound = self.kernel.bind(tuple(self.fakes))
        except Exception as error:
            raise RPCError.unsupported(
                f"Helion does not take {target['function']} with these arguments: {type(error).__name__}: {first_line(error)}")
        self.space = HelionSpace(self.bound.config_spec)

    def check_count(self):
        needed = len(self.kernel.signature.parameters)
        given = len(self.fakes)
        if given != needed:
            names = ", ".join(self.kernel.signature.parameters)
            raise RPCError.unsupported(
                f"{self.target['function']} takes {needed} arguments ({names}), and the kernel file has {given}")

    def normalized(self, config):
        """The config as Helion has it. Raises `ConfigFailure` for one that it refuses, or would change."""
        from helion.exc import InvalidConfig

        try:
            normal = self.helion.Config(**config)
            self.bound.config_spec.normalize(normal)
        except (InvalidConfig, TypeError, ValueError) as error:
            raise ConfigFailure("rejected", f"Helion: {first_line(error)}")
        for name, value in config.items():
            kept = normal.config.get(name, self.space.neutral(name))
            if kept != value:
                raise ConfigFailure(
                    "rejected", f"Helion would not use {name} = {json.dumps(value)} beside the other values, but "
                    f"{json.dumps(kept)}: leave {name} at that")
        return normal

    def compile(self, config, _launch, path):
        """Writes the generated module and compiles its kernels into Triton's cache, where a timing worker finds them."""
        normal = self.normalized(config)
        try:
            code = self.bound.to_triton_code(normal)
            with open(path + ".py", "w", encoding="utf-8") as file:
                file.write(code)
            function = self.function(path + ".py")
            precompiler = Precompiler()
            with self.mode:
                function(*self.fakes, _launcher=precompiler)
            return path + ".py", precompiler.resources
        except Exception as error:
            raise compiling(error)

    def function(self, artifact):
        module = sources.load(artifact, sources.module_name("autotune", artifact))
        return getattr(module, self.kernel.name)

    def load(self, artifact, arguments):
        """What runs a compiled kernel on the arguments, and gives back what it returns."""
        function, values = self.function(artifact), arguments.values
        return lambda: function(*values)

    def reference_arguments(self, arguments):
        return arguments.values

    def baseline(self, arguments, autotuner, limit_seconds):
        """The config that Helion's own autotuner finds."""
        os.environ["HELION_AUTOTUNER"] = autotuner
        os.environ["HELION_AUTOTUNE_BUDGET_SECONDS"] = str(int(limit_seconds))
        os.environ["HELION_AUTOTUNE_CACHE"] = "LocalAutotuneCache"
        os.environ["HELION_SKIP_CACHE"] = "1"
        kernel = self.helion.kernel(self.kernel.fn, static_shapes=self.kernel.settings.static_shapes)
        bound = kernel.bind(tuple(arguments.values))
        return dict(bound.autotune(tuple(arguments.values), force=True).config)
