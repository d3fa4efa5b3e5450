"""From one Sigma file to rules that DuckDB runs, or to the reason why not."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
import yaml
from sigma.collection import SigmaCollection
from sigma.correlations import SigmaCorrelationRule
from sigma.exceptions import SigmaError
from sigma.processing.pipeline import ProcessingItem, ProcessingPipeline
from sigma.processing.transformations import FieldMappingTransformation
from sigma.rule import SigmaRule as ParsedRule

from pipelines.detect.engine import RuleError
from pipelines.detect.sigma.backend import DuckDBBackend
from pipelines.detect.sigma.columns import ROW, derived
from pipelines.detect.sigma.compiled import SigmaRule
from pipelines.detect.sigma.mapping import LogSource, Mapping, shipped
from schema import DATASETS, behaviours

BEHAVIOUR_TAG: Final = "vonggac.behaviour."
FAMILY: Final = "sigma"
"""Scoring family of rules that name none."""
_TECHNIQUE: Final = re.compile(r"^attack\.(t\d{4}(?:\.\d{3})?)$")
_QUOTED: Final = re.compile(r"'([^']+)'")


def convert(path: Path, raw: bytes) -> tuple[list[SigmaRule], list[RuleError]]:
    """Every rule of one file; each that cannot be used is an error of its own."""
    try:
        text = raw.decode("utf-8")
        parsed = SigmaCollection.from_yaml(text, collect_errors=True)
    except (SigmaError, UnicodeDecodeError, yaml.YAMLError) as error:
        return [], [RuleError(path.stem, path, _yaml_line(error), _one_line(error))]
    rules: list[SigmaRule] = []
    errors: list[RuleError] = []
    for rule in parsed.rules:
        name = str(getattr(rule, "name", None) or rule.id or path.stem)
        try:
            rules.append(_convert(rule, path, shipped()))
        except (ValueError, TypeError, NotImplementedError, KeyError, duckdb.Error) as error:
            errors.append(RuleError(name, path, _line(text, str(error)), _one_line(error)))
    errors += [RuleError(path.stem, path, _line(text, str(e)), _one_line(e)) for e in parsed.errors]
    return rules, errors


def _convert(rule: Any, path: Path, mapping: Mapping) -> SigmaRule:
    if isinstance(rule, SigmaCorrelationRule):
        raise ValueError("correlation rules need a window of time: write it as a behaviour rule")
    assert isinstance(rule, ParsedRule)
    if rule.errors:
        raise rule.errors[0]
    asked = {"category": rule.logsource.category, "product": rule.logsource.product, "service": rule.logsource.service}
    source = mapping.logsource({key: value for key, value in asked.items() if value})
    predicate, needs = _predicate(rule, source, mapping)
    return SigmaRule(
        path=str(path), dataset=source.dataset, predicate=predicate, needs=needs, **_said(rule, path, source, mapping)
    )


def _predicate(rule: ParsedRule, source: LogSource, mapping: Mapping) -> tuple[str, list[str]]:
    fields: dict[str | None, str | list[str]] = dict(source.fields.items())
    pipeline = ProcessingPipeline(items=[ProcessingItem(FieldMappingTransformation(fields))])
    backend = DuckDBBackend(source.dataset, tuple(mapping.keywords.get(source.dataset, ())))
    backend.processing_pipeline = pipeline
    queries = backend.convert(SigmaCollection([rule]))
    predicate = " OR ".join(f"({query})" for query in queries)
    _try(predicate, source.dataset, backend.needs)
    return predicate, sorted(backend.needs)


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


def _try(predicate: str, dataset: str, needs: set[str]) -> None:
    """Run it on no rows: what DuckDB refuses (a regular expression of another dialect) is found now, not on live traffic."""
    connection = _scratch()
    empty = derived(DATASETS[dataset].empty_table(), needs)
    one = pa.table({name: pa.nulls(1, empty.schema.field(name).type) for name in empty.column_names})
    connection.register("fresh", one)
    connection.execute(f'SELECT "{ROW}" FROM fresh WHERE {predicate}')


@cache
def _scratch() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(":memory:", config={"enable_external_access": "false", "threads": "1"})


def _line(text: str, message: str) -> int:
    """The line that a message is about: the first one with a name that it quotes."""
    for name in _QUOTED.findall(message):
        at = text.find(name)
        if at >= 0:
            return text.count("\n", 0, at) + 1
    return 1


def _yaml_line(error: Exception) -> int | None:
    mark = getattr(error, "problem_mark", None) or getattr(error.__cause__, "problem_mark", None)
    return mark.line + 1 if mark else None


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
