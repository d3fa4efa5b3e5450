"""Builds inert Windows executables for rule cases: headers that parsers believe, no code that could run."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

ALIGN: Final = 0x200
PAGE: Final = 0x1000
_HEADERS: Final = 0x400
_READ_DATA: Final = 0x40000040
_EXECUTE: Final = 0x60000020
_RESOURCE_VERSION: Final = 16


@dataclass(frozen=True, slots=True)
class Executable:
    """What the rule under test may look at."""

    data: bytes = b""
    """Content of .data."""
    packed: bytes = b""
    """Content of an executable section."""
    imports: Mapping[str, list[str]] = field(default_factory=dict)
    version: Mapping[str, str] = field(default_factory=dict)
    """StringFileInfo: CompanyName, OriginalFilename …"""
    overlay: bytes = b""
    signed: bool = False
    """A certificate table is announced (its content is empty)."""
    stub: bytes = b""
    """Bytes at the very start; ``MZ`` and what follows up to the PE header's offset."""


def build(program: Executable) -> bytes:
    """The file: .text, .data, .idata and .rsrc as far as they have content, then the overlay."""
    layout = _Layout()
    layout.add(b".text", program.packed or b"\xc3", _EXECUTE)
    if program.data:
        layout.add(b".data", program.data, _READ_DATA)
    directories = [(0, 0)] * 16
    if program.imports:
        directories[1] = layout.add(b".idata", _imports(program.imports, layout.next_page), _READ_DATA)
    if program.version:
        directories[2] = layout.add(b".rsrc", _resources(program.version, layout.next_page), _READ_DATA)
    end = _HEADERS + len(layout.body)
    if program.signed:
        directories[4] = (end + len(program.overlay), 8)
    tail = program.overlay + (struct.pack("<IHH", 8, 0x200, 2) if program.signed else b"")
    return _header(program.stub, layout, directories) + bytes(layout.body) + tail


class _Layout:
    """Sections one after the other, in the file and in memory."""

    def __init__(self) -> None:
        self.table = bytearray()
        self.body = bytearray()
        self.count = 0
        self.next_page = PAGE

    def add(self, name: bytes, content: bytes, flags: int) -> tuple[int, int]:
        """Address and size of the new section."""
        address, offset = self.next_page, _HEADERS + len(self.body)
        self.body += content.ljust(-(-len(content) // ALIGN) * ALIGN, b"\0")
        stored = _HEADERS + len(self.body) - offset
        self.table += struct.pack("<8sIIIIIIHHI", name, len(content), address, stored, offset, 0, 0, 0, 0, flags)
        self.count += 1
        self.next_page += -(-len(content) // PAGE) * PAGE
        return address, len(content)


def _header(stub: bytes, layout: _Layout, directories: list[tuple[int, int]]) -> bytes:
    dos = bytearray((stub or b"MZ\x90\x00\x03\x00\x00\x00").ljust(0x40, b"\0"))
    struct.pack_into("<I", dos, 0x3C, 0x80)
    dos += b"\x0e\x1f\xba\x0e\x00\xb4\x09\xcd!This program cannot be run in DOS mode.\r\r\n$".ljust(0x40, b"\0")
    file = struct.pack("<4sHHIIIHH", b"PE\0\0", 0x14C, layout.count, 0x5F000000, 0, 0, 0xE0, 0x102)
    optional = struct.pack(
        "<HBBIIIIIIIIIHHHHHHIIIIHHIIIIII",
        0x10B, 14, 0, ALIGN, len(layout.body), 0, PAGE, PAGE, PAGE, 0x400000, PAGE, ALIGN,
        6, 0, 0, 0, 6, 0, 0, layout.next_page, _HEADERS, 0, 2, 0x8140, 0x100000, 0x1000, 0x100000, 0x1000, 0, 16,
    )  # fmt: skip
    pairs = b"".join(struct.pack("<II", *pair) for pair in directories)
    return (bytes(dos) + file + optional + pairs + bytes(layout.table)).ljust(_HEADERS, b"\0")


def _imports(imports: Mapping[str, list[str]], base: int) -> bytes:
    """Import descriptors, name tables and names, at address ``base``."""
    descriptors, tables, names = bytearray(), bytearray(), bytearray()
    tables_at = 20 * (len(imports) + 1)
    names_at = tables_at + sum(4 * (len(functions) + 1) for functions in imports.values())
    for library, functions in imports.items():
        table = base + tables_at + len(tables)
        for function in functions:
            tables += struct.pack("<I", base + names_at + len(names))
            names += struct.pack("<H", 0) + function.encode() + b"\0"
        tables += bytes(4)
        descriptors += struct.pack("<IIIII", table, 0, 0, base + names_at + len(names), table)
        names += library.encode() + b"\0"
    return bytes(descriptors) + bytes(20) + bytes(tables + names)


def _resources(version: Mapping[str, str], base: int) -> bytes:
    """A resource tree with one version resource."""
    info = _version_info(version)
    entry = struct.pack("<IIHHHH", 0, 0, 0, 0, 0, 1)[:16]
    levels = b""
    for depth, identifier in enumerate((_RESOURCE_VERSION, 1, 0x409)):
        target = 24 * (depth + 1)
        levels += entry + struct.pack("<II", identifier, target if depth == 2 else target | 0x80000000)
    leaf = struct.pack("<IIII", base + len(levels) + 16, len(info), 0, 0)
    return levels + leaf + info


def _version_info(version: Mapping[str, str]) -> bytes:
    fixed = struct.pack("<II", 0xFEEF04BD, 0x10000) + bytes(44)
    strings = b"".join(
        _node(key, (value + "\0").encode("utf-16-le"), len(value) + 1, 1) for key, value in version.items()
    )
    table = _node("040904b0", strings, 0, 1)
    return _node("VS_VERSION_INFO", fixed + _node("StringFileInfo", table, 0, 1), len(fixed), 0)


def _node(key: str, value: bytes, value_length: int, kind: int) -> bytes:
    name = (key + "\0").encode("utf-16-le")
    head = name + bytes(-(6 + len(name)) % 4)
    body = head + value
    return (struct.pack("<HHH", 6 + len(body), value_length, kind) + body).ljust((6 + len(body) + 3) // 4 * 4, b"\0")
