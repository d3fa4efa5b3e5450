"""Names and meanings of fields and datasets, from the one vocabulary (``schema/fields``)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from schema.datafile import load_vocabulary


@dataclass(frozen=True, slots=True)
class Meaning:
    """A field or dataset in both languages."""

    name: str
    vi: str
    en: str
    type: str = ""
    datasets: frozenset[str] = frozenset()


@cache
def _read() -> dict[str, Any]:
    return load_vocabulary()


@cache
def fields() -> dict[str, Meaning]:
    """Every field by its dotted name, in the order of the files."""
    every = frozenset(_read()["datasets"])
    return {
        one["name"]: Meaning(
            one["name"], one["vi"], one["en"], one["type"], every if "all" in one["in"] else frozenset(one["in"])
        )
        for one in _read()["fields"]
    }


@cache
def datasets() -> dict[str, Meaning]:
    """Every dataset by its name."""
    return {name: Meaning(name, one["vi"], one["en"]) for name, one in _read()["datasets"].items()}
