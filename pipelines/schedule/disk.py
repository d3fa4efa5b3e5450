"""The disk guard: flows go before alerts, and people are told before anything goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from pipelines.settings import Disk
from pipelines.store.events import EventStore
from pipelines.store.state.base import now

THINNED: Final = ("flow_update", "flow")
"""Datasets that expire early, in this order: most of the space, least of the proof."""


@dataclass(frozen=True, slots=True)
class Condition:
    """How the disk is doing."""

    status: str
    """ok, warning or failed."""
    free: float
    """Share of the disk, 0 to 1."""
    expired_bytes: int
    message: Mapping[str, str]
    """In vi and en; empty when all is well."""


def guard(limits: Disk, free: float, measure: Callable[[], float], store: EventStore) -> Condition:
    """Look at the free share; below ``least_free`` expire the oldest days of flows until there is room again.

    Flows younger than ``flows_kept`` stay, whatever happens. StoreError when the store is in trouble.
    """
    expired = 0
    if free < limits.least_free:
        newest_to_go = (now() - limits.flows_kept).date()
        for dataset in THINNED:
            expired += _expire(store, dataset, newest_to_go, lambda: measure() < limits.least_free)
        free = measure()
    if free < limits.least_free:
        return Condition("failed", free, expired, _message(_FULL, free, expired))
    if free < limits.warn_free or expired:
        return Condition("warning", free, expired, _message(_SHORT, free, expired))
    return Condition("ok", free, 0, {})


def _expire(store: EventStore, dataset: str, newest_to_go: date, short: Callable[[], bool]) -> int:
    freed = 0
    oldest = next((used.first_day for used in store.usage() if used.dataset == dataset), None)
    while oldest is not None and oldest < newest_to_go and short():
        freed += store.expire(dataset, oldest + timedelta(days=1))
        following = next((used.first_day for used in store.usage() if used.dataset == dataset), None)
        if following is None or following <= oldest:
            break  # a file that spans into a younger day stays
        oldest = following
    return freed


_SHORT: Final = {
    "vi": "Đĩa còn trống {free}%; đã xóa sớm {expired} MiB kết nối cũ. Hãy thêm dung lượng hoặc rút ngắn thời hạn lưu.",
    "en": "The disk is {free} % free; {expired} MiB of old flows expired early. Add space or shorten the retention.",
}
_FULL: Final = {
    "vi": "Đĩa chỉ còn trống {free}% và không còn kết nối cũ nào được phép xóa. Hãy thêm dung lượng ngay.",
    "en": "The disk is only {free} % free and no old flows may be expired. Add space at once.",
}


def _message(template: Mapping[str, str], free: float, expired: int) -> dict[str, str]:
    values = {"free": f"{free * 100:.0f}", "expired": str(expired >> 20)}
    return {language: text.format(**values) for language, text in template.items()}
