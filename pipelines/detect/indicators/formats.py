"""Files of indicators: plain lists, CSV, STIX 2.1 bundles, MISP events and feeds. One bad line never stops the others."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pipelines.detect.engine import RuleError
from pipelines.detect.finding import SEVERITIES, Severity
from pipelines.detect.indicators.indicator import KINDS, Indicator, Kind, classified, normal

SUFFIXES: Final = (".txt", ".csv", ".json")
ERRORS_MOST: Final = 100
"""Errors told of one file: a file of another format would give one a line."""
_MISP: Final[Mapping[str, Kind]] = {
    "ip-src": "ip", "ip-dst": "ip", "domain": "domain", "hostname": "domain", "url": "url", "uri": "url", "md5": "md5",
    "sha1": "sha1", "sha256": "sha256", "ja3-fingerprint-md5": "ja3", "x509-fingerprint-sha1": "certificate",
    "x509-fingerprint-sha256": "certificate",
}  # fmt: skip
"""MISP attribute types that a network shows (MISP core format, "type")."""
_STIX: Final[Mapping[str, Kind]] = {
    "ipv4-addr:value": "ip", "ipv6-addr:value": "ip", "domain-name:value": "domain", "url:value": "url",
    "file:hashes.md5": "md5", "file:hashes.sha-1": "sha1", "file:hashes.sha1": "sha1", "file:hashes.sha-256": "sha256",
    "file:hashes.sha256": "sha256", "x509-certificate:hashes.sha-1": "certificate",
    "x509-certificate:hashes.sha-256": "certificate",
}  # fmt: skip
"""Observable paths of STIX 2.1 patterns, lower case, without quotes."""


def read(path: Path, raw: bytes) -> tuple[list[Indicator], list[RuleError]]:
    """Every indicator of one file, and every line that is none."""
    try:
        text = raw.decode("utf-8-sig")
        entries = _entries(path, text)
        found = list(entries)
    except UnicodeDecodeError:
        return [], [RuleError(path.stem, path, 1, "is not UTF-8 text; save it as UTF-8")]
    except json.JSONDecodeError as error:
        return [], [RuleError(path.stem, path, error.lineno, f"is not JSON: {error.msg}")]
    except ValueError as error:
        return [], [RuleError(path.stem, path, 1, str(error))]
    errors = [entry for entry in found if isinstance(entry, RuleError)]
    if len(errors) > ERRORS_MOST:
        more = RuleError(path.stem, path, None, f"{len(errors) - ERRORS_MOST} further lines are no indicators")
        errors = [*errors[:ERRORS_MOST], more]
    return [entry for entry in found if isinstance(entry, Indicator)], errors


def _entries(path: Path, text: str) -> Iterator[Indicator | RuleError]:
    if path.suffix == ".json":
        document = json.loads(text)
        if isinstance(document, dict) and document.get("type") == "bundle":
            return _stix(path, text, document)
        if isinstance(document, dict) and ("Event" in document or "response" in document):
            return _misp(path, text, document)
        raise ValueError("is neither a STIX 2.1 bundle nor a MISP event; see docs/guides/en/indicators.md")
    return _csv(path, text) if path.suffix == ".csv" else _plain(path, text)


def _plain(path: Path, text: str) -> Iterator[Indicator | RuleError]:
    """One value a line; ``#`` begins a comment."""
    for number, line in enumerate(text.splitlines(), 1):
        value = line.split("#", 1)[0].strip()
        if value:
            yield _one(path, number, None, value, "", "medium")


def _csv(path: Path, text: str) -> Iterator[Indicator | RuleError]:
    """Columns ``value`` and, if wanted, ``type``, ``label``, ``severity``, in any order, named in the first line."""
    rows = csv.DictReader(io.StringIO(text))
    if "value" not in (rows.fieldnames or ()):
        raise ValueError("has no column 'value'; the first line names the columns value, type, label, severity")
    for row in rows:
        kind = (row.get("type") or "").strip().lower() or None
        severity = (row.get("severity") or "medium").strip().lower()
        if kind is not None and kind not in KINDS:
            yield RuleError(path.stem, path, rows.line_num, f"unknown type {kind!r}: take one of {', '.join(KINDS)}")
        elif severity not in SEVERITIES:
            yield RuleError(
                path.stem, path, rows.line_num, f"unknown severity {severity!r}: low, medium, high or critical"
            )
        else:
            value = row.get("value") or ""
            yield _one(path, rows.line_num, _kind(kind), value, (row.get("label") or "").strip(), _severity(severity))


