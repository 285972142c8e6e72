"""What goes wrong, sorted: an error of the whole run, or the outcome of one config with its reason."""

import re


class RPCError(Exception):
    """Why what was asked cannot be done at all; codes as in Sources/Measurement/Protocol/JSONRPC.swift."""

    parse_error = -32700
    method_not_found = -32601
    invalid_params = -32602
    internal_error = -32603
    reference_failed = -32001
    unsupported_target = -32002
    context_lost = -32003

    def __init__(self, code, message):
        super().__init__(message)
        self.code, self.message = code, message

    @classmethod
    def unsupported(cls, message):
        return cls(cls.unsupported_target, message)


class ConfigFailure(Exception):
    """The outcome of a config that is not measured."""

    def __init__(self, outcome, reason, spoils_worker=False):
        super().__init__(reason)
        self.outcome, self.reason, self.spoils_worker = outcome, reason, spoils_worker


lost_context = re.compile(
    r"illegal memory access|misaligned address|unspecified launch failure|illegal instruction|device-side assert|"
    r"hardware stack|invalid (program counter|address space)|launch timed out|ECC error",
    re.IGNORECASE,
)
longest_reason = 300


def first_line(error):
    """The line of an exception's text that says most: Triton's and the compilers' come after some that only say where."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    if not lines:
        return type(error).__name__
    telling = [line for line in lines if re.search(r"error:|Error|ptxas|exceeds|must |cannot |not supported|invalid", line)]
    return (telling or lines)[0][:longest_reason]


def compiling(error):
    """The failure that an exception during compiling means."""
    name = type(error).__name__
    if isinstance(error, ConfigFailure):
        return error
    if name == "OutOfResources":
        return ConfigFailure("launchError", out_of_resources(error))
    if name == "PTXASError":
        return ConfigFailure("compileError", f"ptxas: {first_line(error)}")
    return ConfigFailure("compileError", f"{name}: {first_line(error)}")


def running(error):
    """The failure that an exception during running means."""
    name, text = type(error).__name__, str(error)
    if isinstance(error, ConfigFailure):
        return error
    if name == "OutOfResources":
        return ConfigFailure("launchError", out_of_resources(error))
    if name == "OutOfMemoryError" or "out of memory" in text:
        return ConfigFailure("launchError", f"out of memory: {first_line(error)}")
    if lost_context.search(text):
        return ConfigFailure("runtimeError", first_line(error), spoils_worker=True)
    # Errors of earlier work come out at the next call, whatever that is: the context is not trusted after any of them.
    is_device = "CUDA" in text or name == "AcceleratorError"
    return ConfigFailure("runtimeError" if is_device else "launchError", f"{name}: {first_line(error)}", is_device)


def out_of_resources(error):
    name, required, limit = (getattr(error, key, None) for key in ("name", "required", "limit"))
    if required is None or limit is None:
        return first_line(error)
    return over_limit(name, required, limit)


def over_limit(name, required, limit):
    unit = {"shared memory": " bytes of shared memory", "threads": " threads", "tensor memory": " columns of tensor memory"}
    return f"{required}{unit.get(name, f' {name}')} asked, the device has {limit} per block"
