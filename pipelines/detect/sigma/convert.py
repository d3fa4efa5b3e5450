"""From one Sigma file to rules that DuckDB runs, or to the reason why not."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
import yaml
from sigma.collection import SigmaCollection
from sigma.conditions import ConditionAND, ConditionFieldEqualsValueExpression, ConditionOR
from sigma.correlations import SigmaCorrelationRule
from sigma.exceptions import SigmaError
from sigma.processing.pipeline import ProcessingItem, ProcessingPipeline
from sigma.processing.transformations import FieldMappingTransformation
from sigma.rule import SigmaDetection
from sigma.rule import SigmaRule as ParsedRule
from sigma.types import SigmaString

from pipelines.detect.engine import RuleError
from pipelines.detect.matching.columns import lower, schema_of
from pipelines.detect.matching.rule import ANCHOR_LEAST, EventRule, best_anchors
from pipelines.detect.matching.trial import trial
from pipelines.detect.sigma.backend import DuckDBBackend, NoFieldError
from pipelines.detect.sigma.mapping import LogSource, Mapping, UnseenError, shipped
from pipelines.detect.sigma.repair import EventNumbers, Opened, Repair, event_numbers, straighten
from schema import behaviours

BEHAVIOUR_TAG: Final = "vonggac.behaviour."
FAMILY: Final = "sigma"
"""Scoring family of rules that name none."""
_TECHNIQUE: Final = re.compile(r"^attack\.(t\d{4}(?:\.\d{3})?)$")
_QUOTED: Final = re.compile(r"'([^']+)'")


class WindowError(ValueError):
    """The rule needs several events."""


FAILURES: Final = (ValueError, TypeError, NotImplementedError, KeyError, duckdb.Error, SigmaError)
"""What converting a rule may raise; SigmaError is a ValueError of pySigma's."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A converted rule and how it came about."""

    rule: EventRule
    conditions: list[Any]
    """Its conditions as trees of pySigma, in our columns."""
    repairs: tuple[str, ...]
    """What was written otherwise than the rule has it."""


def convert(path: Path, raw: bytes) -> tuple[list[EventRule], list[RuleError]]:
    """Every rule of one file; each that cannot be used is an error of its own."""
    rules: list[EventRule] = []
    errors: list[RuleError] = []
    try:
        text, parsed = parse(raw)
    except (SigmaError, UnicodeDecodeError, yaml.YAMLError) as error:
        return [], [RuleError(path.stem, path, yaml_line(error), one_line(error))]
    for rule in parsed.rules:
        name = str(getattr(rule, "name", None) or rule.id or path.stem)
        try:
            rules += [draft.rule for draft in drafts(rule, path, shipped())]
        except FAILURES as error:
            errors.append(RuleError(name, path, line_of(text, str(error)), one_line(error)))
    errors += [RuleError(path.stem, path, line_of(text, str(e)), one_line(e)) for e in parsed.errors]
    return rules, errors


def parse(raw: bytes) -> tuple[str, SigmaCollection]:
    """Text and rules of one file; raises SigmaError, UnicodeDecodeError, yaml.YAMLError."""
    text = raw.decode("utf-8")
    return text, SigmaCollection.from_yaml(text, collect_errors=True)


def drafts(rule: Any, path: Path, mapping: Mapping) -> list[Draft]:
    """One rule for each dataset that it may look at; raises one of ``FAILURES`` when the first cannot be made."""
    if isinstance(rule, SigmaCorrelationRule):
        raise WindowError("correlation rules need a window of time: write it as a behaviour rule")
    assert isinstance(rule, ParsedRule)
    if rule.errors:
        raise rule.errors[0]
    asked = {"category": rule.logsource.category, "product": rule.logsource.product, "service": rule.logsource.service}
    source = mapping.logsource({key: value for key, value in asked.items() if value})
    made = [_draft(copy.deepcopy(rule), path, source, mapping)]
    for other in source.also:
        with suppress(*FAILURES):
            made.append(_draft(copy.deepcopy(rule), path, other, mapping))
    return made


def _draft(rule: ParsedRule, path: Path, source: LogSource, mapping: Mapping) -> Draft:
    repairs: list[str] = []
    if not source.own:
        source = _put_into_our_words(rule, source, mapping, repairs)
    backend = DuckDBBackend(source.dataset, tuple(mapping.keywords.get(source.dataset, ())))
    queries = backend.convert(SigmaCollection([rule]))
    predicate = " OR ".join(f"({query})" for query in queries)
    trial(predicate, source.dataset, backend.needs)
    made = EventRule(
        path=str(path),
        dataset=source.dataset,
        predicate=predicate,
        needs=sorted(backend.needs),
        anchors=_anchors([condition.parsed for condition in rule.detection.parsed_condition], source.dataset),
        **_said(rule, path, source, mapping),
    )
    return Draft(
        made, [condition.parsed for condition in rule.detection.parsed_condition], tuple(dict.fromkeys(repairs))
    )


