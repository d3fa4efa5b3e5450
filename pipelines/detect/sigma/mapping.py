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


@dataclass(frozen=True, slots=True)
class LogSource:
    """What a log source is here."""

    dataset: str
    fields: AnyMapping[str, str] = field(default_factory=dict)
    behaviour: str | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """The file, typed."""

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
                return LogSource(rule["category"])
            raise ValueError(f"unknown dataset {rule.get('category')!r}: take one of schema/fields")
        for wanted, source in self.logsources:
            if all(rule.get(key) == value for key, value in wanted.items()):
                return source
        named = "/".join(str(value) for value in rule.values() if value)
        raise ValueError(f"log source {named} is not something that a network sensor sees")

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
    sources = [(e["match"], LogSource(e["dataset"], e["fields"], e.get("behaviour"))) for e in data["logsources"]]
    tags = [(e["tag"], e["behaviour"]) for e in data["tags"]]
    return Mapping(sources, data["keywords"], data["facts"], tags, data["severity"], data["default"])
