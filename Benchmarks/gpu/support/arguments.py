"""The command line that all parts share."""

import argparse
import os
from pathlib import Path

project = Path(__file__).resolve().parents[3]
examples = ["matmul", "layer_norm", "attention", "cross_entropy"]


def kernel_file(example):
    return project / "Examples" / example / "kernel.json"


def parser(description):
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("program", type=Path, help="the autotune binary")
    parser.add_argument("sessions", type=Path, help="folder for what is written")
    parser.add_argument("--examples", nargs="+", choices=examples, help="default: EXAMPLES, else all four")
    parser.add_argument("--gpu", help="which GPU, as CUDA_VISIBLE_DEVICES names it")
    return parser


def parse(parser):
    """The arguments, with absolute paths; the GPU is chosen for this process and all that it starts."""
    arguments = parser.parse_args()
    arguments.program = arguments.program.resolve()
    arguments.sessions = arguments.sessions.resolve()
    arguments.sessions.mkdir(parents=True, exist_ok=True)
    arguments.examples = arguments.examples or os.environ.get("EXAMPLES", "").split() or examples
    if unknown := set(arguments.examples) - set(examples):
        parser.error(f"no such example: {', '.join(sorted(unknown))}; there are {', '.join(examples)}")
    if arguments.gpu is not None:
        os.environ["CUDA_VISIBLE_DEVICES"] = arguments.gpu
    return arguments
