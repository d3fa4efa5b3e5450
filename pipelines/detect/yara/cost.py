"""What rules cost: processor time on samples of what crosses a network, and of what makes bad rules slow."""

from __future__ import annotations

import base64
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import yara

from pipelines.detect.yara.portable_executable import Executable, build
from pipelines.detect.yara.rules import EXTERNALS
from pipelines.detect.yara.source import only, places

SAMPLE_BYTES: Final = 256 << 10
"""Of each sample: enough to tell a slow rule, little enough to try thousands."""
SLOW_SECONDS: Final = 0.25
"""A rule that takes longer for all samples (2 MiB) would hold a scan of 64 MiB for longer than its time limit."""
STOPPED_SECONDS: Final = 10
"""A scan of the samples is stopped after this; what takes that long is slow whatever the machine."""
BATCH: Final = 100
"""Files whose rules are measured together first."""


@dataclass(frozen=True, slots=True)
class Slow:
    """One rule that costs too much."""

    file: str
    rule: str
    seconds: float
    """For all samples; ``STOPPED_SECONDS`` if it was stopped."""


def slow(texts: dict[str, str], show: Callable[[str, int], None] = lambda *_: None) -> Iterator[Slow]:
    """The rules of ``texts`` (file → source that compiles) that are too slow: measured together, where it is needed alone."""
    names = list(texts)
    least = _seconds(yara.compile(source="rule nothing { condition: false }"))
    for first in range(0, len(names), BATCH):
        batch = names[first : first + BATCH]
        show(batch[0], first)
        if _over(_compiled({name: texts[name] for name in batch}), least):
            for name in batch:
                if _over(_compiled({name: texts[name]}), least):
                    yield from _rules(name, texts[name], least)


def _rules(name: str, text: str, least: float) -> Iterator[Slow]:
    for place in places(text):
        seconds = _seconds(_compiled({name: only(text, place.name)})) - least
        if seconds >= SLOW_SECONDS:
            yield Slow(name, place.name, seconds)


def _over(rules: Any, least: float) -> bool:
    """Measured twice before it counts: another program may have had the processor."""
    return all(_seconds(rules) - least >= SLOW_SECONDS for _ in range(2))


def _compiled(texts: dict[str, str]) -> Any:
    return yara.compile(sources=texts, externals=EXTERNALS, includes=False, error_on_warning=False)


def _seconds(rules: Any) -> float:
    begin = time.thread_time()
    for sample in samples():
        try:
            rules.match(data=sample, timeout=STOPPED_SECONDS, fast=True, warnings_callback=_go_on)
        except yara.TimeoutError:
            return float(STOPPED_SECONDS)
        except yara.Error:
            continue  # too many matches: told apart from slowness by the clock alone
    return time.thread_time() - begin


@cache
def samples() -> Sequence[bytes]:
    """A program, a document, a script, text, encoded text, noise, and runs of the same bytes."""
    rng = random.Random(1)
    noise = rng.randbytes(SAMPLE_BYTES)
    words = [
        "function",
        "var",
        "return",
        "http://www.example.org/",
        "powershell",
        "cmd.exe",
        "Mozilla/5.0",
        "0x41",
        "eval(",
        ");",
    ]
    script = " ".join(rng.choice(words) + str(rng.randrange(1000)) for _ in range(SAMPLE_BYTES // 10))
    program = build(Executable(data=b"\0".join(_strings(rng)), packed=noise[: SAMPLE_BYTES // 2]))
    runs: Iterable[bytes] = (b"\0", b"A", b"ab", b"0123456789")
    return [
        program[:SAMPLE_BYTES],
        noise,
        script.encode()[:SAMPLE_BYTES],
        base64.b64encode(noise)[:SAMPLE_BYTES],
        noise.hex().encode()[:SAMPLE_BYTES],
        *((run * (SAMPLE_BYTES // len(run)))[: SAMPLE_BYTES // 2] for run in runs),
    ]


def _strings(rng: random.Random) -> list[bytes]:
    return [
        f"{rng.choice(('GetProcAddress', 'LoadLibraryA', 'C:/Windows', 'SOFTWARE'))}{at}".encode()
        for at in range(6_000)
    ]


def _go_on(*_: object) -> int:
    return int(yara.CALLBACK_CONTINUE)
