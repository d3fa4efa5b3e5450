"""Captures for tests, written by the scenarios program."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def write(path: Path, scenario: str, **parameters: object) -> Path:
    """Write a scenario's packets; its parameters as keywords."""
    given = [f"{name}={value}" for name, value in parameters.items()]
    command = [sys.executable, "-m", "scenarios", "write", scenario, *given, "--out", str(path), "--seed", "1"]
    subprocess.run(command, check=True, capture_output=True)
    return path
