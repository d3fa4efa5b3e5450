"""Which techniques of ATT&CK the rules find, and why the others not (``rules/attack.yaml``)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pipelines.detect.rulefiles import SHIPPED
from pipelines.lifecycle.catalogue import behaviour_rules
from schema import load_yaml

PATH: Final = SHIPPED / "attack.yaml"
_TAG: Final = re.compile(r"attack\.(t\d{4}(?:\.\d{3})?)\b")
_META: Final = re.compile(r"^\s*id\s*=\s*\"([^\"]+)\"|\b(T\d{4}(?:\.\d{3})?)\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Technique:
    """One technique: the rules that find it, or why there are none."""

    id: str
    name: str
    rules: tuple[str, ...]
    why: Mapping[str, str] | None
    """``{"vi": …, "en": …}``; None where it is found."""


@dataclass(frozen=True, slots=True)
class Tactic:
    """A column of the matrix."""

    id: str
    title: Mapping[str, str]
    techniques: tuple[Technique, ...]


def coverage() -> list[Tactic]:
    """The matrix, in ATT&CK's order."""
    content: Mapping[str, Any] = load_yaml(PATH)
    rules = _by_technique()
    return [
        Tactic(
            name,
            {"vi": one["vi"], "en": one["en"]},
            tuple(_technique(key, told, rules, content["why"]) for key, told in one["techniques"].items()),
        )
        for name, one in content["tactics"].items()
    ]


def _technique(key: str, told: list[str], rules: Mapping[str, set[str]], why: Mapping[str, Any]) -> Technique:
    """A rule that names the technique or one of its parts finds it; a rule that names its whole finds some of its parts
    and is not counted.
    """
    found = {
        rule
        for technique, names in rules.items()
        if technique == key or technique.startswith(f"{key}.")
        for rule in names
    }
    return Technique(key, told[0], tuple(sorted(found)), None if found else why[told[1]])


def _by_technique() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for name, rule in behaviour_rules().items():
        for technique in rule.definition.technique:
            found[technique].add(name)
    for path in sorted((SHIPPED / "sigma").glob("*.yml")):
        for tag in _TAG.findall(path.read_text(encoding="utf-8")):
            found[tag.upper()].add(path.stem)
    for path in sorted((SHIPPED / "yara").glob("*.yar")):
        inside = path.stem
        for name, technique in _META.findall(path.read_text(encoding="utf-8")):
            inside = name or inside
            if technique:
                found[technique].add(inside)
    return dict(found)
