"""A process that works for an engine: one request, one answer, killed when it takes too long.

Hostile content is given to code that can crash or hang (libyara, SQL of rules from outside). It does so in a process of its
own, which speaks over its standard input and output: a fixed header with lengths and the bytes there, a length and JSON back.
"""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Timer
from typing import Any


class ChildProcess:
    """Started when it is first needed; gone after ``stop`` or a request without an answer, and started anew by the next."""

    def __init__(self, worker: Path, answer: struct.Struct, *arguments: str) -> None:
        """``worker``: the script that answers; ``answer``: how it writes the length of an answer's JSON."""
        self._worker = worker
        self._answer = answer
        self._arguments = arguments
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> subprocess.Popen[bytes]:
        """Begin at once, so that it is ready when it is asked."""
        if self._process is None:
            # -P: the worker's folder must not become importable, its modules would hide others.
            command = [sys.executable, "-P", str(self._worker), *self._arguments]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        return self._process

    def ask(self, parts: Sequence[bytes], seconds: float) -> Any:
        """Send ``parts`` one after the other, wait for the answer; None when the process died or was killed after ``seconds``."""
        process = self.start()
        killer = Timer(seconds, process.kill)
        killer.daemon = True
        killer.start()
        try:
            answer = self._exchange(process, parts)
        except OSError:
            answer = None
        finally:
            killer.cancel()
        if answer is None:
            self.stop()
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

    def _exchange(self, process: subprocess.Popen[bytes], parts: Sequence[bytes]) -> Any:
        assert process.stdin
        assert process.stdout
        for part in parts:
            process.stdin.write(part)
        process.stdin.flush()
        header = process.stdout.read(self._answer.size)
        if len(header) < self._answer.size:
            return None
        length = self._answer.unpack(header)[0]
        body = process.stdout.read(length)
        return json.loads(body) if len(body) == length else None
