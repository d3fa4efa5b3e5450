"""The files are what they claim to be, for readers that are not ours."""

from __future__ import annotations

import io
import struct
import zipfile
from random import Random

import pytest
import yara

from scenarios.files import compound, small
from scenarios.files.document import MACRO, compressed, document
from scenarios.files.executable import Program
from scenarios.files.kinds import KINDS, made

PROGRAMS = ("pe", "pe-packed", "pe-disguised", "pe-published", "dll")
PROBE = """
import "pe"
rule whole { condition: pe.is_pe and pe.number_of_sections >= 2 and pe.entry_point > 0
             and pe.imports("KERNEL32.dll") > 0 and pe.overlay.size == 0 }
rule signed { condition: pe.data_directories[pe.IMAGE_DIRECTORY_ENTRY_SECURITY].size > 0 }
rule library { condition: pe.is_dll() }
rule disguised { condition: pe.version_info["OriginalFilename"] endswith ".pdf.exe" }
"""
MAGIC = {
    "elf": b"\x7fELF", "lnk": b"\x4c\0\0\0\x01\x14\x02\0", "zip": b"PK\x03\x04", "jar": b"PK\x03\x04", "docx": b"PK\x03\x04",
    "docm": b"PK\x03\x04", "doc": b"\xd0\xcf\x11\xe0", "doc-macro": b"\xd0\xcf\x11\xe0", "pdf": b"%PDF-1.7", "swf": b"CWS",
    "jpeg": b"\xff\xd8\xff\xe0", "one": bytes.fromhex("e4525c7b8cd8a74d"), "iso": bytes(16),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_same_chance_same_file(kind: str) -> None:
    assert made(kind, Random(3), 5_000) == made(kind, Random(3), 5_000)


@pytest.mark.parametrize(("kind", "magic"), MAGIC.items())
def test_files_begin_as_they_should(kind: str, magic: bytes) -> None:
    assert made(kind, Random(1)).content.startswith(magic)


@pytest.mark.parametrize("kind", PROGRAMS)
def test_programs_are_whole(kind: str) -> None:
    found = {match.rule for match in yara.compile(source=PROBE).match(data=made(kind, Random(1), 30_000).content)}
    if kind != "pe-published":  # the certificates of a signature count as overlay
        assert "whole" in found
    assert ("signed" in found) is (kind == "pe-published")
    assert ("library" in found) is (kind == "dll")
    assert ("disguised" in found) is (kind == "pe-disguised")


def test_the_entry_point_only_returns() -> None:
    content = Program().encode()
    assert content[0x400:].startswith(b"\x33\xc0\xc2\x0c\x00")


def test_a_compound_file_gives_its_streams_back() -> None:
    streams = {"WordDocument": b"a" * 700, "Macros/VBA/dir": b"b" * 5_000, "Macros/PROJECT": b"c"}
    content = compound.compound(streams)
    table = struct.unpack_from("<109I", content, 76)
    sectors = [content[512 + at : 1024 + at] for at in range(0, len(content) - 512, 512)]
    links = [link for number in table if number != compound.FREE for link in struct.unpack("<128I", sectors[number])]

    def chain(number: int) -> bytes:
        data = b""
        while number != compound.END:
            data, number = data + sectors[number], links[number]
        return data

    directory = chain(struct.unpack_from("<I", content, 48)[0])
    found = {}
    for at in range(0, len(directory), 128):
        size = struct.unpack_from("<H", directory, at + 64)[0]
        name = directory[at : at + max(0, size - 2)].decode("utf-16-le")
        if directory[at + 66] == compound.STREAM:
            found[name] = chain(struct.unpack_from("<I", directory, at + 116)[0])
    assert found.keys() == {"WordDocument", "dir", "PROJECT"}
    assert all(found[path.rpartition("/")[2]].startswith(stream) for path, stream in streams.items())


def test_a_document_with_a_macro_carries_its_source() -> None:
    with zipfile.ZipFile(io.BytesIO(document("Công văn", MACRO))) as archive:
        assert archive.testzip() is None
        project = archive.read("word/vbaProject.bin")
    assert compressed(MACRO.encode()) in project
    assert "word/vbaProject.bin" not in zipfile.ZipFile(io.BytesIO(document("Công văn"))).namelist()


def test_a_disc_lists_its_file() -> None:
    content = small.disc("CV.EXE", b"MZ" + bytes(3_000))
    assert content[16 * 2048 + 1 : 16 * 2048 + 6] == b"CD001"
    root = content[18 * 2048 : 19 * 2048]
    at = root.index(b"CV.EXE;1") - 33
    sector, size = struct.unpack_from("<I", root, at + 2)[0], struct.unpack_from("<I", root, at + 10)[0]
    assert content[sector * 2048 : sector * 2048 + size].startswith(b"MZ")
    assert size == 3_002


def test_a_notebook_holds_its_file() -> None:
    inside = made("pe", Random(1), 2_000).content
    content = small.notebook(inside, "Ghi chu")
    at = content.index(small.EMBEDDED_ID)
    assert struct.unpack_from("<Q", content, at + 16)[0] == len(inside)
    assert content[at + 36 :].startswith(inside)
