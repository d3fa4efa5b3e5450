"""Alerts: the findings of one rule about one machine, deduplicated; what people work on."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipelines.store.state.base import Base, now
from pipelines.store.state.machines import Machine

ALERT_STATES: Final = ("new", "acknowledged", "suppressed", "closed")
"""``suppressed`` while a suppression covers all that was found, and ``new`` again afterwards. New findings bring
a closed alert back to ``new`` unless its verdict is ``false_alarm``."""


class Alert(Base):
    """Detection writes everything but ``state``, ``verdict``, ``assignee`` and ``note``, which belong to people."""

    __tablename__ = "alert"
    __table_args__ = (UniqueConstraint("rule", "machine_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """The id that ``vonggac analyse`` prints: a hash of rule and machine."""
    rule: Mapped[str] = mapped_column(String(200), index=True)
    machine_id: Mapped[str] = mapped_column(ForeignKey("machine.id"), index=True)
    engine: Mapped[str] = mapped_column(String(20))
    behaviour: Mapped[str] = mapped_column(String(50), index=True)
    track: Mapped[str] = mapped_column(String(10), index=True)
    stage: Mapped[str] = mapped_column(String(12))
    technique: Mapped[list[str]] = mapped_column(JSON)
    severity: Mapped[str] = mapped_column(String(10), index=True)
    role: Mapped[str] = mapped_column(String(10))
    title: Mapped[dict[str, str]] = mapped_column(JSON)
    """``{"vi": …, "en": …}``, likewise ``explanation``."""
    explanation: Mapped[dict[str, str]] = mapped_column(JSON)
    first: Mapped[datetime]
    last: Mapped[datetime] = mapped_column(index=True)
    count: Mapped[int]
    """Distinct evidence events."""
    peers: Mapped[list[str]] = mapped_column(JSON)
    peer_count: Mapped[int]
    events: Mapped[list[str]] = mapped_column(JSON)
    """At most 100 event ids: ``EventStore.events(ids, first, last)`` gives them."""
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Numbers of the strongest finding; the one that convinces under ``headline``."""
    against: Mapped[list[str]] = mapped_column(JSON)
    """Names of circumstances that speak against it."""
    weight: Mapped[float] = mapped_column(default=0.0)
    """What it adds to the machine's log-odds."""

    state: Mapped[str] = mapped_column(String(16), default="new", index=True)
    verdict: Mapped[str | None] = mapped_column(String(16))
    """A person's judgement: confirmed, false_alarm or benign; None while nobody has judged."""
    assignee: Mapped[str | None] = mapped_column(String(100))
    note: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now, index=True)

    machine: Mapped[Machine] = relationship()
