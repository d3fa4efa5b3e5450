"""Remote procedure calls of Windows through a named pipe (C706, MS-RPCE §2.2), and those of its service control (MS-SCMR)."""

from __future__ import annotations

import struct
from random import Random
from uuid import UUID

from scenarios.protocols.smb2 import SmbSession

REQUEST, RESPONSE, BIND, BIND_ACK = 0, 2, 11, 12
"""Kinds of messages."""
WHOLE = 3
"""The first and the last fragment."""
LARGEST = 4280
NDR = UUID("8a885d04-1ceb-11c9-9fe8-08002b104860").bytes_le + struct.pack("<I", 2)
SERVICES = UUID("367abb81-9844-35f1-ad32-98f038001003").bytes_le + struct.pack("<I", 2)
CLOSE, CREATE, OPEN_MANAGER, START = 0, 12, 15, 19
"""Operations of service control."""
OWN_PROCESS, ON_DEMAND, ALL_ACCESS = 0x10, 3, 0xF01FF


class PipeCalls:
    """Calls of one interface through one pipe."""

    def __init__(self, session: SmbSession, pipe: str, interface: bytes) -> None:
        self._session = session
        self._pipe = session.create(pipe)
        self._number = 1
        asked = struct.pack("<HHIB3xHBx", LARGEST, LARGEST, 0, 1, 0, 1) + interface + NDR
        given = struct.pack("<HHIH", LARGEST, LARGEST, 0x53F0, 13) + rf"\pipe\{pipe}".encode().ljust(14, b"\0")[:14]
        self._exchange(BIND, asked, BIND_ACK, given + struct.pack("<B3xHH", 1, 0, 0) + NDR)

    def call(self, operation: int, arguments: bytes, answer: bytes) -> PipeCalls:
        """One call with its answer."""
        asked = struct.pack("<IHH", len(arguments), 0, operation) + arguments
        return self._exchange(REQUEST, asked, RESPONSE, struct.pack("<IHBx", len(answer), 0, 0) + answer)

    def _exchange(self, asks: int, asked: bytes, gives: int, given: bytes) -> PipeCalls:
        self._session.write(self._pipe, self._message(asks, asked))
        self._session.read(self._pipe, self._message(gives, given))
        self._number += 1
        return self

    def _message(self, kind: int, body: bytes) -> bytes:
        return struct.pack("<BBBBIHHI", 5, 0, kind, WHOLE, 0x10, 16 + len(body), 0, self._number) + body


def install(session: SmbSession, rng: Random, service: str, command: str) -> None:
    """Make a service that runs ``command``, and start it."""
    handle, done = rng.randbytes(20), struct.pack("<I", 0)
    calls = PipeCalls(session, "svcctl", SERVICES)
    calls.call(OPEN_MANAGER, struct.pack("<III", 0, 0, ALL_ACCESS), handle + done)
    arguments = handle + _text(service) + struct.pack("<I", 0x20000) + _text(service)
    arguments += struct.pack("<IIII", ALL_ACCESS, OWN_PROCESS, ON_DEMAND, 0) + _text(command) + bytes(28)
    calls.call(CREATE, arguments, struct.pack("<I", 0) + handle + done)
    calls.call(START, handle + struct.pack("<II", 0, 0), done)
    calls.call(CLOSE, handle, bytes(20) + done)


def _text(words: str) -> bytes:
    raw = f"{words}\0".encode("utf-16-le")
    count = len(raw) // 2
    return struct.pack("<III", count, 0, count) + raw + bytes(-len(raw) % 4)
