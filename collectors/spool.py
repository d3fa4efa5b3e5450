"""Segments wait here, on disk, until the pipeline has acknowledged them.

One folder a segment: an Arrow IPC file per dataset, ``files.arrow`` with extracted files, and ``meta.json``, which is
written last and carries size and checksum of the others. A segment appears by one rename and vanishes by one rename,
so a crash at any point leaves it whole or not there. One process writes, one process reads and acknowledges.
"""

from __future__ import annotations

import errno
import fcntl
import json
import logging
import os
import re
import shutil
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.ipc as ipc

from collectors.segment import ExtractedFile, Segment

THINNED_FIRST: Final = ("flow", "flow_update", "icmp")
"""Datasets that go first when the disk is short: bulk without content. Protocol events and files prove infections."""
RESERVED: Final = 1_000
"""Sequence numbers taken at a time: one small write per so many segments; a crash leaves a gap, never a repeat."""
FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What a disk without room says, a quota, and a limit of the process."""
_TEMPORARY: Final = ".tmp-"
_FINISHED: Final = ".done-"
_NAME: Final = re.compile(r"[A-Za-z0-9_.:@+-]{1,180}")
_LOG = logging.getLogger(__name__)


class SpoolError(Exception):
    """The spool cannot be used; one line that says why and what to do."""


class Spool:
    """Durable queue of segments of one sensor."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        """``max_bytes``: beyond it flows are dropped, oldest first, then whole segments. SpoolError: no access."""
        self._folder = folder
        self._max_bytes = max_bytes
        self._sizes: dict[str, int] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise SpoolError(f"spool {folder}: {error.strerror}; check the path and its rights") from error
        self.dropped: Counter[str] = Counter(_read_json(folder / "dropped.json"))
        """Rows dropped since the spool exists, by dataset, and ``segments``: dropped whole."""

    # ---- writing (the sensor's process)

    def claim(self) -> SpoolWriter:
        """Become the writer; SpoolError while another process is."""
        return SpoolWriter(self)

    def put(self, segment: Segment) -> bool:
        """Keep a segment durably; False when the disk is too full even without flows (counted in ``dropped``)."""
        if not _NAME.fullmatch(segment.id):
            raise SpoolError(f"segment id {segment.id!r} cannot be a folder name; use letters, digits and . : @ + - _")
        if (self._folder / segment.id).is_dir():
            return True  # put before a crash, which came before the sensor knew
        self._make_room()
        candidates = (segment, thin(segment), None)
        for candidate in candidates:
            if candidate is None:
                break
            try:
                self._sizes[segment.id] = _write(self._folder, candidate)
            except OSError as error:
                if error.errno not in FULL:
                    raise SpoolError(f"spool {self._folder}: {error.strerror}; nothing can be stored") from error
                shutil.rmtree(self._folder / (_TEMPORARY + segment.id), ignore_errors=True)
                continue
            if candidate is not segment:
                self._count(_rows(segment) - _rows(candidate))
            return True
        self._count(_rows(segment) + Counter(segments=1))
        return False

    # ---- reading (the pipeline's process)

    def pending(self) -> list[str]:
        """Ids of the segments that wait, in order."""
        with os.scandir(self._folder) as entries:
            names = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
        return sorted((name for name in names if _NAME.fullmatch(name) and name[0] != "."), key=_order)

    def read(self, segment_id: str) -> Segment | None:
        """A waiting segment. None when it is gone, or was corrupt and has been put into ``quarantine/``."""
        path = self._folder / segment_id
        for _attempt in range(2):  # thinning may have replaced the list of files between two reads
            try:
                return _read(path)
            except FileNotFoundError:
                continue
            except (ValueError, KeyError, TypeError, pa.ArrowException) as error:
                self._quarantine(path, str(error))
                return None
        if path.exists():
            self._quarantine(path, "files are missing")
        return None

    def segments(self) -> Iterator[Segment]:
        """What waits now, in order."""
        for name in self.pending():
            segment = self.read(name)
            if segment is not None:
                yield segment

    def acknowledge(self, segment_id: str) -> None:
        """The segment is stored and processed: forget it. Doing so twice is harmless."""
        finished = self._folder / (_FINISHED + segment_id)
        try:
            (self._folder / segment_id).rename(finished)
        except FileNotFoundError:
            return
        shutil.rmtree(finished, ignore_errors=True)

    @property
    def bytes(self) -> int:
        """What waits on disk."""
        self._refresh_sizes()
        return sum(self._sizes.values())

    # ---- room

    def _make_room(self) -> None:
        if self.bytes <= self._max_bytes:
            return
        names = self.pending()[1:]  # the first one may be in the hands of the pipeline
        for shrink in (self._thin, self._drop):
            for name in names:
                if sum(self._sizes.values()) <= self._max_bytes:
                    return
                shrink(name)

    def _thin(self, name: str) -> None:
        path = self._folder / name
        try:
            meta = _read_meta(path)
            gone = [dataset for dataset in THINNED_FIRST if dataset in meta["tables"]]
            if not gone:
                return
            rows = Counter({dataset: int(meta["tables"].pop(dataset)["rows"]) for dataset in gone})
            _write_meta(path, meta)
            for dataset in gone:
                (path / f"{dataset}.arrow").unlink(missing_ok=True)
        except (FileNotFoundError, KeyError, ValueError):
            return  # acknowledged meanwhile, or corrupt: reading decides
        self._sizes[name] = _size(path)
        self._count(rows)

    def _drop(self, name: str) -> None:
        try:
            meta = _read_meta(self._folder / name)
        except (FileNotFoundError, ValueError):
            meta = {}  # acknowledged meanwhile, or corrupt: nobody knows how many rows it had
        rows = Counter({dataset: int(table["rows"]) for dataset, table in meta.get("tables", {}).items()})
        self.acknowledge(name)
        self._sizes.pop(name, None)
        self._count(rows + Counter(segments=1))

    def _count(self, rows: Counter[str]) -> None:
        self.dropped.update(rows)
        _LOG.warning("spool %s is full: dropped %s", self._folder, dict(rows))
        try:
            _write_file(self._folder / "dropped.json", json.dumps(self.dropped).encode())
        except OSError as error:  # a full disk: the figure lives on in memory and is written with the next one
            _LOG.warning("spool %s: cannot write the drop counters: %s", self._folder, error.strerror)

    def _refresh_sizes(self) -> None:
        waiting = set(self.pending())
        self._sizes = {
            name: self._sizes[name] if name in self._sizes else _size(self._folder / name) for name in waiting
        }

    def _quarantine(self, path: Path, reason: str) -> None:
        target = self._folder / ".quarantine" / path.name
        target.parent.mkdir(exist_ok=True)
        shutil.rmtree(target, ignore_errors=True)
        path.rename(target)
        self.dropped["corrupt"] += 1
        _LOG.error("segment %s is corrupt (%s): moved to %s; tell the vendor if it recurs", path.name, reason, target)


class SpoolWriter:
    """Held by the one process that writes into a spool; names its segments."""

    def __init__(self, spool: Spool) -> None:
        folder = spool._folder
        self._spool = spool
        self._lock = (folder / "writer.lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.close()
            raise SpoolError(f"spool {folder}: another sensor writes here; stop it or use another folder") from error
        for leftover in (*folder.glob(f"{_TEMPORARY}*"), *folder.glob(f"{_FINISHED}*")):
            shutil.rmtree(leftover, ignore_errors=True)  # what a crash left half-written was never acknowledged
        try:
            self._next = int(_read_json(folder / "sequence.json").get("next", 1))
        except SpoolError:
            self._lock.close()
            raise
        self._reserved = self._next

    def next_sequence(self) -> int:
        """A number that no segment of this spool has had; OSError when it cannot be made durable."""
        if self._next >= self._reserved:
            self._reserved = self._next + RESERVED
            _write_file(self._spool._folder / "sequence.json", json.dumps({"next": self._reserved}).encode())
        self._next += 1
        return self._next - 1

    def put(self, segment: Segment) -> bool:
        """See ``Spool.put``."""
        return self._spool.put(segment)

    def put_next(self, segment: Segment) -> bool:
        """``put`` under the next number of this spool, whatever the segment's id was."""
        try:
            number = self.next_sequence()
        except OSError as error:
            if error.errno not in FULL:
                raise SpoolError(f"spool {self._spool._folder}: {error.strerror}; nothing can be stored") from error
            self._spool._count(_rows(segment) + Counter(segments=1))
            return False
        return self.put(replace(segment, id=f"{segment.observer}-{number}"))

    def close(self) -> None:
        """Let another process write."""
        self._lock.close()


