"""Behaviour rules as they are in their folders: what a person can turn off and tune."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from threading import Lock

from pipelines.detect.behaviour.rule import BehaviourRule
from pipelines.detect.behaviour.rules import RuleSet
from pipelines.detect.rulefiles import SHIPPED, RuleFolder

_LOCK = Lock()


def behaviour_rules(folders: Sequence[Path] = ()) -> Mapping[str, BehaviourRule]:
    """Rule → what it says: those that ship, and those of the site's own folders."""
    with _LOCK:
        found = _set(tuple(folders))
        found.refresh()
        return dict(found.rules)


@cache
def _set(folders: tuple[Path, ...]) -> RuleSet:
    return RuleSet([RuleFolder(SHIPPED / "behaviour", True), *(RuleFolder(one) for one in folders)], {}, ())
