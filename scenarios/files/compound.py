"""Compound files (MS-CFB): the container of older Office documents and of macros."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from itertools import pairwise

SECTOR, ENTRY = 512, 128
FREE, END, FAT, NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
CUTOFF = 4096
"""Streams below this size would go into the mini stream; here each stream is filled up to it instead."""
ROOT, STORAGE, STREAM = 5, 1, 2


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A file with ``streams``; a name such as ``Macros/VBA/dir`` stands in storages."""
    names = _names(streams)
    starts, body = _placed(streams)
    directory = _directory(names, streams, starts)
    directory_at = len(body) // SECTOR
    body += directory
    sectors = len(body) // SECTOR
    tables = 1
    while tables * 128 < sectors + tables:
        tables += 1
    fat = _chains(streams, starts, directory_at, sectors, tables)
    header = struct.pack("<8s16sHHHHH6sIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"",
                         0, tables, directory_at, 0, CUTOFF, END, 0, END, 0)  # fmt: skip
    difat = [sectors + number if number < tables else FREE for number in range(109)]
    return header + struct.pack("<109I", *difat) + body + fat


def _names(streams: Mapping[str, bytes]) -> list[str]:
    """Every entry's path: storages before what they hold."""
    found: list[str] = []
    for path in streams:
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            name = "/".join(parts[:depth])
            if name not in found:
                found.append(name)
    return found


def _placed(streams: Mapping[str, bytes]) -> tuple[dict[str, int], bytes]:
    starts, body = {}, b""
    for name, content in streams.items():
        starts[name] = len(body) // SECTOR
        size = max(len(content), CUTOFF)
        body += content.ljust(-(-size // SECTOR) * SECTOR, b"\0")
    return starts, body


def _directory(names: list[str], streams: Mapping[str, bytes], starts: Mapping[str, int]) -> bytes:
    """The entries; children of one storage hang on each other's right, in the order that the format wants."""
    number = {name: index + 1 for index, name in enumerate(names)}
    right: dict[str, int] = {}
    child: dict[str, int] = {}
    for parent in ["", *names]:
        inside = [name for name in names if name.rpartition("/")[0] == parent]
        inside.sort(key=lambda name: (len(name), name.upper()))
        if inside:
            child[parent] = number[inside[0]]
        for one, other in pairwise(inside):
            right[one] = number[other]
    entries = _entry("Root Entry", ROOT, NONE, child.get("", NONE), END, 0)
    for name in names:
        own = name.rpartition("/")[2]
        if name in streams:
            size = max(len(streams[name]), CUTOFF)
            entries += _entry(own, STREAM, right.get(name, NONE), NONE, starts[name], size)
        else:
            entries += _entry(own, STORAGE, right.get(name, NONE), child.get(name, NONE), 0, 0)
    return entries + _empty() * (-(len(names) + 1) % 4)


def _entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
    raw = (name + "\0").encode("utf-16-le")
    return struct.pack("<64sHBBIII16sIQQIQ", raw, len(raw), kind, 1, NONE, right, child, b"", 0, 0, 0, start, size)


def _empty() -> bytes:
    return struct.pack("<64sHBBIII16sIQQIQ", b"", 0, 0, 0, NONE, NONE, NONE, b"", 0, 0, 0, 0, 0)


def _chains(
    streams: Mapping[str, bytes], starts: Mapping[str, int], directory_at: int, sectors: int, tables: int
) -> bytes:
    after = list(range(1, sectors + 1))
    for name, start in starts.items():
        after[start + -(-max(len(streams[name]), CUTOFF) // SECTOR) - 1] = END
    after[sectors - 1] = END
    if directory_at:
        after[directory_at - 1] = END
    after += [FAT] * tables
    after += [FREE] * (tables * 128 - len(after))
    return struct.pack(f"<{len(after)}I", *after)
