"""The process that scans: compiled rules in, one file at a time in, matches out.

Runs alone (``python worker.py COMPILED``) and imports next to nothing, so that it starts in the time of one scan. libyara
works on hostile bytes here and nowhere else: when it crashes or hangs, the parent kills this process and goes on.
"""

from __future__ import annotations

import json
import resource
import struct
import sys
from typing import Any, BinaryIO, Final

import yara

REQUEST: Final = struct.Struct("!III")
"""Seconds allowed, length of the name, length of the content; name (UTF-8) and content follow."""
ANSWER: Final = struct.Struct("!I")
"""Length of the JSON that follows."""
MEMORY: Final = 1 << 30
"""Address space: the compiled rules, one file and the tables of the PE and .NET modules; a bomb ends this process only."""
STRINGS_SHOWN: Final = 16
"""Names of matching strings that a match carries."""


def main(compiled: str, source: BinaryIO, sink: BinaryIO) -> None:
    """Answer requests until the parent closes the pipe."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    rules = yara.load(compiled)
    while len(header := source.read(REQUEST.size)) == REQUEST.size:
        seconds, name_length, length = REQUEST.unpack(header)
        name = source.read(name_length).decode("utf-8", "replace")
        answer = json.dumps(scan(rules, name, source.read(length), seconds)).encode()
        sink.write(ANSWER.pack(len(answer)) + answer)
        sink.flush()


def scan(rules: Any, name: str, content: bytes, seconds: int) -> dict[str, Any]:
    """``{"matches": [[namespace, rule, [string …]] …]}`` or ``{"failed": why}``."""
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    try:
        matches = rules.match(
            data=content,
            timeout=seconds,
            fast=True,
            externals={"filename": name, "extension": extension},
            warnings_callback=lambda *_: yara.CALLBACK_CONTINUE,
        )
    except yara.TimeoutError:
        return {"failed": "timeout"}
    except (yara.Error, MemoryError) as error:
        return {"failed": str(error) or "out of memory"}
    return {"matches": [[m.namespace, m.rule, [s.identifier for s in m.strings[:STRINGS_SHOWN]]] for m in matches]}


if __name__ == "__main__":
    main(sys.argv[1], sys.stdin.buffer, sys.stdout.buffer)
