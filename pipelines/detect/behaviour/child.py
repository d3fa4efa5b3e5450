"""The parent's end of the process that runs queries."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from threading import Timer
from typing import Any, Final

import pyarrow as pa

from pipelines.detect.behaviour.worker import ANSWER, REQUEST

PATIENCE_SECONDS: Final = 60
"""For anything but a query (loading a large segment on a busy machine); a query says its own limit."""
GRACE_SECONDS: Final = 5
"""Beyond a query's limit, until a process that does not heed the interrupt is killed."""
_WORKER: Final = Path(__file__).with_name("worker.py")
_LOG = logging.getLogger(__name__)


class ChildError(Exception):
    """The process died or was killed while it worked; its tables are gone."""


class Child:
    """One worker process, started when it is first needed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin at once, so that it is ready when the first events come."""
        if self._process is None:
            # -P: this folder must not become importable, its modules would hide others.
            command = [sys.executable, "-P", str(_WORKER)]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )

    def ask(self, request: Mapping[str, Any], table: pa.Table | None = None) -> dict[str, Any]:
        """Send one request, wait for its answer; raises ChildError when there is none."""
        self.start()
        process = self._process
        assert process is not None
        killer = Timer(request.get("seconds", PATIENCE_SECONDS) + GRACE_SECONDS, process.kill)
        killer.daemon = True
        killer.start()
        try:
            answer = _exchange(process, json.dumps(request).encode(), _stream(table) if table is not None else b"")
        except OSError:
            answer = None
        finally:
            killer.cancel()
        if answer is None:
            self.stop()
            _LOG.warning("the process of the behaviour rules ended while it worked and is started again")
            raise ChildError(request["do"])
        return answer

    def stop(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                try:
                    pipe.close()
                except BrokenPipeError:  # what was not written died with the process
                    continue


def _stream(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]


def _exchange(process: subprocess.Popen[bytes], request: bytes, payload: bytes) -> dict[str, Any] | None:
    assert process.stdin
    assert process.stdout
    process.stdin.write(REQUEST.pack(len(request), len(payload)) + request)
    process.stdin.write(payload)
    process.stdin.flush()
    header = process.stdout.read(ANSWER.size)
    if len(header) < ANSWER.size:
        return None
    length = ANSWER.unpack(header)[0]
    body = process.stdout.read(length)
    answer: dict[str, Any] | None = json.loads(body) if len(body) == length else None
    return answer
