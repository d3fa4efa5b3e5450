"""TLS messages (RFC 5246, RFC 8446): hellos of several kinds of clients, certificates, records."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

CHANGE_CIPHER, ALERT, HANDSHAKE, APPLICATION = 20, 21, 22, 23
"""Record types."""
CLIENT_HELLO, SERVER_HELLO, TICKET, CERTIFICATE, KEY_EXCHANGE, DONE, CLIENT_KEY = 1, 2, 4, 11, 12, 14, 16
"""Handshake types."""
TLS10, TLS12, TLS13 = 0x0301, 0x0303, 0x0304
RECORD_LIMIT = 16_384
"""Longest plaintext of a record (RFC 8446 §5.1)."""
GREASE = (0x0A0A, 0x1A1A, 0x2A2A, 0x3A3A, 0x4A4A, 0x5A5A, 0x6A6A, 0x7A7A, 0x8A8A, 0x9A9A)
"""Reserved values that browsers strew in (RFC 8701)."""
X25519, P256, P384 = 0x001D, 0x0017, 0x0018
SIGNATURES = (0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601)


def _suites(text: str) -> tuple[int, ...]:
    return tuple(int(code, 16) for code in text.split())


BROWSER_SUITES = _suites("1301 1302 1303 c02b c02f c02c c030 cca9 cca8 c013 c014 009c 009d 002f 0035")
LIBRARY_SUITES = _suites(
    "1302 1303 1301 c02c c030 009f cca9 cca8 ccaa c02b c02f 009e c024 c028 006b c023 "
    "c027 0067 c00a c014 0039 c009 c013 0033 009d 009c 003d 003c 0035 002f"
)
WINDOWS_SUITES = _suites(
    "c02c c02b c030 c02f 009f 009e c024 c023 c028 c027 c00a c009 c014 c013 009d 009c 003d 003c 0035 002f"
)


@dataclass(frozen=True)
class Profile:
    """How a kind of client says hello."""

    suites: tuple[int, ...]
    newest: int = TLS13
    grease: bool = False
    shuffled: bool = False
    """Extensions in a new order each time, as Chromium sends them."""
    alpn: tuple[str, ...] = ()


PROFILES = {
    "browser": Profile(BROWSER_SUITES, grease=True, shuffled=True, alpn=("h2", "http/1.1")),
    "library": Profile(LIBRARY_SUITES),
    "windows": Profile(WINDOWS_SUITES, newest=TLS12),
}
"""A Chromium browser, a program with OpenSSL, a program with the system's own TLS (Schannel) before 1.3."""


def client_hello(
    rng: Random,
    profile: Profile,
    server_name: str = "",
    *,
    alpn: Sequence[str] | None = None,
    more: Sequence[bytes] = (),
    session: bytes | None = None,
) -> bytes:
    """The handshake message; no server name extension where the name is empty, ``more`` extensions at the end.

    ``session`` is the session identifier, by default what this version of TLS sends.
    """
    suites = ((rng.choice(GREASE),) if profile.grease else ()) + profile.suites
    names = profile.alpn if alpn is None else tuple(alpn)
    extensions = [*_client_extensions(rng, profile, server_name, names), *more]
    if session is None:
        session = rng.randbytes(32) if profile.newest == TLS13 else b""
    body = struct.pack("!H", TLS12) + rng.randbytes(32) + short(session)
    body += long(_words(suites)) + b"\x01\x00" + long(b"".join(extensions))
    return message(CLIENT_HELLO, body)


def server_hello(rng: Random, version: int, suite: int, *, alpn: str = "", session: bytes = b"") -> bytes:
    """The handshake message with what the version needs."""
    extensions = b""
    if version == TLS13:
        extensions += extension(43, struct.pack("!H", TLS13))
        extensions += extension(51, struct.pack("!H", X25519) + long(rng.randbytes(32)))
    else:
        extensions += extension(65281, b"\0") + extension(23, b"") + (_alpn((alpn,)) if alpn else b"")
    body = struct.pack("!H", TLS12 if version == TLS13 else version) + rng.randbytes(32) + short(session)
    return message(SERVER_HELLO, body + struct.pack("!HB", suite, 0) + long(extensions))


def certificates(ders: Sequence[bytes]) -> bytes:
    """The Certificate message of TLS 1.2."""
    entries = b"".join(len(der).to_bytes(3) + der for der in ders)
    return message(CERTIFICATE, len(entries).to_bytes(3) + entries)


def message(kind: int, body: bytes) -> bytes:
    """A handshake message."""
    return bytes([kind]) + len(body).to_bytes(3) + body


def record(kind: int, body: bytes, version: int = TLS12) -> bytes:
    """``body`` in one or more records."""
    pieces = [body[at : at + RECORD_LIMIT] for at in range(0, len(body), RECORD_LIMIT)] or [b""]
    return b"".join(struct.pack("!BHH", kind, version, len(piece)) + piece for piece in pieces)


def extension(kind: int, body: bytes) -> bytes:
    """One extension of a hello."""
    return struct.pack("!H", kind) + long(body)


def _client_extensions(rng: Random, profile: Profile, server_name: str, names: Sequence[str]) -> list[bytes]:
    groups: tuple[int, ...] = (X25519, P256, P384)
    share = struct.pack("!H", X25519) + long(rng.randbytes(32))
    versions: tuple[int, ...] = (TLS13, TLS12) if profile.newest == TLS13 else ()
    if profile.grease:
        odd = rng.choice(GREASE)
        groups, versions = (odd, *groups), (odd, *versions)
        share = struct.pack("!HHB", odd, 1, 0) + share
    found = [_server_name(server_name)] if server_name else []
    found += [
        extension(23, b""),
        extension(65281, b"\0"),
        extension(10, long(_words(groups))),
        extension(11, b"\x01\0"),
    ]
    found += [extension(35, b""), extension(13, long(_words(SIGNATURES)))]
    found += [_alpn(names)] if names else []
    if versions:
        found += [extension(43, short(_words(versions))), extension(45, b"\x01\x01"), extension(51, long(share))]
    if profile.grease:
        found += [
            extension(5, b"\x01\0\0\0\0"),
            extension(18, b""),
            extension(27, b"\x02\0\x02"),
            extension(17613, b"\0\x03\x02h2"),
        ]
    if profile.shuffled:
        rng.shuffle(found)
        found = [extension(rng.choice(GREASE[:5]), b""), *found, extension(rng.choice(GREASE[5:]), b"\0")]
    return found


def _server_name(text: str) -> bytes:
    name = text.encode("ascii")
    return extension(0, long(b"\0" + long(name)))


def _alpn(names: Sequence[str]) -> bytes:
    return extension(16, long(b"".join(short(name.encode("ascii")) for name in names)))


def _words(values: Sequence[int]) -> bytes:
    return b"".join(struct.pack("!H", value) for value in values)


def short(data: bytes) -> bytes:
    """``data`` after its length in one byte."""
    return bytes([len(data)]) + data


def long(data: bytes) -> bytes:
    """``data`` after its length in two bytes."""
    return struct.pack("!H", len(data)) + data
