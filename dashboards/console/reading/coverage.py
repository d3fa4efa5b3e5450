"""ATT&CK coverage: what the rules find, and what they do not."""

from __future__ import annotations

from pydantic import BaseModel

from dashboards.console.reading.alerts import Words
from pipelines.lifecycle.catalogue import behaviour_rules
from pipelines.lifecycle.coverage import coverage


class TechniqueLine(BaseModel):
    """One technique."""

    id: str
    name: str
    rules: list[str]
    pages: list[str]
    """Those of ``rules`` that have a page of their own."""
    why: Words | None


class TacticColumn(BaseModel):
    """One tactic with what shows of it on a network."""

    id: str
    title: Words
    found: list[TechniqueLine]
    missed: list[TechniqueLine]


class CoveragePage(BaseModel):
    """The matrix."""

    tactics: list[TacticColumn]
    found: int
    all: int


def read() -> CoveragePage:
    """Every technique that shows on a network."""
    columns, known = [], behaviour_rules()
    for tactic in coverage():
        lines = [
            TechniqueLine(
                id=one.id,
                name=one.name,
                rules=list(one.rules),
                pages=[rule for rule in one.rules if rule in known],
                why=Words(**one.why) if one.why else None,
            )
            for one in tactic.techniques
        ]
        found, missed = [one for one in lines if one.rules], [one for one in lines if not one.rules]
        columns.append(TacticColumn(id=tactic.id, title=Words(**tactic.title), found=found, missed=missed))
    found_count = sum(len(one.found) for one in columns)
    return CoveragePage(tactics=columns, found=found_count, all=found_count + sum(len(one.missed) for one in columns))
