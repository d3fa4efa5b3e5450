"""Reading the product's own YAML files."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import yaml

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Both are safe; the one in C reads ten times as fast, and a start reads several files."""


def load_yaml(path: Path) -> Any:
    """The content of one of our own files; OSError and yaml.YAMLError as they come."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506


def load_vocabulary(folder: Path = Path(__file__).parent / "fields") -> dict[str, Any]:
    """The files of ``schema/fields`` as one, ``base.yaml`` first: ``datasets`` by name and the list of ``fields``.

    Raises ValueError naming the file that defines a dataset a second time, else as ``load_yaml``.
    """
    whole: dict[str, Any] = {"datasets": {}, "fields": []}
    for path in sorted(folder.glob("*.yaml"), key=lambda path: (path.stem != "base", path.stem)):
        part = load_yaml(path)
        if twice := whole["datasets"].keys() & part["datasets"].keys():
            raise ValueError(f"{path}: {', '.join(sorted(twice))} is defined twice")
        whole["datasets"] |= part["datasets"]
        whole["fields"] += part["fields"]
    return whole
