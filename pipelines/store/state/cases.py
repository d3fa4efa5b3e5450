"""Cases: one machine's trouble on one track, from the first alert to verified clean. People and the scheduler write here;
detection opens cases, joins alerts to them and reopens them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipelines.store.state.alerts import Alert
from pipelines.store.state.base import Base, now
from pipelines.store.state.machines import Machine


class Case(Base):
    """The present of a case; how it came to be so stands in its entries."""

    __tablename__ = "case_file"
    __table_args__ = (UniqueConstraint("machine_id", "track", "ordinal"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """Hash of machine, track and ordinal: the same alerts give the same case."""
    number: Mapped[int] = mapped_column(unique=True)
    """What people call it; counts up from 1."""
    machine_id: Mapped[str] = mapped_column(ForeignKey("machine.id"), index=True)
    track: Mapped[str] = mapped_column(String(10))
    ordinal: Mapped[int]
    """First, second … case of this machine on this track."""
    state: Mapped[str] = mapped_column(String(16), default="new", index=True)
    """A state of ``pipelines/cases/workflow.yaml``."""
    open: Mapped[bool] = mapped_column(default=True, index=True)
    severity: Mapped[str] = mapped_column(String(10), index=True)
    round: Mapped[int] = mapped_column(default=1)
    """1, and one more for every time it came back after cleaning."""
    first: Mapped[datetime]
    """Packet time of its earliest evidence."""
    last: Mapped[datetime]
    """Packet time of its latest evidence."""
    opened_at: Mapped[datetime] = mapped_column(default=now)
    """T0: when the centre knew. A reinfection starts the clocks again."""
    due_at: Mapped[datetime] = mapped_column(index=True)
    reminded_at: Mapped[datetime | None]
    escalated_at: Mapped[datetime | None]
    assignee: Mapped[str | None] = mapped_column(String(64), index=True)
    cause: Mapped[str] = mapped_column(default="")
    """How it came about, as the people who cleaned the machine found it."""
    action: Mapped[str] = mapped_column(default="")
    """What was done."""
    clean_since: Mapped[datetime | None]
    """When the machine was declared clean: evidence from later is new."""
    closed_at: Mapped[datetime | None]
    incident: Mapped[bool] = mapped_column(default=False)
    incident_class: Mapped[str] = mapped_column(String(12), default="ordinary")
    """ordinary (thông thường) or serious (nghiêm trọng)."""
    security_sign: Mapped[bool] = mapped_column(default=False)
    """Signs against national security or public order: report at once."""
    disruption: Mapped[bool] = mapped_column(default=False)
    """Serious interruption of the system: report at once."""
    system_level: Mapped[int | None]
    """1 to 5."""
    reported: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """Clock (immediately, first, full) → when it was reported, RFC 3339."""
    merged_into: Mapped[str | None] = mapped_column(String(32))
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now, index=True)

    machine: Mapped[Machine] = relationship()
    alerts: Mapped[list[CaseAlert]] = relationship(back_populates="case")


class CaseAlert(Base):
    """An alert that belongs to a case."""

    __tablename__ = "case_alert"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    alert_id: Mapped[str] = mapped_column(ForeignKey("alert.id", ondelete="CASCADE"), primary_key=True, index=True)
    round: Mapped[int] = mapped_column(default=1)
    """The latest round in which it gave evidence."""
    joined_at: Mapped[datetime] = mapped_column(default=now)

    case: Mapped[Case] = relationship(back_populates="alerts")
    alert: Mapped[Alert] = relationship()


class CaseEntry(Base):
    """One line of a case's timeline: written once, never changed (the database refuses it)."""

    __tablename__ = "case_entry"
    __table_args__ = (UniqueConstraint("case_id", "key"), Index("ix_case_entry_case_at", "case_id", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"))
    key: Mapped[str] = mapped_column(String(120))
    """What must happen only once has a key of its own, so that doing it again adds no second line."""
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(default=now)
    event_at: Mapped[datetime | None]
    """Packet time, where the entry is about evidence."""
    author: Mapped[str | None] = mapped_column(String(64))
    """Who; None: the system."""
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class CaseStep(Base):
    """A step of the playbook that somebody has done (or answered) in one round of a case."""

    __tablename__ = "case_step"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(String(80), primary_key=True)
    done: Mapped[bool] = mapped_column(default=True)
    answer: Mapped[str] = mapped_column(default="")
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(default=now)


class CaseAttachment(Base):
    """An uploaded proof. The file lies under ``stored``, a random name; what it was called is only shown."""

    __tablename__ = "case_attachment"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), index=True)
    round: Mapped[int] = mapped_column(default=1)
    step: Mapped[str | None] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(200))
    mime: Mapped[str] = mapped_column(String(80))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(default=now)


class CaseWatcher(Base):
    """Somebody who is told of every change of a case."""

    __tablename__ = "case_watcher"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.name", ondelete="CASCADE"), primary_key=True)


class Message(Base):
    """What waits in somebody's inbox of the console."""

    __tablename__ = "message"
    __table_args__ = (UniqueConstraint("person", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.name", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(20))
    case_id: Mapped[str | None] = mapped_column(ForeignKey("case_file.id"))
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None]


class MachineDay(Base):
    """In which hours of a UTC day a machine was seen."""

    __tablename__ = "machine_day"

    machine_id: Mapped[str] = mapped_column(ForeignKey("machine.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    hours: Mapped[int]
    """Bit n: seen between n:00 and n:59."""
