"""Opening the state database and bringing it up to date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

BUSY_SECONDS: Final = 30
"""How long a writer waits for another one: longer than the longest transaction (one segment)."""


class StateError(Exception):
    """The state database cannot be used; the message says why and what to do, one line."""


class Database:
    """An open state database. Sessions are short: one transaction each."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._reading = sessionmaker(engine, expire_on_commit=False)
        self._writing = sessionmaker(engine.execution_options(writes=True), expire_on_commit=False)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A consistent view for reading; never waits for a writer."""
        with self._reading.begin() as session:
            yield session

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """For writing: committed at the end, rolled back on any error. Takes the write lock at once, so that what was
        read in it cannot have changed when it writes."""
        with self._writing.begin() as session:
            yield session

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def open(url: str) -> Database:
    """Open, create or migrate the database at an SQLAlchemy URL; raises StateError."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:"):
            Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        engine = create_engine(
            parsed, connect_args={"timeout": BUSY_SECONDS} if parsed.get_backend_name() == "sqlite" else {}
        )
        if engine.dialect.name == "sqlite":
            _prepare_sqlite(engine)
        with engine.execution_options(writes=True).begin() as connection:
            _migrate(connection)
    except (SQLAlchemyError, CommandError, OSError) as error:
        reason = str(error).splitlines()[0]
        raise StateError(
            f"state database {make_url(url).render_as_string()}: {reason}; check the path, rights and free space"
        ) from error
    return Database(engine)


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        # The driver must not begin transactions by itself: it would take a read lock first and fail to widen it later.
        connection.isolation_level = None
        connection.execute("pragma journal_mode=wal")
        connection.execute("pragma synchronous=full")  # a segment is acknowledged after its commit: power loss included
        connection.execute("pragma foreign_keys=on")
        connection.execute(f"pragma busy_timeout={BUSY_SECONDS * 1000}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("begin immediate" if connection.get_execution_options().get("writes") else "begin")


def _migrate(connection: Connection) -> None:
    """Everything in one transaction that holds the write lock: parts that start together wait for the first one."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    command.upgrade(config, "head")
