"""The work of ``vonggac analyse``: read every file, feed the engines, gather what can be shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from collectors.capture import CaptureError, CaptureReader, CaptureSummary
from pipelines.score.document import AssessedMachine, document, from_micros, rfc3339
from pipelines.settings import Settings
from vonggac import run
from vonggac.options import UNREADABLE, WRONG_USAGE

if TYPE_CHECKING:
    from pipelines.analysis import Analysis
    from vonggac.parquet import ParquetFolder

SEGMENT_ROWS = 50_000
"""Events fed at a time: few enough that the progress moves, many enough that Arrow and DuckDB work in bulk."""
Progress = Callable[[str, float | None], None]
"""Told the name of the file and the share of all files that has been read (None: unknown)."""


class AnalysisError(Exception):
    """Nothing can be analysed: one line, and the exit code."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


@dataclass(slots=True)
class Result:
    """What came of all files."""

    machines: Sequence[AssessedMachine] = ()
    summaries: list[CaptureSummary] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    """Files that cannot be read or are cut, rules that are out of use: one line each."""
    unreadable: int = 0

    @property
    def code(self) -> int:
        """The exit code."""
        if self.unreadable:
            return UNREADABLE
        return int(any(one.standing.verdict != "clean" for one in self.machines))

    def document(self) -> dict[str, Any]:
        """The object of ``schema/analysis.schema.json``."""
        return document([_capture(summary) for summary in self.summaries], self.machines)


def work(
    settings: Settings, site: Path | None, files: Sequence[Path], out: Path | None, off: Sequence[str], show: Progress
) -> Result:
    """Analyse files; AnalysisError when none of it can begin."""
    result = Result()
    with ExitStack() as stack:
        try:
            detectors = run.detectors(settings, run.cache_folder(settings, site), off)
        except OSError as error:
            message = f"{error.filename or 'cache'}: {error.strerror}; the folder of compiled rules must be writable"
            raise AnalysisError(message, WRONG_USAGE) from error
        stack.enter_context(closing(detectors))
        analysis = run.analysis(settings, detectors)
        folder = stack.enter_context(_folder(out)) if out else None
        for number, path in enumerate(files):
            analysis.next_capture()
            _read(settings, path, analysis, folder, result, partial(_tell, show, number, len(files)))
        show("", 1.0)
        result.machines = analysis.finish()
        result.complaints += [str(error) for error in detectors.errors]
    return result


def _read(
    settings: Settings, path: Path, analysis: Analysis, folder: ParquetFolder | None, result: Result, show: Progress
) -> None:
    name = "standard input" if str(path) == "-" else path.name
    try:
        reader = CaptureReader(None if str(path) == "-" else path, run.sensor_options(settings))
        show(name, 0.0)
        for segment in reader.segments(SEGMENT_ROWS):
            enriched = analysis.feed(segment)
            if folder is not None:
                folder.write(enriched)
            show(name, reader.share_read)
    except CaptureError as error:
        result.unreadable += 1
        result.complaints.append(str(error))
        return
    summary = reader.summary()
    result.summaries.append(summary)
    result.complaints += summary.warnings


def _folder(out: Path) -> ParquetFolder:
    from vonggac.parquet import ParquetFolder

    try:
        return ParquetFolder(out)
    except OSError as error:
        raise AnalysisError(f"{out}: {error.strerror}; give a folder that can be written", WRONG_USAGE) from error


def _tell(show: Progress, number: int, files: int, name: str, share: float | None) -> None:
    """Progress in one file → progress in all of them."""
    show(name, None if share is None and files == 1 else (number + (share or 0.0)) / files)


def _capture(summary: CaptureSummary) -> dict[str, Any]:
    return {
        "file": Path(summary.file).name,
        "packets": summary.packets,
        "first": None if summary.first is None else rfc3339(from_micros(summary.first)),
        "last": None if summary.last is None else rfc3339(from_micros(summary.last)),
        "events": dict(summary.events),
        "dropped": summary.dropped,
        "anomalies": summary.anomalies,
        "cut": summary.cut,
    }
