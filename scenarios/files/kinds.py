"""Kinds of files by name."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from scenarios.files import document, small
from scenarios.files.executable import Program

EXECUTABLE, BINARY = "application/x-msdownload", "application/octet-stream"
TEXT = "Thông báo về việc kiểm tra công tác bảo đảm an ninh mạng quý IV năm 2026."


@dataclass(frozen=True)
class File:
    """A file on its way."""

    name: str
    """The usual name of one of its kind."""
    media_type: str
    """What an honest server declares."""
    content: bytes


def made(kind: str, rng: Random, size: int = 0) -> File:
    """A file of ``kind``, filled up to about ``size`` bytes where the kind can be. Raises KeyError."""
    name, media_type, build = KINDS[kind]
    return File(name, media_type, build(rng, size))


def _program(rng: Random, size: int) -> bytes:
    return Program(data=_filling(rng, size)).encode()


def _packed(rng: Random, size: int) -> bytes:
    code = b"\x33\xc0\xc2\x0c\x00" + rng.randbytes(max(size, 12_288))
    return Program(code=code, imports={"KERNEL32.dll": ("LoadLibraryA", "GetProcAddress", "VirtualProtect")}).encode()


def _library(rng: Random, size: int) -> bytes:
    return Program(data=_filling(rng, size), library=True).encode()


def _published(rng: Random, size: int) -> bytes:
    """As a maker of software ships it: signed, with its name."""
    version = {"CompanyName": "Example Software JSC", "ProductName": "Vi Du", "OriginalFilename": "setup.exe"}
    functions = ("CreateFileW", "ReadFile", "WriteFile", "CloseHandle", "ExitProcess", "GetModuleHandleW", "HeapAlloc")
    libraries = {"KERNEL32.dll": functions, "USER32.dll": ("MessageBoxW", "LoadIconW", "RegisterClassW")}
    data = _filling(rng, size)
    return Program(data=data, imports=libraries, version=version, signature=rng.randbytes(2048)).encode()


def _disguised(rng: Random, size: int) -> bytes:
    """Its own version resource says that it poses as a document (rules/yara: pe-document-name)."""
    version = {"OriginalFilename": "Cong-van-hoa-toc.pdf.exe", "FileDescription": "Cong van hoa toc"}
    return Program(data=_filling(rng, size), version=version).encode()


def _filling(rng: Random, size: int) -> bytes:
    """Half text, half noise: as dense as real programs are."""
    count = max(size - 2048, 512) // 64
    return b"".join(rng.randbytes(32) + b"%032d" % rng.randrange(10**9) for _ in range(count))


def _flash(rng: Random, size: int) -> bytes:
    body = bytes.fromhex("78000555000001f4000000180100441108000000") + rng.randbytes(max(size, 600)) + b"\x40\0\0\0"
    return b"CWS\x0a" + (len(body) + 8).to_bytes(4, "little") + zlib.compress(body, 9)


def _jar(rng: Random, size: int) -> bytes:
    manifest = b"Manifest-Version: 1.0\r\nMain-Class: a\r\n\r\n"
    return document.archive(
        {"META-INF/MANIFEST.MF": manifest, "a.class": b"\xca\xfe\xba\xbe\0\0\x004" + rng.randbytes(max(size, 900))}
    )


def _zip(rng: Random, size: int) -> bytes:
    return document.archive({"Cong van.exe": _program(rng, size)})


def _picture(rng: Random, size: int) -> bytes:
    head = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
    return head + rng.randbytes(max(size, 1_000)).replace(b"\xff", b"\xfe") + b"\xff\xd9"


def _pdf(rng: Random, size: int) -> bytes:
    stream = zlib.compress(rng.randbytes(max(size, 3_000)))
    head = (
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    )
    body = b"3 0 obj\n<</Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream\nendobj\n" % (len(stream), stream)
    return head + body + b"trailer\n<</Root 1 0 R/Size 4>>\n%%EOF\n"


def _text(body: str) -> Callable[[Random, int], bytes]:
    return lambda rng, size: body.encode() + b"".join(b"\r\n' %08x" % rng.getrandbits(32) for _ in range(size // 12))


def _elf(rng: Random, size: int) -> bytes:
    head = bytes.fromhex("7f454c46010101000000000000000000") + bytes.fromhex("02000300010000005480040834000000")
    return (
        head
        + bytes.fromhex("0000000000000000340020000100280000000000")
        + b"\x31\xc0\x40\xcd\x80"
        + rng.randbytes(max(size, 2_000))
    )


Builder = Callable[[Random, int], bytes]
KINDS: dict[str, tuple[str, str, Builder]] = {
    "pe": ("chuongtrinh.exe", EXECUTABLE, _program),
    "pe-packed": ("cap-nhat.exe", EXECUTABLE, _packed),
    "pe-disguised": ("Cong-van-hoa-toc.pdf.exe", EXECUTABLE, _disguised),
    "pe-published": ("setup.exe", EXECUTABLE, _published),
    "dll": ("thuvien.dll", BINARY, _library),
    "elf": ("capnhat.bin", BINARY, _elf),
    "ps1": ("caidat.ps1", "text/plain", _text("$ten = 'VP'\r\nWrite-Output $ten")),
    "vbs": ("caidat.vbs", "text/vbscript", _text('Dim ten\r\nten = "VP"\r\nWScript.Echo ten')),
    "js": ("caidat.js", "application/javascript", _text('var ten = "VP";\r\nWScript.Echo(ten);\r\n//')),
    "bat": ("caidat.bat", "text/plain", _text("@echo off\r\necho VP\r\nrem")),
    "hta": ("thongbao.hta", "application/hta", _text(
        '<html><hta:application id="a"/><script language="VBScript">\r\nWindow.Close\r\n</script></html>')),
    "php": ("index.php", "text/plain", _text("<?php echo 'VP'; ?>")),
    "html": ("tin.html", "text/html", _text(f"<!doctype html><html><body><p>{TEXT}</p></body></html>")),
    "lnk": ("Cong van.lnk", BINARY, lambda rng, size: small.shortcut("..\\..\\Windows\\explorer.exe", "C:\\TaiLieu")),
    "one": ("Ghi chu.one", "application/onenote", lambda rng, size: small.notebook(_program(rng, size), "Ghi chu")),
    "iso": ("TaiLieu.iso", "application/x-iso9660-image", lambda rng, size: small.disc("CV.EXE", _program(rng, size))),
    "zip": ("TaiLieu.zip", "application/zip", _zip),
    "jar": ("a.jar", "application/java-archive", _jar),
    "swf": ("banner.swf", "application/x-shockwave-flash", _flash),
    "doc": ("Cong van.doc", "application/msword", lambda rng, size: document.old_document(TEXT)),
    "doc-macro": ("Cong van.doc", "application/msword", lambda rng, size: document.old_document(TEXT, document.MACRO)),
    "docx": ("Cong van.docx", document.PLAIN_MAIN.removesuffix(".main+xml"), lambda rng, size: document.document(TEXT)),
    "docm": ("Cong van.docm", "application/vnd.ms-word.document.macroEnabled.12",
             lambda rng, size: document.document(TEXT, document.MACRO)),
    "pdf": ("Cong van.pdf", "application/pdf", _pdf),
    "jpeg": ("anh.jpg", "image/jpeg", _picture),
}  # fmt: skip
"""Kind → usual name, declared type, builder."""
