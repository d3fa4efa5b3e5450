"""How the product itself is doing: its parts, their counters, and content that cannot be used."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from pipelines.store.state.base import Base, now


class ComponentHealth(Base):
    """One running part (``sensor:eth1``, ``centre``, ``console``, ``scheduler``, ``disk``): what it said last."""

    __tablename__ = "component_health"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    status: Mapped[str] = mapped_column(String(12))
    """ok, warning, failed or stopped."""
    message: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """``{"vi": …, "en": …}``: what is wrong and what to do; empty when all is well."""
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    restarts: Mapped[int] = mapped_column(default=0)
    since: Mapped[datetime] = mapped_column(default=now)
    """Start of the present run."""
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class Counter(Base):
    """Present value of a counter of a component (packets.seen, packets.dropped …), since its start."""

    __tablename__ = "counter"

    component: Mapped[str] = mapped_column(String(100), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class CounterPoint(Base):
    """What a counter had grown by in the interval that ends at ``at``: for plots of throughput and loss."""

    __tablename__ = "counter_point"

    component: Mapped[str] = mapped_column(String(100), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True, index=True)
    value: Mapped[int] = mapped_column(BigInteger)


class ContentError(Base):
    """A rule or indicator file that is out of use, and why; the others go on."""

    __tablename__ = "content_error"

    path: Mapped[str] = mapped_column(String(500), primary_key=True)
    rule: Mapped[str] = mapped_column(String(200), primary_key=True)
    line: Mapped[int | None]
    message: Mapped[str]
    seen_at: Mapped[datetime] = mapped_column(default=now)
