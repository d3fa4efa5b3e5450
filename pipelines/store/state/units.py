"""Units of the organisation, as they were and are."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, String
from sqlalchemy.orm import Mapped, mapped_column

from pipelines.store.state.base import Base, now


class UnitVersion(Base):
    """A unit from one day until another; ``pipelines/units`` reads and writes it as a whole."""

    __tablename__ = "unit_version"

    number: Mapped[int] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(String(64), index=True)
    since: Mapped[date | None] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Everything else of ``settings.Unit``: name, parent, networks, VLANs, level, contacts."""
    updated_at: Mapped[datetime] = mapped_column(default=now)
