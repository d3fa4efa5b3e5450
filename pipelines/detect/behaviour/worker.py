"""The process that runs rule queries: events and SQL in, rows out.

Runs alone (``python worker.py``) and knows nothing of rules. Queries come from people and run over hostile traffic, so they
run here and nowhere else: DuckDB without external access, configuration locked, memory and time limited. When this process
dies or hangs, the parent starts another one.
"""

from __future__ import annotations

import json
import resource
import struct
import sys
from collections.abc import Mapping
from decimal import Decimal
from threading import Timer
from typing import Any, BinaryIO, Final

import duckdb
import pyarrow as pa

REQUEST: Final = struct.Struct("!II")
"""Length of the JSON, length of the Arrow stream; both follow."""
ANSWER: Final = struct.Struct("!I")
"""Length of the JSON that follows."""
MEMORY: Final = "512MB"
"""DuckDB's share: a day of flows of a busy site, pruned to the columns that rules read, and one query over it."""
ADDRESS_SPACE: Final = 4 << 30
"""Everything of this process; what DuckDB's own limit does not count ends this process only."""
CONFIGURATION: Final[dict[str, str | bool | int | float | list[str]]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "threads": "1",
    "memory_limit": MEMORY,
}
SPILL: Final = "8GB"
"""What may lie on disk of what does not fit into ``MEMORY``: a week of flows of a busy site."""
MOST_ROWS: Final = 2_000
"""Rows of one answer: a rule that names more machines and peers in one window names nothing."""


class Session:
    """One DuckDB connection and what may be done with it."""

    def __init__(self, spill: str = "") -> None:
        """``spill``: folder for what does not fit into memory; without one a query that needs it fails."""
        aside: dict[str, str | bool | int | float | list[str]] = {"temp_directory": spill}
        if spill:
            aside["max_temp_directory_size"] = SPILL
        self._connection = duckdb.connect(":memory:", config={**CONFIGURATION, **aside})
        self._connection.execute("SET lock_configuration = true")

    def answer(self, request: Mapping[str, Any], payload: bytes) -> dict[str, Any]:
        """Do what ``request["do"]`` says; ``{"failed": why}`` when it cannot be done."""
        try:
            match request["do"]:
                case "execute":
                    return self._execute(request["sql"])
                case "load":
                    return self._load(request["table"], payload)
                case "check":
                    return {"rules": {query["name"]: self._check(query) for query in request["queries"]}}
                case _:
                    return self._query(request)
        except duckdb.InterruptException:
            return {"failed": f"took longer than {request['seconds']} s"}
        except (duckdb.Error, MemoryError, UnicodeDecodeError) as error:
            return {"failed": str(error) or "out of memory"}

    def _check(self, query: Mapping[str, Any]) -> dict[str, Any]:
        """Columns that the query gives, or why it cannot run; reads no row."""
        try:
            for sql in (query["bare"], *query["wakes"]):
                problem = self._forbidden(sql, set(query["allowed"]))
                if problem is not None:
                    return {"failed": problem}
            for sql in query["wakes"]:
                self._connection.execute(sql + " LIMIT 0")
            described = self._connection.execute(query["sql"] + " LIMIT 0", query["parameters"]).description
        except duckdb.Error as error:
            return {"failed": str(error)}
        return {"columns": [row[0] for row in described]}

    def _forbidden(self, sql: str, allowed: set[str]) -> str | None:
        statements = self._connection.extract_statements(sql)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            return "a rule is one SELECT"
        others = self._connection.get_table_names(sql) - allowed
        return f"reads {', '.join(sorted(others))}, which is not in reads" if others else None

    def _execute(self, statements: list[str]) -> dict[str, Any]:
        for statement in statements:
            self._connection.execute(statement)
        return {}

    def _load(self, table: str, payload: bytes) -> dict[str, Any]:
        fresh = pa.ipc.open_stream(payload).read_all()
        self._connection.register("fresh", fresh)
        try:
            self._connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM fresh")
        finally:
            self._connection.unregister("fresh")
        return {}

    def _query(self, request: Mapping[str, Any]) -> dict[str, Any]:
        timer = Timer(request["seconds"], self._connection.interrupt)
        timer.start()
        try:
            cursor = self._connection.execute(request["sql"], request["parameters"])
            names = [column[0] for column in cursor.description]
            rows = cursor.fetchmany(request.get("most", MOST_ROWS))
        finally:
            timer.cancel()
        return {"rows": [dict(zip(names, row, strict=True)) for row in rows]}


def plain(value: object) -> object:
    """What JSON has no word for."""
    return float(value) if isinstance(value, Decimal) else str(value)


def main(source: BinaryIO, sink: BinaryIO, spill: str = "") -> None:
    """Answer requests until the parent closes the pipe."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    session = Session(spill)
    while len(header := source.read(REQUEST.size)) == REQUEST.size:
        length, payload = REQUEST.unpack(header)
        request = json.loads(source.read(length))
        answer = json.dumps(session.answer(request, source.read(payload)), default=plain).encode()
        sink.write(ANSWER.pack(len(answer)) + answer)
        sink.flush()


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer, *sys.argv[1:2])
