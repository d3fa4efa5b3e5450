"""What became of each rule of an import: used, or not, and why."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Final, Literal

from pipelines.detect.rulefiles import write_atomically
from pipelines.spreadsheet import inert

Status = Literal[
    "proved", "used", "off", "elsewhere", "field", "window", "never", "content", "withdrawn", "double", "wrong"
]
STATUSES: Final[Mapping[Status, Mapping[str, str]]] = {
    "proved": {"vi": "dùng được, đã thử khớp", "en": "used, proved by an event of its own"},
    "used": {"vi": "dùng được, chưa thử", "en": "used, not proved"},
    "off": {"vi": "bị tắt vì quá chậm", "en": "switched off: too slow"},
    "elsewhere": {"vi": "không phải dữ liệu mạng", "en": "not about what a network shows"},
    "field": {"vi": "cần trường mà cảm biến không thấy", "en": "asks for what the sensor does not see"},
    "window": {"vi": "cần đếm theo thời gian", "en": "counts over time: write a behaviour rule"},
    "never": {"vi": "không bao giờ khớp được", "en": "can never match"},
    "content": {"vi": "cần nội dung gói tin thô", "en": "looks into raw packets, which are not kept"},
    "withdrawn": {"vi": "tác giả đã rút", "en": "withdrawn by its authors"},
    "double": {"vi": "trùng với luật khác", "en": "the same as another rule"},
    "wrong": {"vi": "luật viết sai", "en": "cannot be read"},
}
"""Status → words; in the order in which they are told."""
USED: Final[frozenset[Status]] = frozenset({"proved", "used"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """One rule, or one file that holds none that can be read."""

    rule: str
    title: str
    file: str
    line: int | None
    status: Status
    reason: str = ""
    """Why it is not used; for a rule that is used, what was repaired and what it leaves out."""
    dataset: str = ""
    behaviour: str = ""
    severity: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was said about one set."""

    name: str
    kind: str
    outcomes: Sequence[Outcome]

    def counts(self) -> dict[Status, int]:
        """Rules by status, in the order of ``STATUSES``."""
        found = Counter(outcome.status for outcome in self.outcomes)
        return {status: found[status] for status in STATUSES if found[status]}

    @property
    def used(self) -> list[Outcome]:
        """Rules that run."""
        return [outcome for outcome in self.outcomes if outcome.status in USED]

    def json(self) -> str:
        """For programs."""
        return json.dumps(
            {"format": 1, "name": self.name, "kind": self.kind, "rules": [asdict(one) for one in self.outcomes]},
            ensure_ascii=False,
            indent=1,
        )

    def csv(self, language: str) -> str:
        """For spreadsheets; values that a spreadsheet would calculate with are made plain text."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow([field.name for field in fields(Outcome)])
        for one in self.outcomes:
            row = asdict(one) | {"status": STATUSES[one.status][language]}
            writer.writerow([inert("" if value is None else str(value)) for value in row.values()])
        return out.getvalue()

    def write(self, path: Path, language: str) -> None:
        """As ``.csv`` or else as JSON; raises OSError."""
        text = self.csv(language) if path.suffix.lower() == ".csv" else self.json()
        write_atomically(path, text.encode("utf-8-sig" if path.suffix.lower() == ".csv" else "utf-8"))


def doubles(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The same list, with a used rule whose id an earlier used one has told as a double."""
    seen: dict[str, Outcome] = {}
    told = []
    for one in outcomes:
        if one.status in USED and one.rule in seen:
            first = seen[one.rule]
            told.append(Outcome(one.rule, one.title, one.file, one.line, "double", f"has the id of {first.file}"))
            continue
        if one.status in USED:
            seen[one.rule] = one
        told.append(one)
    return told