def _stix(path: Path, text: str, bundle: Mapping[str, Any]) -> Iterator[Indicator | RuleError]:
    """Indicators whose pattern is one or several equalities joined by OR; others need more than one event to decide."""
    for item in bundle.get("objects", []):
        if item.get("type") != "indicator" or item.get("revoked"):
            continue
        line = _line(text, str(item.get("id", "")))
        try:
            comparisons = _comparisons(str(item.get("pattern", "")))
        except ValueError as error:
            yield RuleError(path.stem, path, line, f"{item.get('id')}: {error}")
            continue
        for kind, value in comparisons:
            yield _one(path, line, kind, value, str(item.get("name", "")), "medium")


def _comparisons(pattern: str) -> list[tuple[Kind, str]]:
    """(kind, value) of each equality; ValueError for a pattern that one event cannot satisfy."""
    if re.search(r"\]\s*(AND|FOLLOWEDBY)\s*\[|\sAND\s", pattern):
        raise ValueError("the pattern asks for several things together; only alternatives joined by OR are used")
    found: list[tuple[Kind, str]] = []
    for path, value in re.findall(r"([a-z0-9-]+:[A-Za-z0-9_.'\"-]+)\s*=\s*'((?:[^'\\]|\\.)*)'", pattern):
        kind = _STIX.get(path.replace("'", "").replace('"', "").lower())
        if kind is None:
            raise ValueError(f"{path} is nothing that a network shows")
        plain = re.sub(r"\\(.)", r"\1", value)
        found.append(("network" if kind == "ip" and "/" in plain else kind, plain))
    if not found:
        raise ValueError("the pattern holds no equality that is understood")
    return found


def _misp(path: Path, text: str, document: Mapping[str, Any]) -> Iterator[Indicator | RuleError]:
    """Attributes marked for detection (``to_ids``), also those inside objects."""
    events = document.get("response", [document])
    for wrapped in events:
        event = wrapped.get("Event", wrapped)
        attributes = [
            *event.get("Attribute", []),
            *(a for o in event.get("Object", []) for a in o.get("Attribute", [])),
        ]
        for attribute in attributes:
            if not attribute.get("to_ids") or attribute.get("deleted"):
                continue
            kind, value = _misp_kind(str(attribute.get("type", "")), str(attribute.get("value", "")))
            if kind is not None:
                line = _line(text, str(attribute.get("uuid", "")))
                yield _one(path, line, kind, value, str(event.get("info", "")), "medium")


def _misp_kind(kind: str, value: str) -> tuple[Kind | None, str]:
    """Composite types (``filename|sha256``, ``domain|ip``, ``ip-dst|port``) give the half that a network shows."""
    if "|" in kind:
        first, second = kind.split("|", 1)
        left, _, right = value.partition("|")
        return (_MISP[second], right) if second in _MISP and first == "filename" else (_MISP.get(first), left)
    found = _MISP.get(kind)
    return ("network" if found == "ip" and "/" in value else found), value


def _one(path: Path, line: int, kind: Kind | None, value: str, label: str, severity: Severity) -> Indicator | RuleError:
    try:
        known, text = classified(value) if kind is None else (kind, normal(kind, value))
    except ValueError as error:
        return RuleError(path.stem, path, line, str(error))
    return Indicator(known, text, path.name, line, label[:200], severity)


def _kind(text: str | None) -> Kind | None:
    return next((kind for kind in KINDS if kind == text), None)


def _severity(text: str) -> Severity:
    return next((severity for severity in SEVERITIES if severity == text), "medium")


def _line(text: str, quoted: str) -> int:
    at = text.find(quoted) if quoted else -1
    return text.count("\n", 0, at) + 1 if at >= 0 else 1
