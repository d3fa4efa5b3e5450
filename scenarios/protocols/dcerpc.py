"""Remote procedure calls of Windows (C706, MS-RPCE §2.2) through pipes and over TCP, and those of service control (MS-SCMR)."""

from __future__ import annotations

import struct
from random import Random
from typing import Self
from uuid import UUID

from scenarios.net.tcp import TcpSession
from scenarios.protocols.smb2 import SmbSession

REQUEST, RESPONSE, BIND, BIND_ACK = 0, 2, 11, 12
"""Kinds of messages."""
WHOLE = 3
"""The first and the last fragment."""
LARGEST = 4280
NDR = UUID("8a885d04-1ceb-11c9-9fe8-08002b104860").bytes_le + struct.pack("<I", 2)


def interface(text: str, version: int = 1) -> bytes:
    """An interface's identifier and major version as messages carry them."""
    return UUID(text).bytes_le + struct.pack("<I", version)


SERVICES = interface("367abb81-9844-35f1-ad32-98f038001003", 2)
TASKS = interface("86d35949-83c9-4044-b424-db363231fd0c")
MAPPER = interface("e1af8308-5d1f-11c9-91a4-08002b14a0fa", 3)
ACTIVATION = interface("000001a0-0000-0000-c000-000000000046", 0)
MANAGEMENT = interface("9556dc99-828c-11cf-a37e-00aa003240c7", 0)
"""IWbemServices."""
REPLICATION = interface("e3514235-4b06-11d1-ab04-00c04fc2dcd2", 4)
REGISTRY = interface("338cd001-2244-31f1-aaaa-900038001003")
CLOSE, CREATE, OPEN_MANAGER, START = 0, 12, 15, 19
"""Operations of service control."""
OWN_PROCESS, ON_DEMAND, ALL_ACCESS = 0x10, 3, 0xF01FF


class Calls:
    """Calls of one interface; how the messages travel is up to the kind."""

    def __init__(self, interface: bytes, port: str) -> None:
        self._number = 1
        asked = struct.pack("<HHIB3xHBx", LARGEST, LARGEST, 0, 1, 0, 1) + interface + NDR
        name = port.encode() + b"\0"
        given = struct.pack("<HHIH", LARGEST, LARGEST, 0x53F0, len(name)) + name
        given += bytes(-len(given) % 4) + struct.pack("<B3xHH", 1, 0, 0) + NDR
        self._exchange(BIND, asked, BIND_ACK, given)

    def call(self, operation: int, arguments: bytes, answer: bytes) -> Self:
        """One call with its answer."""
        asked = struct.pack("<IHH", len(arguments), 0, operation) + arguments
        return self._exchange(REQUEST, asked, RESPONSE, struct.pack("<IHBx", len(answer), 0, 0) + answer)

    def _exchange(self, asks: int, asked: bytes, gives: int, given: bytes) -> Self:
        self._carry(self._message(asks, asked), self._message(gives, given))
        self._number += 1
        return self

    def _carry(self, asked: bytes, given: bytes) -> None:
        raise NotImplementedError

    def _message(self, kind: int, body: bytes) -> bytes:
        return struct.pack("<BBBBIHHI", 5, 0, kind, WHOLE, 0x10, 16 + len(body), 0, self._number) + body


class PipeCalls(Calls):
    """Through a named pipe."""

    def __init__(self, session: SmbSession, pipe: str, interface: bytes) -> None:
        self._session = session
        self._pipe = session.create(pipe)
        super().__init__(interface, rf"\pipe\{pipe}")

    def _carry(self, asked: bytes, given: bytes) -> None:
        self._session.write(self._pipe, asked)
        self._session.read(self._pipe, given)


class TcpCalls(Calls):
    """Over a TCP connection of their own; ``close`` ends it."""

    def __init__(self, session: TcpSession, interface: bytes) -> None:
        self.session = session
        super().__init__(interface, str(session.server.port))

    def _carry(self, asked: bytes, given: bytes) -> None:
        self.session.send(asked).reply(given)

    def close(self) -> float:
        """Gives the time."""
        self.session.close()
        return self.session.now


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
