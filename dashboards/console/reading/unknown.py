"""Unknown devices: home machines that belong to no unit, so that nobody answers for them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pydantic import BaseModel
from sqlalchemy import func, select

from dashboards.console.reading.machines import PAGE, MachineRef, reference, visible
from dashboards.console.visit import Visit
from pipelines.store.state.machines import Machine

LOCAL: Final = 0b10
"""Bit of the first byte of a hardware address that no maker gave it (IEEE 802 §8.2): phones make up a new one a network."""


class UnknownDevice(MachineRef):
    """A machine of nobody."""

    mac: str | None
    made_up: bool
    """The hardware address is the device's own invention."""
    first_seen: datetime


class UnknownDevices(BaseModel):
    """One page of them, newest first."""

    devices: list[UnknownDevice]
    total: int
    page: int
    pages: int
    whole: bool
    """False for who sees the machines of own units only, and so none of these."""


def read(visit: Visit, page: int) -> UnknownDevices:
    """Those that were first seen last come first: a new device is looked at before an old acquaintance."""
    found = visible(visit).where(Machine.home, Machine.unit.is_(None))
    newest = found.order_by(Machine.first_seen.desc(), Machine.id).limit(PAGE).offset(PAGE * (page - 1))
    with visit.console.database.session() as session:
        total = session.scalar(select(func.count()).select_from(found.options().subquery())) or 0
        return UnknownDevices(
            devices=[_device(machine) for machine in session.scalars(newest)],
            total=total,
            page=page,
            pages=max(1, -(-total // PAGE)),
            whole=visit.scope is None,
        )


def _device(machine: Machine) -> UnknownDevice:
    made_up = machine.mac is not None and bool(int(machine.mac[:2], 16) & LOCAL)
    return UnknownDevice(
        **reference(machine).model_dump(), mac=machine.mac, made_up=made_up, first_seen=machine.first_seen
    )
