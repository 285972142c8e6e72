"""The user's Python files."""

import importlib.metadata
import importlib.util
import os
import re
import sys

from autotune_worker.failures import RPCError, first_line


def load(path, name):
    """A file as a module of its own name: not `__main__`, so that it needs no guard. Files beside it can be imported."""
    folder = os.path.dirname(path)
    if folder not in sys.path:
        sys.path.insert(1, folder)
    specification = importlib.util.spec_from_file_location(name, path)
    if specification is None:
        raise RPCError.unsupported(f"{path} is no Python file")
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    specification.loader.exec_module(module)
    return module


def module_name(prefix, path):
    """A name that generated code can import a file by, whatever the file is called."""
    stem = os.path.splitext(os.path.basename(path))[0]
    return f"{prefix}_{re.sub('[^0-9A-Za-z]', '_', stem)}"


def load_users(path):
    """The user's own file; what it raises is told with the line where it was raised."""
    try:
        return load(path, module_name("autotune_user", path))
    except ModuleNotFoundError as error:
        raise RPCError.unsupported(
            f"{path}{line_in(error, path)}: there is no module {error.name} for {sys.executable}; install it there, or "
            "choose another interpreter with --python")
    except SyntaxError as error:
        raise RPCError.unsupported(f"{error.filename}:{error.lineno}: {error.msg}")
    except BaseException as error:
        raise RPCError.unsupported(
            f"{path}{line_in(error, path)} raised on import: {type(error).__name__}: {first_line(error)}")


def line_in(error, path):
    """":12", the last line of the file on the way to where the exception was raised."""
    line, trace = "", error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == path:
            line = f":{trace.tb_lineno}"
        trace = trace.tb_next
    return line


def function(module, name, path):
    found = getattr(module, name, None)
    if found is None:
        names = sorted(key for key, value in vars(module).items() if callable(value) and not key.startswith("_"))
        raise RPCError.unsupported(f"{path} has no function {name}; it has {', '.join(names) or 'none'}")
    return found


def need(package, why):
    """A package that a language needs; one that does not import is told with its version and what it meets."""
    try:
        return importlib.import_module(package)
    except ModuleNotFoundError as error:
        if error.name != package:
            raise does_not_import(package, error)
        raise RPCError.unsupported(
            f"{why} needs {package}, which {sys.executable} does not have; install it there (pip install {package}), or "
            "choose another interpreter with --python")
    except Exception as error:
        raise does_not_import(package, error)


def does_not_import(package, error):
    return RPCError.unsupported(
        f"{package} {version(package)} does not import beside {versions('torch', 'triton')}: {type(error).__name__}: "
        f"{first_line(error)}; install versions that belong together (Helion 1.4.0 goes with PyTorch 2.11 and Triton 3.6)")


def version(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "(not installed)"


def versions(*packages):
    names = {"torch": "PyTorch", "triton": "Triton", "helion": "Helion"}
    return ", ".join(f"{names.get(package, package)} {version(package)}" for package in packages)
