"""The shipped reading of Sigma (rules/sigma/mapping.yaml): log sources, fields, and what rules from outside mean."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from pipelines.detect.finding import Severity
from pipelines.detect.rulefiles import SHIPPED
from schema import DATASETS, load_yaml

PATH: Final = SHIPPED / "sigma/mapping.yaml"
OWN_PRODUCT: Final = "vonggac"
"""Log source product of rules that name our datasets and columns themselves."""


class UnseenError(ValueError):
    """A network sensor sees nothing of the kind."""


@dataclass(frozen=True, slots=True)
class LogSource:
    """What a log source is here."""

    dataset: str
    fields: AnyMapping[str, str | list[str]] = field(default_factory=dict)
    behaviour: str | None = None
    also: tuple[LogSource, ...] = ()
    """Further datasets that a rule may look at, where they have all its fields."""
    events: AnyMapping[int, LogSource] = field(default_factory=dict)
    """Numbers of Windows events, which decide about dataset and fields."""
    only: AnyMapping[str, Any] = field(default_factory=dict)
    """Columns that make an event of this number."""
    own: bool = False
    """The rule names our datasets and columns itself."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """The file, typed."""

    values: AnyMapping[str, Any]
    """``repairs``, ``words``, ``bits`` … of the file, as ``pipelines.detect.sigma.repair`` reads them."""
    shapes: AnyMapping[str, str]
    unseen: list[tuple[AnyMapping[str, str], str]]

    logsources: list[tuple[AnyMapping[str, str], LogSource]]
    keywords: AnyMapping[str, list[str]]
    facts: AnyMapping[str, AnyMapping[str, str]]
    tags: list[tuple[str, str]]
    severities: AnyMapping[str, Severity]
    default: AnyMapping[str, Any]

    def logsource(self, rule: AnyMapping[str, str]) -> LogSource:
        """The dataset that a rule is about. Raises ValueError when the sensor sees nothing of the kind."""
        if rule.get("product") == OWN_PRODUCT:
            if rule.get("category") in DATASETS:
                return LogSource(rule["category"], own=True)
            raise ValueError(f"unknown dataset {rule.get('category')!r}: take one of schema/fields")
        for wanted, source in self.logsources:
            if all(rule.get(key) == value for key, value in wanted.items()):
                return source
        named = "/".join(str(value) for value in rule.values() if value)
        for wanted, why in self.unseen:
            if all(rule.get(key) == value for key, value in wanted.items()):
                raise UnseenError(f"log source {named} {why}")
        raise UnseenError(f"log source {named} is not something that a network sensor sees")

    def behaviour(self, tags: list[str], source: LogSource) -> str:
        """Behaviour of a rule from outside."""
        return next(
            (behaviour for tag, behaviour in self.tags if tag in tags), source.behaviour or self.default["behaviour"]
        )


@cache
def shipped() -> Mapping:
    """The mapping that comes with the product."""
    return read(PATH)


def read(path: Path) -> Mapping:
    """A mapping file; KeyError when a part is missing."""
    data = load_yaml(path)
    sources = [(e["match"], _source(e)) for e in data["logsources"]]
    tags = [(e["tag"], e["behaviour"]) for e in data["tags"]]
    unseen = [(e["match"], e["why"]) for e in data["unseen"]]
    return Mapping(
        data, data["shapes"], unseen, sources, data["keywords"], data["facts"], tags, data["severity"], data["default"]
    )


def _source(entry: AnyMapping[str, Any]) -> LogSource:
    return LogSource(
        entry["dataset"],
        entry["fields"],
        entry.get("behaviour"),
        tuple(_source(other) for other in entry.get("also", ())),
        {number: _source(one) for number, one in entry.get("events", {}).items()},
        entry.get("only", {}),
    )
