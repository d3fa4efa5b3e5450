"""The register of units as a spreadsheet, CSV or XLSX, out and in again.

One row a version; whoever changes the file in an office program and gives it back sees first what would change.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from pydantic import ValidationError

from pipelines.settings import Contact, Unit
from pipelines.spreadsheet import MARK, inert, plain
from pipelines.units.register import UnitError
from pipelines.units.tree import FIRST, Tree, faults

COLUMNS: Final = ("id", "name", "parent", "since", "until", "level", "networks", "vlans", "contacts")
ROWS_MOST: Final = 20_000
"""Versions in one file: 3,321 communes several times over."""
UNPACKED_MOST: Final = 64 << 20
"""Bytes of an unpacked XLSX: a zip bomb is refused by its directory."""


@dataclass(frozen=True, slots=True)
class Change:
    """What an import would do to one version of one unit."""

    kind: Literal["added", "removed", "changed"]
    unit: str
    name: str
    since: str
    differences: tuple[tuple[str, str, str], ...]
    """(column, before, after) of what changes."""


def to_csv(tree: Tree) -> str:
    """The register as CSV."""
    out = io.StringIO()
    out.write(MARK)
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([inert(cell) for cell in _cells(unit)] for unit in tree.versions)
    return out.getvalue()


def to_xlsx(tree: Tree) -> bytes:
    """The register as an XLSX workbook."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("units")
    sheet.append(COLUMNS)
    for unit in tree.versions:
        sheet.append([inert(cell) for cell in _cells(unit)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(content: bytes) -> list[Unit]:
    """The versions in a CSV or XLSX file, told apart by content. Raises UnitError with a line for each row that is
    wrong; nothing is taken from a file that has one.
    """
    rows = _xlsx(content) if content.startswith(b"PK") else _csv(content)
    if not rows or "id" not in rows[0] or "name" not in rows[0]:
        raise UnitError(f"row 1: the columns id and name are missing; expected are {', '.join(COLUMNS)}")
    if unknown := [name for name in rows[0] if name and name not in COLUMNS]:
        raise UnitError(f"row 1: column {unknown[0]!r} is unknown; expected are {', '.join(COLUMNS)}")
    units: list[Unit] = []
    wrong: list[str] = []
    for number, row in enumerate(rows[1:], 2):
        if any(row):
            try:
                units.append(_unit(dict(zip(rows[0], row, strict=False))))
            except (ValidationError, ValueError) as error:
                wrong.append(f"row {number}: {_reason(error)}")
    if wrong := wrong or faults(units):
        raise UnitError("\n".join(wrong))
    return units


def compare(before: Iterable[Unit], after: Iterable[Unit]) -> list[Change]:
    """Every difference between two registers, by unit and day."""
    old = {(unit.id, unit.since or FIRST): unit for unit in before}
    new = {(unit.id, unit.since or FIRST): unit for unit in after}
    keys = sorted(old.keys() | new.keys())
    return [_change(old.get(key), new.get(key)) for key in keys if old.get(key) != new.get(key)]


def summary(changes: Iterable[Change]) -> dict[str, list[str]]:
    """Kind of change → units, for the audit log."""
    found: dict[str, list[str]] = {}
    for change in changes:
        found.setdefault(change.kind, []).append(change.unit)
    return found


def _change(old: Unit | None, new: Unit | None) -> Change:
    told = new or old
    assert told is not None  # one of the two exists, or there was no difference
    cells = [_cells(unit) if unit else [""] * len(COLUMNS) for unit in (old, new)]
    pairs = zip(COLUMNS, *cells, strict=True)
    differences = tuple((name, was, now) for name, was, now in pairs if was != now and name != "id")
    kind: Literal["added", "removed", "changed"] = "added" if old is None else "removed" if new is None else "changed"
    return Change(kind, told.id, told.name, str(told.since or ""), differences)


def _cells(unit: Unit) -> list[str]:
    contacts = "; ".join(
        " | ".join((one.name, one.title, ", ".join(one.phones), one.email)).rstrip(" |") for one in unit.contacts
    )
    return [
        unit.id,
        unit.name,
        unit.parent or "",
        str(unit.since or ""),
        str(unit.until or ""),
        str(unit.level or ""),
        " ".join(map(str, unit.networks)),
        " ".join(map(str, unit.vlans)),
        contacts,
    ]


def _unit(row: dict[str, str]) -> Unit:
    values: dict[str, Any] = {name: value for name, value in row.items() if name and value}
    for name in ("networks", "vlans"):
        values[name] = values.get(name, "").replace(",", " ").split()
    values["contacts"] = [_contact(text) for text in values.get("contacts", "").split(";") if text.strip()]
    return Unit.model_validate(values)


def _contact(text: str) -> Contact:
    name, title, phones, email, *_more = [*(part.strip() for part in text.split("|")), "", "", ""]
    return Contact(name=name, title=title, phones=tuple(p.strip() for p in phones.split(",") if p.strip()), email=email)


def _reason(error: ValidationError | ValueError) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg'].removeprefix('Value error, ')}"
    return str(error)


def _csv(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnitError("the file is neither XLSX nor UTF-8 text; save it as “CSV UTF-8”") from error
    separator = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    return _bounded(
        [[plain(cell.strip()) for cell in row] for row in csv.reader(io.StringIO(text), delimiter=separator)]
    )


def _xlsx(content: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > UNPACKED_MOST:
                raise UnitError(f"the workbook unpacks to more than {UNPACKED_MOST >> 20} MiB; give only the table")
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        rows = sheet.iter_rows(values_only=True, max_row=ROWS_MOST + 2, max_col=len(COLUMNS) + 10)
        return _bounded([[plain(_text(cell).strip()) for cell in row] for row in rows])
    except (zipfile.BadZipFile, InvalidFileException, KeyError, OSError) as error:
        raise UnitError("the file is no XLSX workbook that can be read; save it anew or as “CSV UTF-8”") from error


def _text(cell: object) -> str:
    """Office programs turn days into moments and numbers into fractions."""
    if cell is None:
        return ""
    if hasattr(cell, "date"):
        return str(cell.date())
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _bounded(rows: Sequence[list[str]]) -> list[list[str]]:
    if len(rows) > ROWS_MOST + 1:
        raise UnitError(f"the file has more than {ROWS_MOST} rows; give only the units")
    return list(rows)
