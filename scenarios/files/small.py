"""Shortcuts, notebooks, disk images, scripts: the outside of each, and nothing harmful inside."""

from __future__ import annotations

import struct

LINK_ID = bytes.fromhex("0114020000000000c000000000000046")
NOTEBOOK_ID = bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3")
EMBEDDED_ID = bytes.fromhex("e716e3bd65261145a4c48d4d0b7a9eac")
ISO_SECTOR = 2048


def shortcut(target: str, arguments: str, icon: str = "") -> bytes:
    """A Windows shortcut (MS-SHLLINK) by relative path."""
    flags = 0x08 | 0x20 | 0x80 | (0x40 if icon else 0)
    head = struct.pack("<I16sIIQQQIIIHHII", 0x4C, LINK_ID, flags, 0x20, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0)
    texts = [target, arguments] + ([icon] if icon else [])
    return head + b"".join(struct.pack("<H", len(text)) + text.encode("utf-16-le") for text in texts) + bytes(4)


def notebook(embedded: bytes, name: str) -> bytes:
    """A OneNote section (MS-ONESTORE) that holds one embedded file."""
    head = NOTEBOOK_ID + bytes.fromhex("3fdd9a101b91f549a5d01791edc8aed8") + bytes(992)
    file = EMBEDDED_ID + struct.pack("<QIQ", len(embedded), 0, 0) + embedded + bytes(-len(embedded) % 8)
    return head + name.encode("utf-16-le") + bytes(16) + file + bytes.fromhex("22a7fb71790f0b4abb13899256426b24")


def disc(name: str, content: bytes) -> bytes:
    """A disk image (ECMA-119) with one file in its root."""
    root = _record(b"\0", 18, ISO_SECTOR, 2) + _record(b"\x01", 18, ISO_SECTOR, 2)
    root += _record(name.upper().encode() + b";1", 19, len(content), 0)
    volume = bytearray(ISO_SECTOR)
    volume[0:7] = b"\x01CD001\x01"
    volume[8:72] = b"VP".ljust(32) + b"TAILIEU".ljust(32)
    volume[80:88] = _both(19 + -(-len(content) // ISO_SECTOR), 4)
    volume[120:132] = _both(1, 2) + _both(1, 2) + _both(ISO_SECTOR, 2)
    volume[156:190] = _record(b"\0", 18, ISO_SECTOR, 2)
    end = b"\xffCD001\x01".ljust(ISO_SECTOR, b"\0")
    data = content.ljust(-(-len(content) // ISO_SECTOR) * ISO_SECTOR, b"\0")
    return bytes(16 * ISO_SECTOR) + bytes(volume) + end + root.ljust(ISO_SECTOR, b"\0") + data


def _record(name: bytes, sector: int, size: int, flags: int) -> bytes:
    body = b"\0" + _both(sector, 4) + _both(size, 4) + bytes(7) + bytes([flags, 0, 0]) + _both(1, 2)
    body += bytes([len(name)]) + name + (b"" if len(name) % 2 else b"\0")
    return bytes([len(body) + 1]) + body


def _both(value: int, width: int) -> bytes:
    return value.to_bytes(width, "little") + value.to_bytes(width, "big")
