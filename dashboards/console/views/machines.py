"""Machines: the list and the page of one."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Depends, Path, Query

from dashboards.console.access import Needs
from dashboards.console.page import Area
from dashboards.console.reading import machine as one
from dashboards.console.reading import machines, unknown
from dashboards.console.reading.span import Span, last_week
from dashboards.console.visit import Visiting

area = Area()
Identity = Annotated[str, Path(max_length=100)]


@area.page("/machines", Needs.MACHINES, "machines.html")
def machine_list(
    visit: Visiting,
    verdict: machines.Verdict | Literal[""] | None = None,
    text: Annotated[str, Query(max_length=200)] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> machines.MachineList:
    """Machines, worst first."""
    return machines.listing(visit, verdict or None, text.strip(), page)


@area.page("/machines/unknown", Needs.MACHINES, "unknown_devices.html")
def unknown_devices(visit: Visiting, page: Annotated[int, Query(ge=1, le=10_000)] = 1) -> unknown.UnknownDevices:
    """Devices of no unit, newest first. Stands before the page of one machine, whose address it would match."""
    return unknown.read(visit, page)


@area.page("/machines/{identity}", Needs.MACHINES, "machine.html", recorded=True)
def machine_page(visit: Visiting, identity: Identity, span: Span = Depends(last_week)) -> one.MachinePage:
    """One machine: verdict, score, alerts, names, traffic."""
    return one.read(visit, identity, span)


@area.part("/machines/{identity}/preview", Needs.MACHINES, "machine_preview.html", recorded=True)
def machine_preview(visit: Visiting, identity: Identity, span: Span = Depends(last_week)) -> one.MachinePage:
    """The same in the drawer."""
    return one.read(visit, identity, span, whole=False)
