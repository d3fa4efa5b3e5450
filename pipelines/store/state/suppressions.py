"""What people have decided not to be told: suppressions, approved scans, maintenance."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from pipelines.store.state.base import Base, now

SUPPRESSION_KINDS: Final = ("suppression", "scan", "maintenance")


class SuppressionRow(Base):
    """Findings that fit every part that is given are counted and shown, and accuse nobody. Rows are ended, never deleted."""

    __tablename__ = "suppression"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), index=True)
    """``suppression`` holds until it ends; ``scan`` and ``maintenance`` are windows of packet time."""
    rule: Mapped[str | None] = mapped_column(String(200))
    machine: Mapped[str | None] = mapped_column(String(80))
    """Id of a machine, an address or a network."""
    peer: Mapped[str | None] = mapped_column(String(300))
    """An address, a network, or a domain with all below it."""
    reason: Mapped[str] = mapped_column(String(500))
    created_by: Mapped[str] = mapped_column(String(64))
    approver: Mapped[str] = mapped_column(String(120))
    """Who answers for it; may be somebody without an account."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    starts_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    """When a person ended it early."""
    ended_by: Mapped[str | None] = mapped_column(String(64))
    hits: Mapped[int] = mapped_column(default=0)
    """Findings that it has covered since it exists."""
    last_hit: Mapped[datetime | None]
    """Packet time of the newest of them."""
