"""Builds the inert files of rule cases from what ``rules/yara/cases/*.yaml`` says about them.

A sample is a mapping: ``parts`` (name → piece) joined by ``glue`` and put into a container ``in``. A piece is text, or a
mapping with one source (``text``, ``hex``, ``random``, ``sample``) and any of ``wide``, ``xor``, ``base64``, ``hexed``,
``reverse``, ``times``. Nothing of it is code, so a bundle may carry it.
"""

from __future__ import annotations

import base64
import io
import random
import zipfile
from collections.abc import Mapping
from typing import Any, Final

from pipelines.detect.yara.portable_executable import Executable, build

OLE_MAGIC: Final = bytes.fromhex("d0cf11e0a1b11ae1")
ELF_MAGIC: Final = b"\x7fELF\x01\x01\x01".ljust(52, b"\0")


def sample(description: Mapping[str, Any]) -> bytes:
    """The bytes of one sample. Raises ValueError naming what is not understood."""
    parts = {name: piece(value) for name, value in description.get("parts", {}).items()}
    joined = str(description.get("glue", "\n")).encode().join(parts.values())
    container = description.get("in", "raw")
    if container == "pe":
        return _executable(description.get("pe", {}), joined)
    if container == "zip":
        return _archive(parts)
    heads = {"raw": b"", "ole": OLE_MAGIC.ljust(512, b"\0"), "elf": ELF_MAGIC}
    if container not in heads:
        raise ValueError(f"unknown container {container!r}: raw, pe, zip, ole or elf")
    return bytes(heads[container]) + joined


def piece(value: Any) -> bytes:
    """One part of a sample."""
    if not isinstance(value, Mapping):
        return str(value).encode()
    if "text" in value:
        raw = str(value["text"]).encode("utf-16-le" if value.get("wide") else "utf-8")
    elif "hex" in value:
        raw = bytes.fromhex(value["hex"])
    elif "random" in value:
        raw = random.Random(0).randbytes(int(value["random"]))
    elif "sample" in value:
        raw = sample(value["sample"])
    else:
        raise ValueError(f"a part needs text, hex, random or sample: {dict(value)}")
    return _coded(raw, value)


def varied(description: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """``description`` with ``change`` laid over it; mappings are merged, anything else is replaced."""
    merged = dict(description)
    for key, value in change.items():
        below = merged.get(key)
        nested = key in ("parts", "pe") and isinstance(below, Mapping)
        merged[key] = {**below, **value} if nested and isinstance(below, Mapping) else value
    return merged


def _coded(raw: bytes, how: Mapping[str, Any]) -> bytes:
    if "xor" in how:
        raw = bytes(byte ^ how["xor"] for byte in raw)
    if how.get("base64"):
        raw = base64.b64encode(raw)
    if how.get("hexed"):
        raw = raw.hex().encode()
    if how.get("reverse"):
        raw = raw[::-1]
    return raw * int(how.get("times", 1))


def _executable(options: Mapping[str, Any], data: bytes) -> bytes:
    return build(
        Executable(
            data=data,
            packed=piece(options["packed"]) if "packed" in options else b"",
            imports=options.get("imports", {}),
            version=options.get("version", {}),
            overlay=piece(options["overlay"]) if "overlay" in options else b"",
            signed=bool(options.get("signed", False)),
            stub=bytes.fromhex(options.get("stub", "")),
        )
    )


def _archive(members: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()