@dataclass(frozen=True, slots=True)
class _Content:
    name: str
    rows: int
    body: bytes


def thin(segment: Segment) -> Segment:
    """The segment without what may be dropped first."""
    return replace(segment, tables={name: t for name, t in segment.tables.items() if name not in THINNED_FIRST})


def _rows(segment: Segment) -> Counter[str]:
    return Counter({name: table.num_rows for name, table in segment.tables.items()})


def _order(name: str) -> tuple[str, int]:
    """``hub-1-12`` after ``hub-1-9``: by observer, then by number."""
    observer, _, number = name.rpartition("-")
    return (observer, int(number)) if number.isdigit() else (name, 0)


def _contents(segment: Segment) -> Iterator[_Content]:
    for name, table in segment.tables.items():
        if table.num_rows:
            yield _Content(name, table.num_rows, _serialised(table))
    if segment.files:
        ids = pa.array([file.event_id for file in segment.files], pa.string())
        bodies = pa.array([file.content for file in segment.files], pa.large_binary())
        yield _Content("files", len(segment.files), _serialised(pa.table({"event.id": ids, "content": bodies})))


def _serialised(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with ipc.new_file(sink, table.schema, options=ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(table)
    body: bytes = sink.getvalue().to_pybytes()
    return body


def _write(folder: Path, segment: Segment) -> int:
    """Write under a temporary name, force to disk, rename; gives the size."""
    temporary = folder / (_TEMPORARY + segment.id)
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(mode=0o700)
    tables: dict[str, Any] = {}
    files: dict[str, Any] | None = None
    for content in _contents(segment):
        described = {"rows": content.rows, "bytes": len(content.body), "crc32": zlib.crc32(content.body)}
        if content.name == "files":
            files = described
        else:
            tables[content.name] = described
        _write_file(temporary / f"{content.name}.arrow", content.body, sync_folder=False)
    meta = {"id": segment.id, "observer": segment.observer, "clock": segment.clock, "tables": tables, "files": files}
    _write_meta(temporary, meta)
    temporary.rename(folder / segment.id)
    _sync(folder)
    return _size(folder / segment.id)


def _read(path: Path) -> Segment:
    meta = _read_meta(path)
    tables = {name: _table(path / f"{name}.arrow", described) for name, described in meta["tables"].items()}
    files: list[ExtractedFile] = []
    if meta["files"]:
        table = _table(path / "files.arrow", meta["files"])
        pairs = zip(table["event.id"].to_pylist(), table["content"].to_pylist(), strict=True)
        files = [ExtractedFile(event_id, content) for event_id, content in pairs]
    return Segment(str(meta["id"]), str(meta["observer"]), tables, int(meta["clock"]), tuple(files))


def _table(path: Path, described: Mapping[str, int]) -> pa.Table:
    body = path.read_bytes()
    if len(body) != described["bytes"] or zlib.crc32(body) != described["crc32"]:
        raise ValueError(f"{path.name} is not what was written")
    with ipc.open_file(pa.BufferReader(body)) as reader:
        return reader.read_all()


def _write_file(path: Path, body: bytes, sync_folder: bool = True) -> None:
    """Readers see the old content or the new, also after power loss."""
    temporary = path.with_name(f".{path.name}.new")
    with temporary.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    if sync_folder:
        _sync(path.parent)


def _write_meta(path: Path, meta: Mapping[str, Any]) -> None:
    body = json.dumps(meta).encode()
    _write_file(path / "meta.json", b"%s\n%08x\n" % (body, zlib.crc32(body)))


def _read_meta(path: Path) -> dict[str, Any]:
    """FileNotFoundError; ValueError: it is not what was written."""
    body, _, checksum = (path / "meta.json").read_bytes().partition(b"\n")
    if checksum != b"%08x\n" % zlib.crc32(body):
        raise ValueError("meta.json is not what was written")
    meta: dict[str, Any] = json.loads(body)
    return meta


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _size(path: Path) -> int:
    try:
        with os.scandir(path) as entries:
            return sum(entry.stat().st_size for entry in entries)
    except FileNotFoundError:
        return 0  # acknowledged meanwhile


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise SpoolError(f"{path} is damaged; restore it, or move the whole folder away to start anew") from error
    return content
