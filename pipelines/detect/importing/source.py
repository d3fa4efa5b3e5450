"""Files of a rule set from outside: a folder, an archive (zip, tar) or single files, none of which is trusted."""

from __future__ import annotations

import stat
import tarfile
import zipfile
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final

FILES_MOST: Final = 100_000
"""Files of one rule set; the largest public sets have some ten thousand."""
FILE_BYTES: Final = 16 << 20
"""One file: public signature files reach some megabytes."""
TOTAL_BYTES: Final = 256 << 20
"""Everything that is unpacked: beyond it the archive is a bomb, or no rule set."""
_SKIPPED: Final = frozenset({".git", ".github", "__MACOSX"})


class SourceError(Exception):
    """The rule set cannot be read at all: one line with path, reason and what to do."""


@dataclass(frozen=True, slots=True)
class RuleFile:
    """One file of the set."""

    name: str
    """Place within the set, with / between the parts, never absolute, never with ``..``."""
    raw: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """One entry that is not read, and why."""

    name: str
    reason: str


def files(path: Path, suffixes: Collection[str]) -> Iterator[RuleFile | Refused]:
    """Every file whose name ends in one of ``suffixes``, in a fixed order; raises SourceError."""
    try:
        if path.is_dir():
            yield from _folder(path, suffixes)
        elif zipfile.is_zipfile(path):
            yield from _zip(path, suffixes)
        elif path.is_file() and tarfile.is_tarfile(path):
            yield from _tar(path, suffixes)
        else:
            yield RuleFile(path.name, _limited(path))
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror or error}; give a readable folder, archive or file") from error
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, NotImplementedError) as error:
        raise SourceError(f"{path}: is a damaged archive ({error}); fetch it again") from error


def place(name: str) -> str | None:
    """The name of an archive's entry if it stays within the set; None if it points elsewhere (zip slip)."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    outside = (
        not parts or name.startswith(("/", "\\")) or any(part == ".." or ":" in part or "\0" in part for part in parts)
    )
    return None if outside else "/".join(parts)


def _folder(path: Path, suffixes: Collection[str]) -> Iterator[RuleFile | Refused]:
    budget = _Budget(path)
    root = path.resolve()
    found = (one for one in path.rglob("*") if one.suffix.lower() in suffixes and not _SKIPPED & set(one.parts))
    for one in sorted(found):
        name = one.relative_to(path).as_posix()
        if not one.resolve().is_relative_to(root):
            yield Refused(name, "is a link to a place outside the folder")
        elif one.is_file():
            yield from budget.take(name, one.stat().st_size, one)


def _zip(path: Path, suffixes: Collection[str]) -> Iterator[RuleFile | Refused]:
    budget = _Budget(path)
    with zipfile.ZipFile(path) as archive:
        for entry in sorted(archive.infolist(), key=lambda entry: entry.filename):
            if entry.is_dir() or not _wanted(entry.filename, suffixes):
                continue
            name = place(entry.filename)
            if name is None:
                yield Refused(entry.filename[:200], "points outside the archive")
            elif stat.S_ISLNK(entry.external_attr >> 16):
                yield Refused(name, "is a link")
            elif entry.flag_bits & 1:
                yield Refused(name, "is encrypted; unpack the archive first")
            else:
                with archive.open(entry) as content:
                    yield from budget.take(name, entry.file_size, content)


def _tar(path: Path, suffixes: Collection[str]) -> Iterator[RuleFile | Refused]:
    budget = _Budget(path)
    with tarfile.open(path) as archive:
        for entry in archive:
            budget.look(entry.size)
            if entry.isdir() or not _wanted(entry.name, suffixes):
                continue
            name = place(entry.name)
            if name is None:
                yield Refused(entry.name[:200], "points outside the archive")
            elif not entry.isfile():
                yield Refused(name, "is a link or a device")
            else:
                content = archive.extractfile(entry)
                assert content
                yield from budget.take(name, entry.size, content)


class _Budget:
    """What one set may still cost; what an archive states about sizes is not believed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._files = 0
        self._bytes = 0
        self._passed = 0

    def look(self, size: int) -> None:
        """An entry of a compressed stream that has to be passed over, wanted or not."""
        self._passed += size
        if self._passed > 4 * TOTAL_BYTES:
            raise SourceError(f"{self._path}: unpacks to more than {4 * TOTAL_BYTES >> 20} MiB; it is no set of rules")

    def take(self, name: str, stated: int, content: IO[bytes] | Path) -> Iterator[RuleFile | Refused]:
        self._files += 1
        if self._files > FILES_MOST:
            raise SourceError(f"{self._path}: has more than {FILES_MOST:,} files; import it in parts")
        if stated > FILE_BYTES:
            yield Refused(name, f"is larger than {FILE_BYTES >> 20} MiB")
            return
        raw = _limited(content) if isinstance(content, Path) else content.read(FILE_BYTES + 1)
        self._bytes += len(raw)
        if self._bytes > TOTAL_BYTES:
            raise SourceError(f"{self._path}: unpacks to more than {TOTAL_BYTES >> 20} MiB; it is no set of rules")
        if len(raw) > FILE_BYTES:
            yield Refused(name, f"is larger than {FILE_BYTES >> 20} MiB")
        else:
            yield RuleFile(name, raw)


def _limited(path: Path) -> bytes:
    with path.open("rb") as file:
        raw = file.read(FILE_BYTES + 1)
    if len(raw) > FILE_BYTES:
        raise SourceError(f"{path}: is larger than {FILE_BYTES >> 20} MiB; split it")
    return raw


def _wanted(name: str, suffixes: Collection[str]) -> bool:
    pure = PurePosixPath(name.replace("\\", "/"))
    return pure.suffix.lower() in suffixes and not _SKIPPED & set(pure.parts)


def text(raw: bytes) -> str:
    """UTF-8, or Latin-1 where a file of other people is not: every byte keeps its place."""
    with suppress(UnicodeDecodeError):
        return raw.decode("utf-8-sig")
    return raw.decode("latin-1")
