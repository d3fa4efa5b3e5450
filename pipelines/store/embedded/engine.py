"""DuckDB, shut in: it reads and writes below one folder, with a limit on memory and time."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer
from typing import Any, Final, TextIO

import duckdb

from pipelines.store.events import StoreError
from pipelines.store.query import duck

QUERY_SECONDS: Final = 60.0
"""One statement; who waits longer has asked for too much."""
_PARAMETER: Final = re.compile(r"\$(p\d+)\b")


class MissingFileError(Exception):
    """A file that counted when the statement was made is gone: it was replaced meanwhile; ask the catalogue again."""


class Engine:
    """An in-memory DuckDB that sees nothing but the folder."""

    def __init__(self, folder: Path, memory: str, threads: int) -> None:
        """``memory``: such as ``400MB``; more is spilt into the folder. StoreError when it cannot start."""
        self._spill, self._lock = _own_spill(folder / "spill")
        closed = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
        try:
            self._database = duckdb.connect(
                ":memory:",
                config={"memory_limit": memory, "threads": threads, "max_temp_directory_size": "8GB", **closed},
            )
            for macro in duck.MACROS:
                self._database.execute(macro)
            self._database.execute(f"set temp_directory = {literal(self._spill)}")
            self._database.execute(f"set allowed_directories = [{literal(folder)}]")
            self._database.execute("set parquet_metadata_cache = true")  # files never change
            self._database.execute("set preserve_insertion_order = false")
            self._database.execute("set enable_external_access = false")
            self._database.execute("set lock_configuration = true")
        except duckdb.Error as error:
            raise _trouble(error) from error

    def rows(self, sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Everything that a statement gives; StoreError, or MissingFileError when a file is gone."""
        with self._cursor() as cursor:
            found: list[tuple[Any, ...]] = cursor.execute(sql, _named(sql, values)).fetchall()
            return found

    def table(self, sql: str, values: Mapping[str, Any]) -> Any:
        """What a statement gives as a pyarrow.Table."""
        with self._cursor() as cursor:
            return cursor.sql(sql, params=_named(sql, values)).to_arrow_table()

    def close(self) -> None:
        """Free memory and files."""
        self._database.close()
        shutil.rmtree(self._spill, ignore_errors=True)
        self._lock.close()

    @contextmanager
    def _cursor(self) -> Iterator[Any]:
        cursor = self._database.cursor()
        timer = Timer(QUERY_SECONDS, cursor.interrupt)
        timer.daemon = True
        timer.start()
        try:
            yield cursor
        except duckdb.IOException as error:
            raise MissingFileError(_line(error)) from error
        except duckdb.Error as error:
            raise _trouble(error) from error
        finally:
            timer.cancel()
            cursor.close()


def _own_spill(parent: Path) -> tuple[Path, TextIO]:
    """A folder of this engine alone (two that share one would overwrite each other's files), and its held lock.

    Folders of killed processes, whose lock went with them, are deleted.
    """
    parent.mkdir(exist_ok=True, mode=0o700)
    for left in parent.glob("[!.]*"):
        with suppress(OSError), (left / "lock").open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left, ignore_errors=True)
    name = f"{os.getpid()}-{secrets.token_hex(4)}"
    own = parent / f".{name}"
    own.mkdir(mode=0o700)
    held = (own / "lock").open("w")
    fcntl.flock(held, fcntl.LOCK_EX)
    return own.rename(parent / name), held  # only now can others see it, and its lock is held


def _named(sql: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that a statement names: DuckDB refuses any other."""
    return {name: values[name] for name in set(_PARAMETER.findall(sql)) if name in values}


def literal(text: object) -> str:
    """A text inside SQL, where no parameter can stand."""
    return "'" + str(text).replace("'", "''") + "'"


def _line(error: BaseException) -> str:
    return str(error).splitlines()[0][:300]


def _trouble(error: duckdb.Error) -> StoreError:
    if isinstance(error, duckdb.InterruptException):
        return StoreError(f"the search takes more than {QUERY_SECONDS:.0f} s; choose a shorter time range")
    if isinstance(error, duckdb.OutOfMemoryException):
        return StoreError("the search needs more memory than it may have; choose a shorter time range")
    return StoreError(f"event store: {_line(error)}")
