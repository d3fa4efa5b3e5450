"""NTLM messages (MS-NLMP) and their SPNEGO wrapping (RFC 4178); responses are noise, no password is behind them."""

from __future__ import annotations

import struct
from random import Random

from scenarios.protocols import der

SIGNATURE = b"NTLMSSP\0"
FLAGS = 0xE2888215
VERSION = bytes.fromhex("0a00614a0000000f")
SPNEGO, NTLM, KERBEROS = "1.3.6.1.5.5.2", "1.3.6.1.4.1.311.2.2.10", "1.2.840.48018.1.2.2"
INCOMPLETE, COMPLETED, REJECTED = 1, 0, 2
"""States of a SPNEGO answer."""


def negotiate() -> bytes:
    """The client's first message."""
    return SIGNATURE + struct.pack("<II", 1, FLAGS) + bytes(16) + VERSION


def challenge(rng: Random, domain: str, computer: str) -> bytes:
    """The server's challenge with its names."""
    target = domain.encode("utf-16-le")
    info = _names(domain, computer)
    head = (
        SIGNATURE + struct.pack("<I", 2) + _field(target, 56) + struct.pack("<I", FLAGS) + rng.randbytes(8) + bytes(8)
    )
    return head + _field(info, 56 + len(target)) + VERSION + target + info


def authenticate(rng: Random, domain: str, user: str, workstation: str) -> bytes:
    """The client's answer."""
    parts = [bytes(24), _response(rng, domain)]
    texts = [text.encode("utf-16-le") for text in (domain, user, workstation)]
    contents = [*parts, *texts, rng.randbytes(16)]
    at, head = 88, b""
    for content in contents:
        head += _field(content, at)
        at += len(content)
    return (
        SIGNATURE
        + struct.pack("<I", 3)
        + head
        + struct.pack("<I", FLAGS)
        + VERSION
        + rng.randbytes(16)
        + b"".join(contents)
    )


def offer(token: bytes, mechanism: str = NTLM) -> bytes:
    """SPNEGO's first token with the client's first message; empty ``token``: the server's list of mechanisms."""
    parts = [(0, der.sequence(der.identifier(mechanism)))] + ([(2, der.octets(token))] if token else [])
    return der.application(0, der.identifier(SPNEGO) + der.context(0, der.fields(parts)))


def answer(token: bytes = b"", state: int | None = None, mechanism: str = "") -> bytes:
    """Every further SPNEGO token."""
    parts = [(0, der.integer(state, der.ENUMERATED))] if state is not None else []
    parts += [(1, der.identifier(mechanism))] if mechanism else []
    return der.context(1, der.fields([*parts, *([(2, der.octets(token))] if token else [])]))


def _response(rng: Random, domain: str) -> bytes:
    """An NTLMv2 response: proof, then what was signed."""
    signed = b"\x01\x01" + bytes(6) + rng.randbytes(16) + bytes(4) + _names(domain, "") + bytes(4)
    return rng.randbytes(16) + signed


def _names(domain: str, computer: str) -> bytes:
    """Target information: pairs of kind and text."""
    texts = ((2, domain.encode("utf-16-le")), (1, computer.encode("utf-16-le")))
    return b"".join(struct.pack("<HH", kind, len(raw)) + raw for kind, raw in texts if raw) + bytes(4)


def _field(content: bytes, offset: int) -> bytes:
    return struct.pack("<HHI", len(content), len(content), offset)
