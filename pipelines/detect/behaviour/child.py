"""The parent's end of the process that runs queries."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from pipelines.detect.behaviour.worker import ANSWER, REQUEST
from pipelines.detect.childprocess import ChildProcess

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

    def __init__(self, spill: Path | None = None) -> None:
        """``spill``: folder, made when it is needed, in which it may lay down what does not fit into its memory."""
        self._spill = spill
        self._process = ChildProcess(_WORKER, ANSWER, str(spill or ""))

    def start(self) -> None:
        """Begin at once, so that it is ready when the first events come."""
        self._process.start()

    def ask(self, request: Mapping[str, Any], table: pa.Table | None = None) -> dict[str, Any]:
        """Send one request, wait for its answer; raises ChildError when there is none."""
        said, payload = json.dumps(request).encode(), _stream(table) if table is not None else b""
        head = REQUEST.pack(len(said), len(payload)) + said
        seconds = request.get("seconds", PATIENCE_SECONDS) + GRACE_SECONDS
        answer: dict[str, Any] | None = self._process.ask((head, payload), seconds)
        if answer is None:
            _LOG.warning("the process of the behaviour rules ended while it worked and is started again")
            raise ChildError(request["do"])
        return answer

    def stop(self) -> None:
        """End the process and remove what it has laid down."""
        self._process.stop()
        if self._spill is not None:
            shutil.rmtree(self._spill, ignore_errors=True)


def _stream(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]
