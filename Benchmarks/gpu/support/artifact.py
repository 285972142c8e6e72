"""What a compile worker makes: the launch, the names in the machine code, and the CUBIN."""

import json
from dataclasses import dataclass


@dataclass
class Artifact:
    launch: dict
    symbols: dict
    image: bytes


def read(path):
    """Two lines of JSON, then the machine code."""
    with open(path, "rb") as file:
        launch, head, image = json.loads(file.readline()), json.loads(file.readline()), file.read()
    if head["format"] != 1 or head["imageBytes"] != len(image):
        raise ValueError(f"{path} is no artifact of the form that is known here")
    return Artifact(launch, head["symbols"], image)
