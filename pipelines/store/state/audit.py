"""The audit log: who saw and did what. Append-only; each entry holds the hash of the one before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import JSON, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from pipelines.store.state.base import Base, now

BEGINNING: Final = "0" * 64
"""What the first entry names as its predecessor."""


class AuditEntry(Base):
    """One act. Nothing in the product changes or deletes one."""

    __tablename__ = "audit_entry"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1, 2, 3 …: a missing one shows."""
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(64), index=True)
    """Name of the account; of the part of the product if no person did it."""
    address: Mapped[str] = mapped_column(String(50))
    action: Mapped[str] = mapped_column(String(60), index=True)
    """What was done, such as ``log_in`` or ``alert.judge``."""
    entity: Mapped[str] = mapped_column(String(200), index=True)
    """What it was done to, as kind and id: ``machine:00:1b:…``; empty where there is nothing to name."""
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold."""

    number: int
    why: str


def append(
    session: Session,
    actor: str,
    action: str,
    entity: str = "",
    details: Mapping[str, Any] | None = None,
    address: str = "",
) -> AuditEntry:
    """Write one entry; to be called within a transaction (``Database.transaction``), which holds the write lock, so
    that two entries cannot name the same predecessor.
    """
    newest = session.scalar(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1).with_for_update())
    entry = AuditEntry(
        number=(newest.number if newest else 0) + 1,
        at=now(),
        actor=actor[:64],
        address=address[:50],
        action=action[:60],
        entity=entity[:200],
        details=json.loads(json.dumps(dict(details or {}), default=str)),
        previous=newest.hash if newest else BEGINNING,
    )
    entry.hash = digest(entry)
    session.add(entry)
    session.flush()
    return entry


def digest(entry: AuditEntry) -> str:
    """SHA-256 over everything but the hash itself, in one spelling."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    parts = [entry.number, at, entry.actor, entry.address, entry.action, entry.entity, entry.details, entry.previous]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def verify(session: Session, head: str | None = None) -> Break | None:
    """Walk the whole chain; the first place that does not hold, or None. ``head`` is a hash noted at an earlier time
    (outside this machine): it must still be in the chain, or the end was cut off.
    """
    previous, expected, met = BEGINNING, 1, head is None
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.number).execution_options(yield_per=1000)):
        if entry.number != expected:
            return Break(expected, "the entry is missing")
        if entry.previous != previous:
            return Break(entry.number, "it does not follow the entry before it")
        if digest(entry) != entry.hash:
            return Break(entry.number, "its content was changed")
        met = met or entry.hash == head
        previous, expected = entry.hash, expected + 1
    return None if met else Break(expected, "the noted head is not in the chain; entries at the end are gone")
