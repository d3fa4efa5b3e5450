"""Takes over files of signatures: translates what single events can answer, and says of each what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import duckdb

from pipelines.detect.importing import source
from pipelines.detect.importing.outcome import USED, Outcome, Report, Status, doubles
from pipelines.detect.matching.rule import EventRule
from pipelines.detect.suricata.asked import Lists
from pipelines.detect.suricata.buffer import UntranslatableError
from pipelines.detect.suricata.mapping import Mapping, shipped
from pipelines.detect.suricata.positive import proved
from pipelines.detect.suricata.signature import Signature, Unreadable, signatures
from pipelines.detect.suricata.translate import FAILURES, ID, translate

SUFFIXES: Final = (".rules", ".md5", ".sha1", ".sha256", ".list", ".txt")
"""Signatures, and the lists of hashes that they name."""
_SIGNATURES: Final = ".rules"


def read(
    paths: Sequence[Path], name: str, show: Callable[[str, int], None] = lambda *_: None
) -> tuple[Report, dict[str, bytes]]:
    """What became of every signature, and the files with those that are used; raises SourceError."""
    mapping = shipped()
    outcomes: list[Outcome] = []
    read_files: list[source.RuleFile] = []
    for path in paths:
        for file in source.files(path, SUFFIXES):
            if isinstance(file, source.Refused):
                outcomes.append(Outcome("", "", file.name, None, "wrong", file.reason))
            else:
                read_files.append(file)
    lists = {Path(file.name).name: file.raw for file in read_files if not file.name.endswith(_SIGNATURES)}
    lines: dict[str, dict[str, str]] = {}
    needed: set[str] = set()
    for file in read_files:
        if not file.name.endswith(_SIGNATURES):
            continue
        for count, (outcome, raw, asked) in enumerate(_file(file, mapping, lists)):
            show(file.name, count)
            outcomes.append(outcome)
            if outcome.status in USED:
                lines.setdefault(file.name, {}).setdefault(outcome.rule, raw)
                needed |= asked
    outcomes = doubles(outcomes)
    contents = {place: "\n".join(rules.values()).encode() + b"\n" for place, rules in lines.items()}
    beside = {str(Path(place).parent) for place in lines}
    for folder in beside:
        contents |= {str(Path(folder) / one): lists[one] for one in needed}
    return Report(name, "suricata", outcomes), contents


def _file(file: source.RuleFile, mapping: Mapping, lists: dict[str, bytes]) -> Iterator[tuple[Outcome, str, set[str]]]:
    for one in signatures(source.text(file.raw)):
        if isinstance(one, Unreadable):
            status: Status = "withdrawn" if one.disabled else "wrong"
            yield Outcome("", "", file.name, one.line, status, one.reason), one.raw, set()
            continue
        asked: set[str] = set()
        yield _signature(file, one, mapping, lists, asked), one.raw, asked


def _signature(
    file: source.RuleFile, signature: Signature, mapping: Mapping, lists: dict[str, bytes], asked: set[str]
) -> Outcome:
    def listed(name: str) -> bytes | None:
        base = Path(name).name
        if base in lists:
            asked.add(base)
        return lists.get(base)

    identifier, title = f"{ID}{signature.sid}", signature.message
    try:
        rule = translate(signature, Path(file.name), mapping, listed)
    except FAILURES as error:
        status: Status = error.kind if isinstance(error, UntranslatableError) else "wrong"  # type: ignore[assignment]
        return Outcome(identifier, title, file.name, signature.line, status, " ".join(str(error).split()))
    found = _proof(signature, rule, mapping, listed)
    notes = "only sets a mark for other signatures" if rule.silent else ""
    return Outcome(
        identifier,
        title,
        file.name,
        signature.line,
        "proved" if found else "used",
        notes or ("" if found else "no event could be made for it"),
        rule.dataset,
        rule.behaviour,
        rule.severity,
    )


def _proof(signature: Signature, rule: EventRule, mapping: Mapping, listed: Lists) -> bool:
    try:
        return proved(signature, rule, mapping, listed)
    except (ValueError, OverflowError, TypeError, duckdb.Error):
        return False
