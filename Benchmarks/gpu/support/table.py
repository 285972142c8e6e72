"""Tables and verdicts on standard output."""

import re


def show(rows, columns):
    """Prints a row a line under the columns' names: columns of numbers to the right, all else to the left."""
    lines = [list(columns), *([cell(value) for value in row] for row in rows)]
    widths = [max(map(len, texts)) for texts in zip(*lines, strict=True)]
    are_numbers = [all(map(is_number, texts[1:])) for texts in zip(*lines, strict=True)]
    for line in lines:
        cells = zip(line, widths, are_numbers, strict=True)
        padded = [text.rjust(width) if is_right else text.ljust(width) for text, width, is_right in cells]
        print("  ".join(padded).rstrip(), flush=True)


def cell(value):
    """Times in milliseconds keep a tenth of a microsecond; what is not there is a dash."""
    if value is None:
        return "-"
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def is_number(text):
    return re.fullmatch(r"-|[-+]?[0-9.]+( %)?", text) is not None


def seconds(value):
    return None if value is None else f"{value:.3f}"


def percent(share, digits=1):
    return None if share is None else f"{100 * share:.{digits}f} %"


def target(name, value, limit, is_met, missing="not measured"):
    """Prints whether a promise of speed is kept. It decides no exit code: machines differ."""
    if value is None:
        print(f"target  {name}: {missing}", flush=True)
        return
    print(f"target  {name}: {percent(value, 2)}, {'met' if is_met(value, limit) else 'MISSED'}", flush=True)


def at_least(value, limit):
    return value >= limit


def at_most(value, limit):
    return value <= limit
