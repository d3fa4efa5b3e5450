"""Which machine had an address at a moment: IP → DHCP lease or hardware address → machine.

A hardware address is proof only where the machine itself is on the wire: in ARP, in DHCP, under an IPv6 link-local
address. Everywhere else it may be a router's, and a router must not melt the machines behind it into one. So addresses
are joined on those proofs only, and not for a hardware address that carries outside or many home addresses.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Final

from collectors.segment import Segment
from pipelines.enrich import sightings
from pipelines.enrich.machine import KnownMachine, Seen
from pipelines.enrich.networks import Networks
from pipelines.enrich.roles import Roles
from pipelines.enrich.sightings import Called, Lease, Sighting

MACHINES_MOST: Final = 100_000
"""Machines kept (about 1 KiB each): forged source addresses must not fill the memory; what comes later is counted."""
IPV4_OF_ONE: Final = 2
"""IPv4 addresses that one machine carries at a time (a second one while its lease changes); a router has more."""
CONTEST: Final = 600_000_000
"""µs within which two claims of one address contradict each other; longer apart, a lease or a network card has changed."""
CLAIMS_KEPT: Final = 16_384
"""Addresses whose claims are remembered: a flood of forged ARP must not fill the memory."""
CARRIED_KEPT: Final = 8
"""Addresses remembered of one hardware address: enough to know that it is a router."""


class Inventory:
    """Learns from enriched segments in order."""

    def __init__(self, networks: Networks) -> None:
        self._networks = networks
        self._machines: dict[str, KnownMachine] = {}
        self._by_mac: dict[str, KnownMachine] = {}
        self._holders: dict[str, list[tuple[int, KnownMachine]]] = {}
        """Address → (since when, machine), in order of time."""
        self._carried: dict[str, set[str]] = {}
        self._claims: dict[str, dict[str, int]] = {}
        """Address → hardware address that claimed it → when last (µs)."""
        self._routers: set[str] = set()
        self._changed: dict[str, None] = {}
        self._roles = Roles()
        self.refused = 0
        """Sightings of machines beyond ``MACHINES_MOST``."""

    def __iter__(self) -> Iterator[KnownMachine]:
        return iter(self._machines.values())

    def __len__(self) -> int:
        return len(self._machines)

    def get(self, identity: str) -> KnownMachine | None:
        """A machine by its id."""
        return self._machines.get(identity)

    def at(self, address: str, time: int) -> KnownMachine | None:
        """The machine that had ``address`` at ``time`` (µs); None for one that never was seen."""
        held = self._holders.get(address)
        if not held:
            return None
        place = bisect_right(held, time, key=lambda entry: entry[0])
        return held[max(place - 1, 0)][1]

    def is_home(self, address: str) -> bool:
        """Whether the address belongs to the home networks."""
        place = self._networks.place(address)
        return place is not None and place.home

    def named(self, address: str, first: int, last: int) -> KnownMachine | None:
        """The machine of an address that a finding names; made where no packet of it was counted (µs).

        None for what is no machine's address, or when there are too many machines already.
        """
        if not self._is_machine(address):
            return None
        machine = self.at(address, last) or self._create(address, None, first, last, self.is_home(address))
        if machine is not None and machine.touch(address, first, last):
            self._changed[machine.id] = None
        return machine

    def take_changed(self) -> list[KnownMachine]:
        """Machines that are new or have changed since the last call."""
        changed = [self._machines[identity] for identity in self._changed]
        self._changed.clear()
        return changed

    def restore(self, machines: Iterable[KnownMachine]) -> None:
        """Take up what an earlier process knew (in any order)."""
        for machine in sorted(machines, key=lambda one: (one.seen.first, one.id)):
            self._machines[machine.id] = machine
            if machine.mac and machine.home:
                self._by_mac.setdefault(machine.mac, machine)
            for address, seen in machine.addresses.items():
                self._hold(address, seen.first, machine)

    # ---- learning

    def learn(self, segment: Segment) -> None:
        """Take in one enriched segment."""
        found = sightings.of(segment)
        self._note_routers(found.seen)
        contested = self._contested(found.claims)
        for lease in found.leases:
            self._lease(lease)
        for claim in found.claims:
            if claim.home and claim.address not in contested:
                self._claim(claim)
        for sighting in found.seen:
            if sighting.home:
                self._see(sighting)
        for called in found.names:
            self._call(called)
        if "flow" in segment.tables:
            for address, role in self._roles.learn(segment.tables["flow"]):
                machine = self.at(address, segment.clock)
                if machine is not None:
                    machine.roles.add(role)

    def _contested(self, claims: list[Sighting]) -> set[str]:
        """Addresses that several hardware addresses claim within minutes: somebody spoofs, and nobody is believed."""
        contested: set[str] = set()
        for claim in claims:
            if not claim.mac:
                continue
            macs = self._claims.setdefault(claim.address, {})
            macs[claim.mac] = max(claim.last, macs.get(claim.mac, claim.last))
            fresh = [mac for mac, last in macs.items() if abs(claim.last - last) <= CONTEST]
            if len(fresh) > 1:
                contested.add(claim.address)
            while len(macs) > CARRIED_KEPT:
                del macs[min(macs, key=macs.__getitem__)]
        while len(self._claims) > CLAIMS_KEPT:
            del self._claims[next(iter(self._claims))]
        return contested

    def _note_routers(self, seen: list[Sighting]) -> None:
        for sighting in seen:
            if not sighting.mac or sighting.mac in self._routers:
                continue
            if not sighting.home:
                self._routers.add(sighting.mac)
            elif ":" not in sighting.address and self._is_machine(sighting.address):
                carried = self._carried.setdefault(sighting.mac, set())
                carried.add(sighting.address)
                if len(carried) > IPV4_OF_ONE and len(carried) > self._leased(sighting.mac):
                    self._routers.add(sighting.mac)
                    self._disown(sighting.mac)
                if len(carried) > CARRIED_KEPT:
                    carried.pop()

    def _leased(self, mac: str) -> int:
        machine = self._by_mac.get(mac)
        return 0 if machine is None else len(machine.addresses)

    def _disown(self, mac: str) -> None:
        """A router after all: the machines behind it do not have its hardware address."""
        for address in self._carried[mac]:
            for _, machine in self._holders.get(address, ()):
                if machine.mac == mac and self._by_mac.get(mac) is not machine:
                    machine.mac = None
                    self._changed[machine.id] = None

    def _lease(self, lease: Lease) -> None:
        holder = self.at(lease.address, lease.time)
        machine = self._by_mac.get(lease.mac)
        if machine is None and holder is not None and holder.mac in (None, lease.mac):
            machine = self._adopt(holder, lease.mac)
        if machine is None:
            machine = self._create(lease.address, lease.mac, lease.time, lease.time)
        if machine is not None:
            if holder is not machine:
                self._hold(lease.address, lease.time, machine)
            self._touch(machine, lease.address, lease.time, lease.time)

    def _claim(self, claim: Sighting) -> None:
        if not claim.mac or not self._is_machine(claim.address):
            return
        holder = self.at(claim.address, claim.last)
        machine = self._by_mac.get(claim.mac)
        if holder is None and machine is not None and claim.mac not in self._routers:
            self._hold(claim.address, claim.first, machine)
            holder = machine
        elif holder is None:
            # A router claims its own addresses too; the first of them becomes the machine with its hardware address.
            holder = self._create(claim.address, claim.mac if machine is None else None, claim.first, claim.last)
        elif machine is None and holder.mac in (None, claim.mac):
            self._adopt(holder, claim.mac)
        if holder is not None:
            self._touch(holder, claim.address, claim.first, claim.last)

    def _see(self, sighting: Sighting) -> None:
        if not self._is_machine(sighting.address):
            return
        machine = self.at(sighting.address, sighting.last)
        if machine is None:
            machine = self._by_link(sighting) or self._create(
                sighting.address, None, sighting.first, sighting.last, carrier=sighting.mac
            )
        if machine is not None:
            self._touch(machine, sighting.address, sighting.first, sighting.last)

    def _by_link(self, sighting: Sighting) -> KnownMachine | None:
        """An IPv6 address joins the machine whose hardware address carries it; link-local ones are never routed."""
        if ":" not in sighting.address or not sighting.mac:
            return None
        machine = self._by_mac.get(sighting.mac)
        if machine is not None and (sighting.address.startswith("fe80:") or sighting.mac not in self._routers):
            self._hold(sighting.address, sighting.first, machine)
            return machine
        return None

    def _call(self, called: Called) -> None:
        machine = self._by_mac.get(called.mac) if called.mac else None
        if machine is None and called.address:
            machine = self.at(called.address, called.time)
        if (
            machine is not None
            and machine.home
            and machine.called(called.name, called.source, called.time, called.time)
        ):
            self._changed[machine.id] = None

    # ---- machines

    def reassign(self) -> None:
        """Units own other addresses now: ask again whose each machine is, by the address it used last."""
        for machine in self._machines.values():
            address = max(machine.addresses, key=lambda one: machine.addresses[one].last, default=None)
            if address is None:
                continue
            owner = self._networks.unit(address, self._networks.epoch(machine.addresses[address].last))
            if owner != machine.unit:
                machine.unit = owner
                self._changed[machine.id] = None

    def _create(
        self, address: str, mac: str | None, first: int, last: int, home: bool = True, carrier: str | None = None
    ) -> KnownMachine | None:
        """``mac`` is proved to be its own; ``carrier`` only carried its packets."""
        if len(self._machines) >= MACHINES_MOST:
            self.refused += 1
            return None
        identity = mac or address
        if identity in self._machines:  # the address had another holder that a lease has taken it from
            identity = f"{identity}@{first}"
        own = carrier if carrier and carrier not in self._routers and len(self._carried.get(carrier, ())) <= 1 else None
        machine = KnownMachine(identity, Seen(first, last), mac or own, home)
        if ":" in address and mac is None and own is not None and address.startswith("fe80:"):
            self._by_mac[own] = machine
        if mac is not None:
            self._by_mac[mac] = machine
        self._machines[identity] = machine
        self._hold(address, first, machine)
        self._touch(machine, address, first, last)
        return machine

    def _adopt(self, machine: KnownMachine, mac: str) -> KnownMachine:
        machine.mac = mac
        self._by_mac[mac] = machine
        self._changed[machine.id] = None
        return machine

    def _hold(self, address: str, since: int, machine: KnownMachine) -> None:
        held = self._holders.setdefault(address, [])
        held.append((since, machine))
        held.sort(key=lambda entry: entry[0])

    def _touch(self, machine: KnownMachine, address: str, first: int, last: int) -> None:
        if machine.touch(address, first, last):
            self._changed[machine.id] = None
        newest = machine.addresses.get(address)
        if newest is not None and newest.last >= machine.seen.last:
            place = self._networks.place(address)
            machine.zone = place.zone if place else None
            machine.unit = self._networks.unit(address, self._networks.epoch(last)) or machine.unit

    def _is_machine(self, address: str) -> bool:
        place = self._networks.place(address)
        return place is not None and place.machine
