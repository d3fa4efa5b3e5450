"""The vocabulary at run time: Arrow schemas of the datasets and the closed list of behaviours."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from schema.columns import DATASETS, ENRICHED, TYPES
from schema.datafile import load_yaml

__all__ = ["DATASETS", "ENRICHED", "STAGES", "TYPES", "Behaviour", "behaviours", "load_yaml"]

STAGES: Final = ("exposure", "delivery", "c2", "discovery", "credential", "lateral", "action", "policy")
"""Stages in the order of an intrusion; policy behaviours stand apart."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One entry of the closed list in ``behaviours.yaml``; gives track and stage to every rule that names it."""

    name: str
    track: str
    stage: str
    vi: str
    en: str


@cache
def behaviours() -> dict[str, Behaviour]:
    """Every behaviour by name; an unknown name in a rule is an error of that rule."""
    path = Path(__file__).parent / "behaviours.yaml"
    entries = load_yaml(path)
    return {name: Behaviour(name=name, **entry) for name, entry in entries["behaviours"].items()}
