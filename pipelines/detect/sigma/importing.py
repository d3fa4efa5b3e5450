"""Takes over a set of Sigma rules: converts what is about network data, proves it, and says of each rule what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import duckdb
import yaml
from sigma.exceptions import SigmaError

from pipelines.detect.importing import source
from pipelines.detect.importing.outcome import USED, Outcome, Report, Status, doubles
from pipelines.detect.sigma.backend import NoFieldError
from pipelines.detect.sigma.convert import FAILURES, Draft, WindowError, drafts, line_of, one_line, parse, yaml_line
from pipelines.detect.sigma.mapping import Mapping, UnseenError, shipped
from pipelines.detect.sigma.positive import NEVER, positive

SUFFIXES: Final = (".yml", ".yaml")
_WITHDRAWN: Final = frozenset({"deprecated", "unsupported"})


def read(path: Path, name: str, show: Callable[[str, int], None] = lambda *_: None) -> tuple[Report, dict[str, bytes]]:
    """What became of every rule below ``path``, and the files of those that are used; raises SourceError.

    ``show`` is told the file and how many have been read.
    """
    mapping = shipped()
    outcomes: list[Outcome] = []
    contents: dict[str, bytes] = {}
    for count, file in enumerate(source.files(path, SUFFIXES)):
        show(file.name, count)
        if isinstance(file, source.Refused):
            outcomes.append(Outcome("", "", file.name, None, "wrong", file.reason))
            continue
        told = list(_file(file, mapping))
        outcomes += told
        if any(one.status in USED for one in told):
            contents[file.name.removesuffix(".yaml").removesuffix(".yml") + ".yml"] = file.raw
    outcomes = doubles(outcomes)
    needed = {one.file for one in outcomes if one.status in USED}
    kept = {place: raw for place, raw in contents.items() if place in needed or place[:-4] + ".yaml" in needed}
    return Report(name, "sigma", outcomes), kept


def _file(file: source.RuleFile, mapping: Mapping) -> Iterator[Outcome]:
    if b"detection" not in file.raw and b"correlation" not in file.raw:
        return  # a workflow, a configuration
    try:
        text, parsed = parse(file.raw)
    except (SigmaError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        yield Outcome("", "", file.name, yaml_line(error), "wrong", one_line(error))
        return
    for rule in parsed.rules:
        yield _rule(file, text, rule, mapping)
    for wrong in parsed.errors:
        yield Outcome("", "", file.name, line_of(text, str(wrong)), "wrong", one_line(wrong))


def _rule(file: source.RuleFile, text: str, rule: Any, mapping: Mapping) -> Outcome:
    title = str(getattr(rule, "title", "") or "")
    identifier = str(rule.id or Path(file.name).stem)
    try:
        if _status(rule) in _WITHDRAWN:
            return Outcome(identifier, title, file.name, 1, "withdrawn", f"has the status {_status(rule)}")
        made = drafts(rule, Path(file.name), mapping)
    except FAILURES as error:
        return Outcome(identifier, title, file.name, line_of(text, str(error)), _why(error), one_line(error))
    proofs = [_proof(draft, mapping) for draft in made]
    first = made[0].rule
    status: Status = "proved" if any(not reason for reason in proofs) else "used"
    reason = "; ".join(dict.fromkeys(note for draft in made for note in draft.repairs))
    if status == "used":
        reason = proofs[0]
        if reason.startswith(NEVER):
            status = "never"
    where = "+".join(draft.rule.dataset for draft in made)
    return Outcome(first.id, title, file.name, 1, status, reason, where, first.behaviour, first.severity)


def _proof(draft: Draft, mapping: Mapping) -> str:
    """ "" when an event made from the rule's own conditions matches it, else why not."""
    keywords = mapping.keywords.get(draft.rule.dataset, ())
    try:
        found = positive(draft.rule, draft.conditions, keywords, mapping.shapes)
    except (ValueError, OverflowError, TypeError, duckdb.Error) as error:
        return f"no event could be made for it: {one_line(error)}"
    return found.reason


def _status(rule: Any) -> str:
    status = getattr(rule, "status", None)
    return str(status.name).lower() if status is not None else ""


def _why(error: Exception) -> Status:
    if isinstance(error, UnseenError):
        return "elsewhere"
    if isinstance(error, NoFieldError):
        return "field"
    return "window" if isinstance(error, WindowError) else "wrong"
