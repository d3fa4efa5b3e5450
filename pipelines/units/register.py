"""The register of units in the state database: what holds for pipeline, console and letters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from pipelines.settings import Unit
from pipelines.store.state.units import UnitVersion
from pipelines.units.tree import LOCAL_TIME, Tree, faults


class UnitError(Exception):
    """The change cannot be made; one line for each reason."""


def today() -> date:
    """The day at the site."""
    return datetime.now(LOCAL_TIME).date()


def read(session: Session) -> Tree:
    """Every version of every unit."""
    return Tree(_unit(row) for row in session.scalars(select(UnitVersion)))


def stamp(session: Session) -> tuple[int, datetime | None]:
    """Changes whenever the register does: how many versions, and when the last was written."""
    count, newest = session.execute(select(func.count(), func.max(UnitVersion.updated_at))).one()
    return count, newest


def begin(session: Session, units: Iterable[Unit]) -> bool:
    """Fill an empty register with the units of the configuration; whether that was done. Raises UnitError."""
    if session.scalar(select(func.count()).select_from(UnitVersion)):
        return False
    given = list(units)
    replace(session, given)
    return bool(given)


def replace(session: Session, versions: Iterable[Unit]) -> None:
    """Make the register hold exactly these versions. Raises UnitError and changes nothing if they make no tree."""
    wanted = list(versions)
    if wrong := faults(wanted):
        raise UnitError("\n".join(wrong))
    session.execute(delete(UnitVersion))
    session.add_all(_row(unit) for unit in wanted)
    session.flush()


def change(session: Session, unit: Unit, day: date) -> None:
    """From ``day`` on the unit is as given (``since`` and ``until`` of it are not looked at); its past stays.
    Raises UnitError.
    """
    kept = [one for one in read(session).versions if one.id != unit.id or _before(one, day)]
    ended = [_until(one, day) if one.id == unit.id and (one.until or date.max) > day else one for one in kept]
    first = None if not any(one.id == unit.id for one in ended) and day == date.min else day
    replace(session, [*ended, unit.model_copy(update={"since": first, "until": None})])


def close(session: Session, unit_id: str, day: date) -> None:
    """The unit exists no more from ``day`` on. Raises UnitError, also while others stand below it."""
    versions = read(session).versions
    if not any(one.id == unit_id for one in versions):
        raise UnitError(f"{unit_id}: no such unit; `vonggac unit list` shows all")
    kept = [one for one in versions if one.id != unit_id or _before(one, day)]
    replace(session, [_until(one, day) if one.id == unit_id else one for one in kept])


def _before(unit: Unit, day: date) -> bool:
    return (unit.since or date.min) < day


def _until(unit: Unit, day: date) -> Unit:
    return unit if unit.until is not None and unit.until <= day else unit.model_copy(update={"until": day})


def _unit(row: UnitVersion) -> Unit:
    return Unit.model_validate({**row.content, "id": row.unit, "since": row.since, "until": row.until})


def _row(unit: Unit) -> UnitVersion:
    content = unit.model_dump(mode="json", exclude={"id", "since", "until"}, exclude_defaults=True)
    return UnitVersion(unit=unit.id, since=unit.since, until=unit.until, content=content)
