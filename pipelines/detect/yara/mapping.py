"""What YARA rules from outside mean: behaviour and severity by their names, tags and metadata (rules/yara/mapping.yaml)."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, get_args

from pipelines.detect.finding import Severity
from pipelines.detect.rulefiles import SHIPPED
from schema import behaviours, load_yaml

_PATH: Final = SHIPPED / "yara/mapping.yaml"


@dataclass(frozen=True, slots=True)
class Kind:
    """What the mapping makes of one rule."""

    behaviour: str
    severity: Severity
    title: AnyMapping[str, str]
    explanation: AnyMapping[str, str]


@dataclass(frozen=True, slots=True)
class Mapping:
    """The shipped table."""

    words: list[tuple[str, str]]
    """(word, behaviour): the first word found in name, tags or category decides."""
    behaviour: str
    severity: Severity
    title: AnyMapping[str, str]
    explanation: AnyMapping[str, str]

    def kind(self, name: str, tags: tuple[str, ...], meta: AnyMapping[str, Any]) -> Kind:
        """Behaviour, severity and texts of one rule. Raises ValueError when the rule itself names wrong ones."""
        behaviour = str(meta.get("behaviour", "")) or self._by_words(name, tags, meta)
        if behaviour not in behaviours():
            raise ValueError(f"unknown behaviour {behaviour!r}: take one of schema/behaviours.yaml")
        severity = str(meta.get("severity", self.severity)).lower()
        known = {str(level): level for level in get_args(Severity)}
        if severity not in known and "behaviour" in meta:
            raise ValueError(f"unknown severity {severity!r}: low, medium, high or critical")
        return Kind(behaviour, known.get(severity, self.severity), self.title, self.explanation)

    def _by_words(self, name: str, tags: tuple[str, ...], meta: AnyMapping[str, Any]) -> str:
        text = " ".join([name, *tags, str(meta.get("category", "")), str(meta.get("malware_type", ""))]).lower()
        return next((behaviour for word, behaviour in self.words if word in text), self.behaviour)


@cache
def shipped() -> Mapping:
    """The mapping that comes with the product."""
    data = load_yaml(_PATH)
    default = data["default"]
    words = [(str(word), str(entry["behaviour"])) for entry in data["words"] for word in entry["any"]]
    return Mapping(words, default["behaviour"], default["severity"], default["title"], default["explanation"])
