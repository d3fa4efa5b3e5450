"""What a site changes about rules, and its own indicators."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pipelines.store.state.base import Base, now

TLP: Final = ("red", "amber+strict", "amber", "green", "clear")
"""Traffic Light Protocol 2.0 (FIRST): how far an indicator may be passed on."""


class RuleChange(Base):
    """A rule that a person has turned off or tuned; no row: it runs as it ships."""

    __tablename__ = "rule_change"

    rule: Mapped[str] = mapped_column(String(200), primary_key=True)
    off: Mapped[bool] = mapped_column(default=False)
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Parameter → value of the site."""
    reason: Mapped[str] = mapped_column(String(500))
    changed_by: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[datetime] = mapped_column(default=now)


class ListedIndicator(Base):
    """An indicator that a person has added by hand. Rows are ended, never deleted."""

    __tablename__ = "listed_indicator"
    __table_args__ = (UniqueConstraint("kind", "value"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    value: Mapped[str] = mapped_column(String(500))
    """As ``pipelines.detect.indicators`` compares it."""
    label: Mapped[str] = mapped_column(String(120))
    """Family or campaign."""
    severity: Mapped[str] = mapped_column(String(10))
    tlp: Mapped[str] = mapped_column(String(12))
    source: Mapped[str] = mapped_column(String(200))
    """Who says so: an office, a letter and its number."""
    added_by: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(64))
    sightings: Mapped[int] = mapped_column(default=0)
    """Findings that it has given."""
    last_seen: Mapped[datetime | None]
    """Packet time of the newest one."""
