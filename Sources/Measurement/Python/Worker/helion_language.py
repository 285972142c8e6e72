"""Kernels in Helion: the space comes from the kernel as Helion binds it, and so does what is valid."""

import csv
import json
import os
import time

import torch

from autotune_worker import sources
from autotune_worker.arguments import without_memory
from autotune_worker.failures import ConfigFailure, RPCError, compiling, first_line
from autotune_worker.helion_space import HelionSpace
from autotune_worker.triton_launch import Precompiler, RecordingLauncher


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
            return path + ".py", precompiler.resources(self.shared_bytes)
        except Exception as error:
            raise compiling(error)

    def prepare_compiling(self, folder):
        """What all configs share is done once, before processes are forked that would each do it."""
        self.shared_bytes = torch.cuda.get_device_properties(self.device).shared_memory_per_block_optin
        try:
            self.compile(self.space.base(), None, os.path.join(folder, "prepared"))
        except ConfigFailure:
            # Told when the default is asked for.
            pass

    def function(self, artifact):
        module = sources.load(artifact, sources.module_name("autotune", artifact))
        return getattr(module, self.kernel.name)

    def load(self, artifact, arguments):
        """What runs a compiled kernel on the arguments and gives back what it returns; and the same for its first run,
        with what the kernel takes of the device."""
        from helion.runtime import default_launcher

        function, values = self.function(artifact), arguments.values

        def first_run():
            launcher = RecordingLauncher(default_launcher)
            return function(*values, _launcher=launcher), launcher.resources()

        return lambda: function(*values), first_run

    def reference_arguments(self, arguments):
        return arguments.values

    def search(self, arguments, autotuner, limit_seconds, log_path):
        """What Helion's own autotuner finds, at full effort."""
        os.environ |= {
            "HELION_AUTOTUNER": autotuner, "HELION_AUTOTUNE_BUDGET_SECONDS": str(int(limit_seconds)),
            "HELION_AUTOTUNE_LOG": log_path, "HELION_AUTOTUNE_LOG_LEVEL": "20", "HELION_AUTOTUNE_PROGRESS_BAR": "0",
            # An earlier search's result would be no search.
            "HELION_SKIP_CACHE": "1",
        }
        values = tuple(arguments.values)
        kernel = self.helion.kernel(self.kernel.fn, static_shapes=self.kernel.settings.static_shapes)
        bound = kernel.bind(values)
        start = time.monotonic()
        try:
            config = bound.autotune(values, force=True)
        except Exception as error:
            raise RPCError.unsupported(f"Helion's {autotuner} fails: {type(error).__name__}: {first_line(error)}")
        seconds = time.monotonic() - start
        found = {name: value for name, value in config.config.items() if name in self.space.names}
        return {"config": found, "seconds": seconds, "evaluations": self.logged(log_path + ".csv")}

    @staticmethod
    def logged(path):
        """Configs that Helion's log tells of; None where it wrote none."""
        try:
            with open(path, newline="", encoding="utf-8") as file:
                return len({row["config_id"] for row in csv.DictReader(file)})
        except (OSError, KeyError):
            return None
