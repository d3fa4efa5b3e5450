"""The vocabulary at run time: Arrow schemas of the datasets and the closed list of behaviours."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import pyarrow as pa

from schema import columns
from schema.datafile import load_yaml

__all__ = ["DATASETS", "ENRICHED", "STAGES", "TYPES", "Behaviour", "behaviours", "load_yaml"]

STAGES: Final = ("exposure", "delivery", "c2", "discovery", "credential", "lateral", "action", "policy")
"""Stages in the order of an intrusion; policy behaviours stand apart."""


_ARROW: Final = {
    "keyword": pa.string(),
    "ip": pa.string(),
    "long": pa.int64(),
    "port": pa.int32(),
    "boolean": pa.bool_(),
    "float": pa.float64(),
    "date": pa.timestamp("us", tz="UTC"),
}
TYPES: Final[dict[str, str]] = dict(field.rsplit(":", 1) for field in columns.FIELDS.split())
"""Field → type, as ``fields`` has it."""
ENRICHED: Final = frozenset(columns.ADDED.split())
"""Fields that enrichment adds to what the sensor says."""


def _field(name: str) -> pa.Field:
    kind = _ARROW[TYPES[name].removesuffix("[]")]
    return pa.field(name, pa.list_(kind) if TYPES[name].endswith("[]") else kind)


DATASETS: Final[dict[str, pa.Schema]] = {
    dataset: pa.schema([_field(name) for name in (*columns.COMMON.split(), *own.split())])
    for dataset, own in columns.OWN.items()
}
"""Dataset → the columns of its events, common ones first."""


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