def _put_into_our_words(rule: ParsedRule, source: LogSource, mapping: Mapping, notes: list[str]) -> LogSource:
    """Field names, numbers of events and values as they are here; gives the dataset that was meant."""
    detections = rule.detection.detections.values()
    only: dict[int, AnyMapping[str, Any]] = {}
    if source.events:
        source, only = _of_events(set().union(*(event_numbers(one) for one in detections)), source)
    values = mapping.values
    unknown = sorted(_fields(detections) & set(values["on_machine"]) - set(source.fields))
    if unknown:
        raise NoFieldError(f"asks for '{unknown[0]}', which only a program on the machine itself knows")
    fields: dict[str | None, str | list[str]] = dict(source.fields.items())
    repair = Repair(values["repairs"], values["words"], values["bits"], values["computer_services"], notes)
    before = (EventNumbers(only), Opened(), FieldMappingTransformation(fields))
    ProcessingPipeline(items=[ProcessingItem(one) for one in before]).apply(rule)
    notes += straighten(detections, values["swapped"], values["interfaces"])
    ProcessingPipeline(items=[ProcessingItem(repair)]).apply(rule)
    return source


def _of_events(asked: set[int], source: LogSource) -> tuple[LogSource, dict[int, AnyMapping[str, Any]]]:
    unseen = sorted(asked - set(source.events))
    if unseen or not asked:
        raise UnseenError(
            f"the Windows event {unseen[0]} is not something that a network shows"
            if unseen
            else "no number of a Windows event that a network shows"
        )
    chosen = [source.events[number] for number in sorted(asked)]
    if len({one.dataset for one in chosen}) > 1:
        raise WindowError(
            f"combines the Windows events {', '.join(map(str, sorted(asked)))}: write it as a behaviour rule"
        )
    return chosen[0], {number: source.events[number].only for number in asked}


def _anchors(conditions: list[Any], dataset: str) -> list[list[str]]:
    """Texts of which every event that matches has at least one; none if nothing of the kind follows from the rule."""
    found = [_needed(condition, dataset) for condition in conditions]
    return [anchor for choice in found for anchor in choice] if all(found) else []


def _needed(node: Any, dataset: str) -> list[list[str]]:
    if isinstance(node, ConditionAND):
        return best_anchors([_needed(part, dataset) for part in node.args])
    if isinstance(node, ConditionOR):
        parts = [_needed(part, dataset) for part in node.args]
        return [anchor for part in parts for anchor in part] if all(parts) else []
    if isinstance(node, ConditionFieldEqualsValueExpression) and isinstance(node.value, SigmaString):
        kind = schema_of(dataset).field(node.field).type if node.field in schema_of(dataset).names else None
        texts = [part for part in node.value.s if isinstance(part, str)]
        longest = lower(max(texts, key=len, default=""))
        textual = kind is not None and pa.types.is_string(getattr(kind, "value_type", kind))
        return [[node.field, longest]] if textual and len(longest) >= ANCHOR_LEAST else []
    return []


def _fields(detections: Iterable[SigmaDetection]) -> set[str]:
    found: set[str] = set()
    for detection in detections:
        for item in detection.detection_items:
            found |= _fields([item]) if isinstance(item, SigmaDetection) else {item.field} if item.field else set()
    return found


def _said(rule: ParsedRule, path: Path, source: LogSource, mapping: Mapping) -> dict[str, Any]:
    """Texts, behaviour, severity and weight, from the rule or from the mapping."""
    own: dict[str, Any] = dict(rule.custom_attributes.get("vonggac", {}))
    tags = [str(tag) for tag in rule.tags]
    named = [tag.removeprefix(BEHAVIOUR_TAG) for tag in tags if tag.startswith(BEHAVIOUR_TAG)]
    behaviour = named[0] if named else mapping.behaviour(tags, source)
    if behaviour not in behaviours() or len(named) > 1:
        raise ValueError(f"a rule names one behaviour of schema/behaviours.yaml, not {named or [behaviour]}")
    level = rule.level.name.lower() if rule.level else ""
    texts = mapping.default["explanation"]
    return {
        "id": path.stem if own else str(rule.id or path.stem),
        "behaviour": behaviour,
        "severity": mapping.severities.get(level, mapping.default["severity"]),
        "title": own.get("title") or {"vi": rule.title, "en": rule.title},
        "explanation": own.get("explanation") or {k: v.replace("{rule}", rule.title) for k, v in texts.items()},
        "technique": [match[1].upper() for tag in tags if (match := _TECHNIQUE.match(tag))],
        "ratio": float(own.get("weight", mapping.default["weight"])),
        "family": str(own.get("family", FAMILY)),
        "half_life_hours": float(own.get("half_life_hours", 72)),
        "version": int(own.get("version", 1)),
        "deterministic": own.get("deterministic") is True,
        "server_acts": own.get("machine") == "destination",
    }


def line_of(text: str, message: str) -> int:
    """The line that a message is about: the first one with a name that it quotes."""
    for name in _QUOTED.findall(message):
        at = text.find(name)
        if at >= 0:
            return text.count("\n", 0, at) + 1
    return 1


def yaml_line(error: Exception) -> int | None:
    """The line that a parser stopped at."""
    mark = getattr(error, "problem_mark", None) or getattr(error.__cause__, "problem_mark", None)
    return mark.line + 1 if mark else None


def one_line(error: Exception) -> str:
    """Its message without breaks."""
    return " ".join(str(error).split()) or type(error).__name__
