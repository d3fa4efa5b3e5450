"""Units: the tree, one unit, and taking the register out and in as a spreadsheet."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from typing import Annotated, Final, Literal

from fastapi import File, Form, Path, UploadFile
from fastapi.responses import Response
from pydantic import BaseModel

from dashboards.console.access import Needs, needs
from dashboards.console.page import Area
from dashboards.console.reading import units
from dashboards.console.visit import Visiting
from pipelines.units import exchange, register

area = Area()
KINDS: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class UnitDifference(BaseModel):
    """One column of one version."""

    column: str
    before: str
    after: str


class UnitChange(BaseModel):
    """What an import does to one version of a unit."""

    kind: Literal["added", "removed", "changed"]
    unit: str
    name: str
    since: str
    differences: list[UnitDifference]


class UnitImport(BaseModel):
    """What a file would change, or why it cannot be taken."""

    changes: list[UnitChange]
    mistakes: list[str]
    content: str = ""
    """The file itself (base64), so that confirming takes exactly what was shown."""
    done: bool = False
    next: str = "/units"


@area.page("/units", Needs.UNITS, "units.html")
def unit_tree(visit: Visiting) -> units.UnitTree:
    """The tree of units with the state of their machines."""
    return units.tree(visit)


@area.page("/units/{identity}", Needs.UNITS, "unit.html")
def unit_page(visit: Visiting, identity: Annotated[str, Path(max_length=64)]) -> units.UnitPage:
    """One unit: contacts, ranges, machines, administrators, how it was before."""
    return units.one(visit, identity)


@area.action("/units/look", Needs.UNITS_CHANGE, "unit_import.html", shown=True)
def look(visit: Visiting, file: Annotated[UploadFile, File()]) -> UnitImport:
    """Show what a spreadsheet would change; nothing is changed."""
    raw = file.file.read()
    with visit.console.database.session() as session:
        present = register.read(session).versions
    try:
        return _shown(exchange.compare(present, exchange.read(raw)), raw)
    except register.UnitError as error:
        return _refused(error)


@area.action("/units/import", Needs.UNITS_CHANGE, "unit_import.html", shown=True)
def take(visit: Visiting, content: Annotated[str, Form(max_length=400_000)]) -> UnitImport:
    """Make the register what the spreadsheet says."""
    try:
        raw = base64.b64decode(content, validate=True)
    except binascii.Error:
        return UnitImport(changes=[], mistakes=["base64"])
    with visit.console.database.transaction() as session:
        try:
            units = exchange.read(raw)
            changes = exchange.compare(register.read(session).versions, units)
            register.replace(session, units)
        except register.UnitError as error:
            return _refused(error)
        visit.record(session, "import_units", "units", **exchange.summary(changes))
    return _shown(changes, raw).model_copy(update={"done": True})


def _refused(error: register.UnitError) -> UnitImport:
    return UnitImport(changes=[], mistakes=str(error).splitlines())


def _shown(changes: Iterable[exchange.Change], raw: bytes) -> UnitImport:
    shown = [
        UnitChange(
            kind=one.kind,
            unit=one.unit,
            name=one.name,
            since=one.since,
            differences=[UnitDifference(column=column, before=was, after=now) for column, was, now in one.differences],
        )
        for one in changes
    ]
    return UnitImport(changes=shown, mistakes=[], content=base64.b64encode(raw).decode())


@needs(Needs.UNITS_CHANGE)
def export(visit: Visiting, kind: Literal["csv", "xlsx"]) -> Response:
    """The register as a spreadsheet."""
    with visit.console.database.transaction() as session:
        tree = register.read(session)
        visit.record(session, "export_units", "units", kind=kind)
    content = exchange.to_xlsx(tree) if kind == "xlsx" else exchange.to_csv(tree).encode()
    head = {"content-disposition": f'attachment; filename="vonggac-units.{kind}"'}
    return Response(content, media_type=KINDS[kind], headers=head)


area.router.add_api_route("/units.{kind}", export, methods=["GET"], include_in_schema=False)
area.router.add_api_route("/api/v1/units.{kind}", export, methods=["GET"], name="export_units", response_class=Response)
