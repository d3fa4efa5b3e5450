"""Words and figures of the terminal table and the page."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from pipelines.score.document import AssessedMachine
    from vonggac.work import Result


@cache
def words(language: str) -> dict[str, str]:
    """The texts of one language."""
    content = yaml.safe_load((Path(__file__).with_name("texts.yaml")).read_text(encoding="utf-8"))
    texts: dict[str, str] = content[language]
    return texts


def number(value: int, language: str) -> str:
    """12.345 in Vietnamese, 12,345 in English."""
    grouped = f"{value:,}"
    return grouped.replace(",", ".") if language == "vi" else grouped


def clock(moment: datetime, language: str) -> str:
    """Date and time in UTC as people of that language write it."""
    return moment.astimezone(UTC).strftime("%d/%m/%Y %H:%M:%S" if language == "vi" else "%Y-%m-%d %H:%M:%S")


def label(one: AssessedMachine) -> str:
    """What people call the machine: name and address."""
    names, ips = one.machine.called_names, one.machine.ips
    return f"{names[0]} ({ips[0]})" if names else ips[0]


def overview(result: Result, language: str) -> list[str]:
    """What was read and what came of it, one line each."""
    from pipelines.score.document import from_micros

    texts, read = words(language), result.summaries
    first = min((one.first for one in read if one.first is not None), default=None)
    last = max((one.last for one in read if one.last is not None), default=None)
    if first is None or last is None:
        return [texts["empty"]]
    verdicts = Counter[str](one.standing.verdict for one in result.machines)
    lines = [
        texts["captures"].format(
            files=len(read),
            packets=number(sum(one.packets for one in read), language),
            events=number(sum(sum(one.events.values()) for one in read), language),
            first=clock(from_micros(first), language),
            last=clock(from_micros(last), language),
        ),
        texts["counts"].format(machines=len(result.machines), **{v: verdicts[v] for v in _VERDICTS}),
    ]
    dropped = sum(one.dropped for one in read)
    if dropped:
        lines.append(texts["dropped"].format(count=number(dropped, language)))
    return lines


_VERDICTS = ("infected", "suspicious", "violating", "clean")
