"""Pictures as data: which one shows the evidence best, and its points. How it looks is the browser's (assets/js/charts.js)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from pydantic import BaseModel

from dashboards.console.visit import Visit
from pipelines.store.events import Bucket, Event

LEAST_POINTS: Final = 3
"""Fewer events are read in the table, not in a picture."""
FAN: Final = 6
"""Distinct ports or hosts from which the picture is a fan rather than a rhythm."""
TONES: Final = {"critical": "critical", "high": "high", "medium": "medium", "low": "low"}


class Picture(BaseModel):
    """A chart: what it is called, what it says in words, and its data."""

    title: str
    words: str
    spec: dict[str, Any]


def ms(at: datetime) -> int:
    """Milliseconds since 1970, as browsers count."""
    return round(at.timestamp() * 1000)


def _range(events: Sequence[Event]) -> list[int]:
    first, last = ms(events[0]["@timestamp"]), ms(events[-1]["@timestamp"])
    margin = max(1, (last - first) // 50)
    return [first - margin, last + margin]


def evidence(visit: Visit, events: Sequence[Event]) -> Picture | None:
    """Ports or hosts over time for a fan, gaps over time for a rhythm; nothing for a few events."""
    if len(events) < LEAST_POINTS:
        return None
    ports = {event.get("destination.port") for event in events} - {None}
    hosts = {event.get("destination.ip") for event in events} - {None}
    if len(ports) >= FAN and len(ports) >= len(hosts):
        return _ports(visit, events, len(ports))
    if len(hosts) >= FAN:
        return _hosts(visit, events, sorted(str(host) for host in hosts))
    return _gaps(visit, events)


def _ports(visit: Visit, events: Sequence[Event], count: int) -> Picture:
    t = visit.text
    data = [[ms(e["@timestamp"]), e["destination.port"]] for e in events if e.get("destination.port") is not None]
    series = [{"name": t("picture.port"), "tone": "accent", "data": data}]
    words = t("picture.ports_words", count=visit.formats.number(count))
    return Picture(
        title=t("picture.ports"), words=words, spec={"kind": "dots", "range": _range(events), "series": series}
    )


def _hosts(visit: Visit, events: Sequence[Event], hosts: Sequence[str]) -> Picture:
    t = visit.text
    place = {host: at for at, host in enumerate(hosts, 1)}
    shown = [event for event in events if event.get("destination.ip")]
    data = [[ms(e["@timestamp"]), place[e["destination.ip"]], e["destination.ip"]] for e in shown]
    series = [{"name": t("picture.host"), "tone": "accent", "data": data}]
    words = t("picture.hosts_words", count=visit.formats.number(len(hosts)))
    spec = {"kind": "dots", "range": _range(events), "whole": True, "series": series}
    return Picture(title=t("picture.hosts"), words=words, spec=spec)


def _gaps(visit: Visit, events: Sequence[Event]) -> Picture | None:
    times = [event["@timestamp"] for event in events]
    gaps = [(later, (later - earlier).total_seconds()) for earlier, later in pairwise(times)]
    data = [[ms(at), round(gap, 3)] for at, gap in gaps if gap > 0]
    if len(data) < LEAST_POINTS - 1:
        return None
    t = visit.text
    typical = sorted(gap for _, gap in data)[len(data) // 2]
    series = [{"name": t("picture.gap"), "tone": "accent", "data": data}]
    log = max(gap for _, gap in data) > 20 * min(gap for _, gap in data)
    words = t("picture.gaps_words", count=visit.formats.number(len(data)), typical=visit.formats.number(typical, 1))
    spec: dict[str, Any] = {"kind": "dots", "range": _range(events), "unit": "s", "log": log, "series": series}
    if not log:
        spec["floor"] = 0
    return Picture(title=t("picture.gaps"), words=words, spec=spec)


def histogram(visit: Visit, bars: Sequence[Bucket], link: str) -> Picture | None:
    """Events over time; a click narrows the time range."""
    if not bars:
        return None
    start, width = bars[0].start, bars[0].width
    data = [[ms(bar.start + bar.width / 2), bar.count] for bar in bars]
    spec = {
        "kind": "bars",
        "range": [ms(start), ms(bars[-1].start + width)],
        "step": round(width.total_seconds() * 1000),
        "link": link,
        "whole": True,
        "series": [{"name": visit.text("picture.events"), "tone": "accent", "data": data}],
    }
    total = visit.formats.number(sum(bar.count for bar in bars))
    return Picture(
        title=visit.text("picture.over_time"), words=visit.text("picture.over_time_words", count=total), spec=spec
    )


def stacked(title: str, words: str, series: Sequence[Mapping[str, Any]], span: tuple[datetime, datetime]) -> Picture:
    """Counts over time, one colour a series."""
    spec = {"kind": "bars", "whole": True, "range": [ms(span[0]), ms(span[1])], "series": list(series)}
    return Picture(title=title, words=words, spec=spec)
