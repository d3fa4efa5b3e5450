"""The SQL that is run for one rule and one window, and the check of what it gives."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from pipelines.detect.behaviour import tables
from pipelines.detect.behaviour.rule import BehaviourRule, Number
from pipelines.detect.behaviour.text import names
from pipelines.detect.engine import RuleError
from pipelines.detect.finding import EVENTS_KEPT

CIRCUMSTANCES: Final = ("rare_destination", "seen_by_many")
"""Flags that the engine adds to every row with a peer, from how many machines of the network call the place."""
FILLED: Final = frozenset({"machine", "peer", "seen_by", "machines", "count", "reasons"})
"""Names that explanations may use beside the columns of the query."""
_LINE: Final = re.compile(r"LINE (\d+):")
_REQUIRED: Final = ("machine", "events")


def listed(rule: BehaviourRule, lists: Collection[str]) -> list[str]:
    """The circumstances of the rule that are lists of domains: the engine looks the row's ``domain`` up in them."""
    return [name for name in rule.definition.against if name in lists]


def statement(
    rule: BehaviourRule, start: int, end: int, lists: Collection[str], columns: Collection[str] = (), since: int = 0
) -> str:
    """The query within its window. Only rows with evidence in the last ``every`` count: the others were told before.

    ``since``: the load up to which the window was looked at before, for rules of which each row follows from one pair alone.
    """
    half = EVENTS_KEPT // 2
    extra = "".join(f", in_{name}(domain) as {name}" for name in listed(rule, lists) if name not in columns)
    query = rule.query.rstrip().rstrip(";")
    for name, moment in (("from", start), ("to", end)):
        query = query.replace(f"${name}", f"make_timestamp({moment})")
    # The query begins on the second line: DuckDB's line numbers tell the place in query.sql.
    return (
        f"{tables.bounded(rule.definition.reads, start, end, since)}"
        f"select * replace (case when len(events) > {EVENTS_KEPT} then events[:{half}] || events[-{half}:] else events end"
        f" as events), len(events) as event_count{extra} from ("
        f"select * replace (list_sort(list_distinct(events)) as events) from (\n"
        f"{query}\n)) where len(events) > 0 and events[-1].at >= {end - rule.definition.every}"
    )


def guard(rule: BehaviourRule, start: int, end: int, since: int = 0) -> str | None:
    """The SELECT that tells whether the query is worth running in this window."""
    if rule.definition.guard is None:
        return None
    shown = tables.bounded(rule.definition.reads, start, end, since)
    return f"{shown}select 1 as worth from (\n{rule.definition.guard}\n) limit 1"


def check(rule: BehaviourRule) -> dict[str, Any]:
    """The request for the worker to check this rule."""
    query = re.sub(r"\$(from|to)\b", "now()::timestamp", rule.query.rstrip().rstrip(";"))
    # DuckDB names the tables of a query only when nothing is left to bind.
    bare = re.sub(r"\$([a-z][a-z0-9_]*)", lambda match: _literal(rule.parameters[match[1]]), query)
    wrapped = f"select * from (\n{query}\n)"
    allowed = [
        *rule.definition.reads,
        *(f"raw_{name}" for name in rule.definition.reads),
    ]  # DuckDB names what views are of
    wakes = [f"select 1 from {name} where {condition}" for name, condition in rule.definition.wakes.items()]
    if rule.definition.guard is not None:
        wakes.append(f"select 1 from ({rule.definition.guard})")
    return {"name": rule.id, "bare": bare, "sql": wrapped, "parameters": rule.bound, "allowed": allowed, "wakes": wakes}


def _literal(value: Number) -> str:
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value).lower()


def problems(rule: BehaviourRule, answer: Mapping[str, Any], lists: Collection[str]) -> Iterator[RuleError]:
    """What the worker's answer and the columns of the query say against the rule."""
    path, text = rule.folder / "query.sql", rule.folder / "rule.yaml"
    if "failed" in answer:
        yield failure(rule, answer["failed"])
        return
    columns, definition = set(answer["columns"]), rule.definition
    for name in _REQUIRED:
        if name not in columns:
            yield RuleError(rule.id, path, None, f"the query gives no column {name}")
    flags = {flag for level in definition.raise_.values() for group in level for flag in group}
    flags |= set(definition.adds) | set(definition.reasons)
    if isinstance(definition.deterministic, str):
        flags.add(definition.deterministic)
    for flag in sorted(flags - columns - set(CIRCUMSTANCES)):
        yield RuleError(
            rule.id, text, None, f"the query gives no column {flag} (raise, adds, reasons and deterministic name flags)"
        )
    for flag in definition.against:
        if flag not in columns and flag not in CIRCUMSTANCES and not (flag in lists and "domain" in columns):
            yield RuleError(
                rule.id, text, None, f"against: {flag} is no column, no list with a column domain, no circumstance"
            )
    for name in sorted(names(definition.explain.vi) - columns - FILLED):
        yield RuleError(rule.id, text, None, f"explain: the query gives no column {name}")


def failure(rule: BehaviourRule, message: str) -> RuleError:
    """A message of DuckDB with its line of query.sql."""
    place = _LINE.search(message)
    line = max(1, int(place[1]) - 1) if place else None
    first = message.partition("\n")[0]
    return RuleError(rule.id, rule.folder / "query.sql", line, " ".join(first.split()))
