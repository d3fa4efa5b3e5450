"""DER (X.690), as much as Kerberos and SPNEGO need."""

from __future__ import annotations

from collections.abc import Iterable

INTEGER, BITS, OCTETS, OBJECT, ENUMERATED, SEQUENCE = 0x02, 0x03, 0x04, 0x06, 0x0A, 0x30
GENERAL_STRING, TIME = 0x1B, 0x18
APPLICATION, CONTEXT = 0x60, 0xA0
"""First bytes of constructed application and context tags."""


def value(tag: int, content: bytes) -> bytes:
    """Tag, length, content."""
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    raw = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(raw)]) + raw + content


def integer(number: int, tag: int = INTEGER) -> bytes:
    """A whole number, not negative."""
    return value(tag, number.to_bytes(number.bit_length() // 8 + 1))


def sequence(*items: bytes) -> bytes:
    """Items one after the other."""
    return value(SEQUENCE, b"".join(items))


def context(number: int, content: bytes) -> bytes:
    """``[number]`` around ``content``."""
    return value(CONTEXT | number, content)


def application(number: int, content: bytes) -> bytes:
    """``[APPLICATION number]`` around ``content``."""
    return value(APPLICATION | number, content)


def text(string: str) -> bytes:
    """A GeneralString."""
    return value(GENERAL_STRING, string.encode())


def octets(content: bytes) -> bytes:
    """An octet string."""
    return value(OCTETS, content)


def identifier(dotted: str) -> bytes:
    """An object identifier."""
    first, second, *rest = (int(part) for part in dotted.split("."))
    return value(OBJECT, bytes([40 * first + second]) + b"".join(map(_base128, rest)))


def fields(numbered: Iterable[tuple[int, bytes]]) -> bytes:
    """A sequence of context fields."""
    return sequence(*(context(number, content) for number, content in numbered))


def _base128(number: int) -> bytes:
    parts = [number & 0x7F]
    while number := number >> 7:
        parts.append(number & 0x7F | 0x80)
    return bytes(reversed(parts))
