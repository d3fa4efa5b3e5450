"""The labelled captures of a shared folder, unpacked and analysed; the scorer's own functions read the labels."""

from __future__ import annotations

import importlib.util
import multiprocessing
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import ModuleType
from typing import Any, Final, TypeVar

import yaml

from judging.analyse import elsewhere
from judging.analyses import Analysed, UnreadableError, analysed, pass_on

JOBS: Final = 2
PASSWORD: Final = b"infected"
ACTING: Final = ("infected", "attacker", "violator")
FAMILIES: Final = Path(__file__).with_name("families.yaml")
Given, Made = TypeVar("Given"), TypeVar("Made")


@dataclass(frozen=True)
class Case:
    """One labelled capture with what was found in it."""

    name: str
    """Such as ``mal/emotet.pcap``."""
    kind: str
    """Folder of the corpus: mal, ben, policy."""
    label: dict[str, Any]
    found: Analysed

    @cached_property
    def acting(self) -> set[str]:
        """Addresses of the machines that the label says act."""
        return {host["ip"] for host in self.label.get("hosts", []) if host["role"] in ACTING}

    @property
    def infected(self) -> set[str]:
        """Addresses of the machines that the label calls infected."""
        return {host["ip"] for host in self.label.get("hosts", []) if host["role"] == "infected"}

    @property
    def visible(self) -> bool:
        """Whether what the label names can be seen at all."""
        return self.label.get("visible", True) is not False

    @property
    def counted(self) -> bool:
        """Whether the scorer asks for a name."""
        return self.kind != "ben" and self.visible

    @property
    def family(self) -> str:
        """What it is a case of: captures of one family are never on both sides of a validation."""
        words = f"{self.name} {self.label.get('title', '')}".lower().replace("-", " ")
        for family, marks in families().items():
            if any(mark in words for mark in marks):
                return family
        return str((self.label.get("behaviours") or ["benign"])[0])

    def document(self) -> dict[str, Any]:
        """What the product says."""
        return self.found.document()


@cache
def families() -> dict[str, list[str]]:
    """Family → words of titles and file names that tell it; the first that fits counts."""
    given: dict[str, list[str]] = yaml.safe_load(FAMILIES.read_text(encoding="utf-8"))
    return given


@cache
def scorer(shared: Path) -> ModuleType:
    """The scorer of the shared folder."""
    path = shared / "tools/score_corpus.py"
    spec = importlib.util.spec_from_file_location("score_corpus", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["score_corpus"] = module
    spec.loader.exec_module(module)
    return module


@contextmanager
def unpacked(path: Path, name: str) -> Iterator[Path]:
    """The capture as a plain file."""
    if path.suffix != ".zip":
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="vonggac-judge-") as folder, zipfile.ZipFile(path) as archive:
        target = Path(folder, Path(name).name)
        target.write_bytes(archive.read(archive.namelist()[0], pwd=PASSWORD))
        yield target


def cases(shared: Path) -> Iterator[Case]:
    """Every capture that has a label or is benign; what cannot be analysed is left out (the scorer tells)."""
    labels = {entry["file"]: entry for entry in yaml.safe_load((shared / "corpus/labels.yaml").read_text())}
    work = [one for one in scorer(shared).captures(shared / "corpus") if one[0] == "ben" or one[2] in labels]
    for (kind, _, name), found in in_parallel("corpus", _analysed, work):
        if found is not None:
            yield Case(name, kind, labels.get(name, {}), found)


def elsewhere_documents(shared: Path) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """Name → what the product says of the capture taken elsewhere (``rewrite.py``); None: it cannot be rewritten."""
    labels = {entry["file"]: entry for entry in yaml.safe_load((shared / "corpus/labels.yaml").read_text())}
    work = []
    for kind, path, name in scorer(shared).captures(shared / "corpus"):
        homes = sorted({host["ip"] for host in labels.get(name, {}).get("hosts", [])})
        work.append((kind, path, name, homes))
    for (_, _, name, _), document in in_parallel("elsewhere", _elsewhere, work):
        yield name, document


def in_parallel(title: str, act: Callable[[Given], Made], work: Iterable[Given]) -> Iterator[tuple[Given, Made]]:
    """``act`` of each in processes of their own, with progress; in order of ``work``."""
    pass_on()
    tasks = list(work)
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(JOBS, mp_context=context) as pool:
        futures = [pool.submit(act, task) for task in tasks]
        for done, _ in enumerate(as_completed(futures), 1):
            progress(title, done, len(tasks))
        for task, future in zip(tasks, futures, strict=True):
            yield task, future.result()


def progress(title: str, done: int, of: int) -> None:
    """One line on standard error that is written over."""
    if sys.stderr.isatty() or done == of:
        print(f"\r{title}: {done}/{of} ", end="\n" if done == of else "", file=sys.stderr, flush=True)


def _analysed(task: tuple[str, Path, str]) -> Analysed | None:
    _, path, name = task
    try:
        with unpacked(path, name) as capture:
            return analysed([capture])
    except UnreadableError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return None


def _elsewhere(task: tuple[str, Path, str, list[str]]) -> dict[str, Any] | None:
    _, path, name, homes = task
    try:
        with unpacked(path, name) as capture:
            return elsewhere(capture, homes)
    except UnreadableError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return None
