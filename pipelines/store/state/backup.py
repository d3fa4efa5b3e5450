"""A copy of the state database while it is in use, and whether a database is whole."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from pipelines.store.state.database import Database, StateError

PROBLEMS_MOST: Final = 20
"""Of one check: the first few say that the file is damaged, more says nothing new."""
_PAGES: Final = 1_000
"""Copied at a time (4 MB); writers go on between."""


def backup(database: Database, target: Path) -> int:
    """Copy an SQLite database into a file, consistent though others write meanwhile; gives its bytes.

    The file appears when it is whole, checked and on disk. Raises StateError; an older copy is then untouched.
    """
    if database.engine.dialect.name != "sqlite":
        raise StateError("only SQLite is copied here; back up PostgreSQL with pg_dump")
    temporary = target.with_name(f".{target.name}.new")
    try:
        temporary.unlink(missing_ok=True)
        _copy(database, temporary)
        damage = _check(temporary)
        if damage:
            raise StateError(f"backup {target}: the copy is damaged ({damage[0]}); check the disk")
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(target)
        handle = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
        os.fsync(handle)
        os.close(handle)
        return target.stat().st_size
    except (OSError, sqlite3.Error, SQLAlchemyError) as error:
        reason = str(error).splitlines()[0]
        raise StateError(f"backup {target}: {reason}; check the path, its rights and the free space") from error
    finally:
        temporary.unlink(missing_ok=True)


def integrity(database: Database) -> list[str]:
    """What is wrong with the database, one line each; empty when all is well. StateError when it cannot be read."""
    try:
        with database.session() as session:
            if database.engine.dialect.name != "sqlite":
                session.execute(text("select 1"))
                return []
            found = [str(row[0]) for row in session.execute(text(f"pragma integrity_check({PROBLEMS_MOST})"))]
            orphans = session.execute(text("pragma foreign_key_check")).fetchmany(PROBLEMS_MOST)
    except SQLAlchemyError as error:
        raise StateError(f"state database: {str(error).splitlines()[0]}; restore it from a backup") from error
    damage = [line for line in found if line != "ok"]
    return damage + [f"row {row[1]} of {row[0]} points to a row of {row[2]} that is not there" for row in orphans]


def _copy(database: Database, target: Path) -> None:
    copy = sqlite3.connect(target)
    source = database.engine.raw_connection()
    try:
        target.chmod(0o600)  # password hashes are in it
        driver = source.driver_connection
        if not isinstance(driver, sqlite3.Connection):
            raise StateError("the state database is not an open SQLite file")
        driver.backup(copy, pages=_PAGES)
        copy.execute("pragma journal_mode=delete")  # one file, nothing beside it
    finally:
        source.close()
        copy.close()


def _check(path: Path) -> list[str]:
    copy = sqlite3.connect(path)
    try:
        found = copy.execute(f"pragma integrity_check({PROBLEMS_MOST})").fetchall()
    finally:
        copy.close()
    return [str(row[0]) for row in found if row[0] != "ok"]
