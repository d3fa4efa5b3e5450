"""Segments that were processed and the findings they gave; both are written once and never edited."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pipelines.store.state.base import Base, now


class SegmentRow(Base):
    """A segment whose findings are in the database: the mark that makes a replay count nothing twice."""

    __tablename__ = "segment"

    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    observer: Mapped[str] = mapped_column(String(100), index=True)
    events: Mapped[int]
    clock: Mapped[datetime]
    """Newest packet time when the segment was closed."""
    processed_at: Mapped[datetime] = mapped_column(default=now, index=True)


class FindingRow(Base):
    """One ``pipelines.detect.finding.Finding`` about one machine; the columns are its fields."""

    __tablename__ = "finding"
    __table_args__ = (Index("ix_finding_machine_rule", "machine_id", "rule"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    machine_id: Mapped[str] = mapped_column(ForeignKey("machine.id"))
    rule: Mapped[str] = mapped_column(String(200), index=True)
    version: Mapped[int]
    engine: Mapped[str] = mapped_column(String(20))
    behaviour: Mapped[str] = mapped_column(String(50))
    machine: Mapped[str] = mapped_column(String(50))
    """Its address at that moment."""
    role: Mapped[str] = mapped_column(String(10))
    peer: Mapped[str | None] = mapped_column(String(300))
    severity: Mapped[str] = mapped_column(String(10))
    window: Mapped[datetime]
    first: Mapped[datetime]
    last: Mapped[datetime] = mapped_column(index=True)
    events: Mapped[list[str]] = mapped_column(JSON)
    event_count: Mapped[int]
    weight: Mapped[dict[str, Any]] = mapped_column(JSON)
    title: Mapped[dict[str, str]] = mapped_column(JSON)
    explanation: Mapped[dict[str, str]] = mapped_column(JSON)
    technique: Mapped[list[str]] = mapped_column(JSON)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    against: Mapped[list[str]] = mapped_column(JSON)
    written_at: Mapped[datetime] = mapped_column(default=now)
