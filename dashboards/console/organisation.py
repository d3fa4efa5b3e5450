"""The units of today, read again only when the register has changed: every page names some."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from pipelines.settings import Unit
from pipelines.store.state.database import Database
from pipelines.units import Tree, register


class Organisation:
    """One for each console; threads may share it, because what it holds is replaced as a whole."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: tuple[tuple[int, datetime | None], date, Tree, dict[str, Unit]] | None = None

    def below(self, session: Session, ids: list[str]) -> frozenset[str]:
        """These units and everything below them today."""
        _, day, tree, _ = self._current(session)
        return tree.below(ids, day)

    def names(self) -> dict[str, str]:
        """Id → full name of the units of today."""
        with self._database.session() as session:
            return {identity: unit.name for identity, unit in self._current(session)[3].items()}

    def _current(self, session: Session) -> tuple[tuple[int, datetime | None], date, Tree, dict[str, Unit]]:
        stamp, day = register.stamp(session), register.today()
        if self._known is None or self._known[:2] != (stamp, day):
            tree = register.read(session)
            self._known = (stamp, day, tree, tree.at(day))
        return self._known
