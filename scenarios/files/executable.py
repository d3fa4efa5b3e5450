"""Windows programs (PE): headers, sections, imports and version that parsers believe; the entry point only returns."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

FILE_ALIGN, PAGE, HEADERS = 0x200, 0x1000, 0x400
CODE, DATA, RESOURCES = 0x60000020, 0xC0000040, 0x40000040
"""Section characteristics: code that runs, data that is written, resources that are read."""
VERSION_RESOURCE, ENGLISH = 16, 0x409
RETURN = b"\x33\xc0\xc2\x0c\x00"
"""x86 ``xor eax, eax; ret 12``: all that the program does."""
BASE_IMPORTS = {"KERNEL32.dll": ("ExitProcess", "GetModuleHandleW", "GetLastError", "GetCommandLineW")}
DOS_STUB = b"\x0e\x1f\xba\x0e\x00\xb4\x09\xcd\x21\xb8\x01\x4c\xcd\x21This program cannot be run in DOS mode.\r\r\n$"


@dataclass(frozen=True)
class Program:
    """What the file says about itself and carries."""

    code: bytes = RETURN
    data: bytes = b""
    imports: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: BASE_IMPORTS)
    version: Mapping[str, str] = field(default_factory=dict)
    """CompanyName, OriginalFilename …"""
    library: bool = False
    """A DLL."""
    signature: bytes = b""
    """Content of the certificate table."""

    def encode(self) -> bytes:
        """The file."""
        sections: list[tuple[bytes, bytes, int]] = [(b".text", self.code, CODE)]
        sections += [(b".data", self.data, DATA)] if self.data else []
        directories = [(0, 0)] * 16
        address = PAGE + sum(_pages(content) for _, content, _ in sections)
        table = imports(self.imports, address)
        directories[1] = (address, len(table))
        sections.append((b".idata", table, DATA))
        if self.version:
            address += _pages(table)
            tree = resources(self.version, address)
            directories[2] = (address, len(tree))
            sections.append((b".rsrc", tree, RESOURCES))
        body = b"".join(_filled(content) for _, content, _ in sections)
        tail = b""
        if self.signature:
            tail = struct.pack("<IHH", 8 + len(self.signature), 0x200, 2) + self.signature
            tail += bytes(-len(tail) % 8)
            directories[4] = (HEADERS + len(body), len(tail))
        return self._headers(sections, directories) + body + tail

    def _headers(self, sections: list[tuple[bytes, bytes, int]], directories: list[tuple[int, int]]) -> bytes:
        rows, address, offset = b"", PAGE, HEADERS
        for name, content, flags in sections:
            stored = len(_filled(content))
            rows += struct.pack("<8sIIIIIIHHI", name, len(content), address, stored, offset, 0, 0, 0, 0, flags)
            address, offset = address + _pages(content), offset + stored
        flags = 0x2102 if self.library else 0x0102
        file = struct.pack("<4sHHIIIHH", b"PE\0\0", 0x14C, len(sections), 0x68B40000, 0, 0, 0xE0, flags)
        optional = struct.pack(
            "<HBBIIIIIIIIIHHHHHHIIIIHHIIIIII",
            0x10B, 14, 0, len(_filled(self.code)), offset - HEADERS, 0, PAGE, PAGE, 2 * PAGE, 0x400000, PAGE,
            FILE_ALIGN, 6, 0, 0, 0, 6, 0, 0, address, HEADERS, 0, 2, 0x8140, 0x100000, 0x1000, 0x100000, 0x1000, 0, 16,
        )  # fmt: skip
        pairs = b"".join(struct.pack("<II", *pair) for pair in directories)
        dos = bytearray(b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0\xb8".ljust(0x40, b"\0") + DOS_STUB).ljust(
            0x80, b"\0"
        )
        struct.pack_into("<I", dos, 0x3C, 0x80)
        return (bytes(dos) + file + optional + pairs + rows).ljust(HEADERS, b"\0")


def imports(libraries: Mapping[str, tuple[str, ...]], base: int) -> bytes:
    """Import descriptors, lookup tables and names at address ``base``."""
    descriptors, tables, names = b"", b"", b""
    tables_at = 20 * (len(libraries) + 1)
    names_at = tables_at + sum(4 * (len(functions) + 1) for functions in libraries.values())
    for library, functions in libraries.items():
        table = base + tables_at + len(tables)
        for function in functions:
            tables += struct.pack("<I", base + names_at + len(names))
            names += b"\0\0" + function.encode() + b"\0"
        tables += bytes(4)
        descriptors += struct.pack("<IIIII", table, 0, 0, base + names_at + len(names), table)
        names += library.encode() + b"\0"
    return descriptors + bytes(20) + tables + names


def resources(version: Mapping[str, str], base: int) -> bytes:
    """A resource tree at address ``base`` that holds one version."""
    info = _version(version)
    tree = b""
    for depth, number in enumerate((VERSION_RESOURCE, 1, ENGLISH)):
        below = 24 * (depth + 1) | (0 if depth == 2 else 0x80000000)
        tree += struct.pack("<IIHHHH", 0, 0, 0, 0, 0, 1) + struct.pack("<II", number, below)
    return tree + struct.pack("<IIII", base + len(tree) + 16, len(info), 0, 0) + info


def _version(version: Mapping[str, str]) -> bytes:
    fixed = struct.pack("<IIIIIIIIIIIII", 0xFEEF04BD, 0x10000, 0x10000, 0, 0x10000, 0, 0x3F, 0, 0x40004, 1, 0, 0, 0)
    strings = b"".join(_node(key, _wide(value), len(value) + 1, 1) for key, value in version.items())
    table = _node("StringFileInfo", _node("040904b0", strings, 0, 1), 0, 1)
    return _node("VS_VERSION_INFO", fixed + table, len(fixed), 0)


def _node(key: str, value: bytes, length: int, kind: int) -> bytes:
    name = _wide(key)
    body = name + bytes(-(6 + len(name)) % 4) + value
    return (struct.pack("<HHH", 6 + len(body), length, kind) + body).ljust((9 + len(body)) // 4 * 4, b"\0")


def _wide(text: str) -> bytes:
    return (text + "\0").encode("utf-16-le")


def _filled(content: bytes) -> bytes:
    return content.ljust(-(-len(content) // FILE_ALIGN) * FILE_ALIGN, b"\0")


def _pages(content: bytes) -> int:
    return -(-len(content) // PAGE) * PAGE
