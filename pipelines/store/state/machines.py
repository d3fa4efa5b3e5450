"""Machines: who they are over time, and how they are judged."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipelines.store.state.base import Base, now


class Machine(Base):
    """One machine, whatever addresses it had. Its id is made from what identifies it best (MAC, else first address)."""

    __tablename__ = "machine"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    mac: Mapped[str | None] = mapped_column(String(20), index=True)
    home: Mapped[bool] = mapped_column(default=True)
    """False for an outside address that acted against a home machine."""
    zone: Mapped[str | None] = mapped_column(String(100))
    unit: Mapped[str | None] = mapped_column(String(100), index=True)
    verdict: Mapped[str] = mapped_column(String(12), default="clean", index=True)
    """infected, suspicious, violating or clean."""
    score: Mapped[int] = mapped_column(default=0, index=True)
    violating: Mapped[bool] = mapped_column(default=False)
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """What the score is made of, strongest first, as pipelines/score gives it."""
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime] = mapped_column(index=True)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)

    addresses: Mapped[list[MachineAddress]] = relationship(
        order_by="MachineAddress.last.desc()", cascade="all, delete-orphan"
    )
    names: Mapped[list[MachineName]] = relationship(order_by="MachineName.last.desc()", cascade="all, delete-orphan")


class MachineAddress(Base):
    """An address that a machine had from ``first`` to ``last`` (packet time)."""

    __tablename__ = "machine_address"

    machine_id: Mapped[str] = mapped_column(ForeignKey("machine.id"), primary_key=True)
    address: Mapped[str] = mapped_column(String(50), primary_key=True, index=True)
    first: Mapped[datetime]
    last: Mapped[datetime]


class MachineName(Base):
    """A name of a machine and where it was seen: dhcp, dns, netbios, http, tls …"""

    __tablename__ = "machine_name"

    machine_id: Mapped[str] = mapped_column(ForeignKey("machine.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(255), primary_key=True, index=True)
    source: Mapped[str] = mapped_column(String(20), primary_key=True)
    first: Mapped[datetime]
    last: Mapped[datetime]


class ScorePoint(Base):
    """The score of a machine at a moment of packet time; written when it changes."""

    __tablename__ = "score_point"

    machine_id: Mapped[str] = mapped_column(ForeignKey("machine.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    score: Mapped[int]
    verdict: Mapped[str] = mapped_column(String(12))
