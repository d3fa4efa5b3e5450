"""What happens between the machines of one segment: ARP and DHCP, true and false."""

from __future__ import annotations

from scenarios.clock import HOUR, periodic
from scenarios.net.host import Host
from scenarios.protocols import arp, dhcp
from scenarios.registry import scenario
from scenarios.scene import Scene
from scenarios.traffic.browsing import page

SPARE_MAC = "00:1b:54:aa:07:02"
"""The second router of a pair."""


@scenario("arp-spoof")
def arp_spoof(scene: Scene, *, victims: int = 2, period: float = 2.0, minutes: float = 5.0, both: bool = True) -> None:
    """A machine tells its neighbours that the gateway is at its own address, and the gateway that they are.

    victims: how many neighbours
    period: seconds between lies
    minutes: how long
    both: it lies to the gateway too
    """
    gateway = scene.gateway
    hosts = scene.machines(victims + 1)[1:]
    for victim in hosts:  # as it was before
        arp.ask(scene, victim, gateway, scene.start - 60 + scene.rng.uniform(0, 30))
    for when in periodic(scene.rng, scene.start, period, 0.05, int(minutes * 60 / period)):
        for victim in hosts:
            arp.claim(scene, scene.actor.mac, gateway.ip, victim, when)
            if both:
                arp.claim(scene, scene.actor.mac, victim.ip, gateway, when + 0.001)
    for number, victim in enumerate(hosts):  # the gateway still answers who asks
        arp.ask(scene, victim, gateway, scene.start + 25 + number)


@scenario("gateway-failover")
def gateway_failover(scene: Scene, *, asks: int = 12, announcements: int = 3) -> None:
    """The second router of a pair takes over the gateway's address when the first has gone: no lie.

    asks: how often machines asked before and ask after
    announcements: of the new router
    """
    old = scene.gateway
    new = Host(old.ip, SPARE_MAC, 64)
    machines = scene.machines(6)
    for number in range(asks):
        arp.ask(scene, machines[number % 6], old, scene.start + number * 20)
    change = scene.start + asks * 20 + 60
    for number in range(announcements):
        arp.announce(scene, new, change + number)
    for number in range(asks):
        arp.ask(scene, machines[number % 6], new, change + 10 + number * 20)


@scenario("new-network-card")
def new_network_card(scene: Scene, *, mac: str = "9c:7b:ef:10:20:30") -> None:
    """A machine comes back with another network card at its old address: no lie.

    mac: of the new card
    """
    machine = scene.actor
    dhcp.lease(scene, machine, scene.start)
    arp.announce(scene, machine, scene.start + 0.5)
    for number in range(10):
        arp.ask(scene, machine, scene.gateway, scene.start + 60 + number * 90)
    changed = Host(machine.ip, mac, machine.ttl, machine.name)
    later = scene.start + 2 * HOUR
    dhcp.lease(scene, changed, later)
    arp.announce(scene, changed, later + 0.5)
    for number in range(10):
        arp.ask(scene, changed, scene.gateway, later + 60 + number * 90)


@scenario("rogue-dhcp")
def rogue_dhcp(
    scene: Scene,
    *,
    leases: int = 5,
    dns: str = "203.0.113.53",
    router: str = "",
    race: bool = True,
    spacing: float = 120.0,
) -> None:
    """A machine gives out addresses, with itself as the router and a resolver of its own.

    leases: how many
    dns: the resolver that it tells
    router: the router that it tells; empty for itself
    race: the office's server answers too
    spacing: seconds between leases on average
    """
    rogue = scene.actor
    terms = dhcp.Offer(server=rogue.ip, router=router or rogue.ip, dns=dns, domain="lan", lease=3600)
    when = scene.start
    for machine in scene.machines(leases + 1)[1:]:
        if race:
            dhcp.lease(scene, machine, when - HOUR / 2)
            xid = scene.rng.getrandbits(32)
            first = dhcp.message(
                1, xid, machine.mac, {dhcp.TYPE: bytes([dhcp.DISCOVER]), dhcp.NAME: machine.name.encode()}
            )
            dhcp.broadcast(scene, machine.mac, dhcp.NOWHERE, when, first)
            dhcp.answer(scene, rogue, machine, when + 0.002, xid, terms.options(dhcp.OFFER))
            dhcp.answer(scene, scene.gateway, machine, when + 0.004, xid, dhcp.usual(scene).options(dhcp.OFFER))
        else:
            dhcp.lease(scene, machine, when, server=rogue, offer=terms)
        when += scene.rng.expovariate(1 / spacing) + 5


@scenario("dhcp-leases")
def dhcp_leases(scene: Scene, *, machines: int = 12, renewals: int = 2) -> None:
    """Machines get and renew their addresses from the office's server.

    machines: how many
    renewals: of each
    """
    for number, machine in enumerate(scene.machines(machines)):
        when = dhcp.lease(scene, machine, scene.start + number * scene.rng.uniform(1, 40))
        for turn in range(1, renewals + 1):
            dhcp.renew(scene, machine, when + turn * 4 * HOUR)


@scenario("unknown-device", machine="10.20.7.199")
def unknown_device(scene: Scene, *, name: str = "android-3f2a", mac: str = "f2:91:0c:5a:77:01", pages: int = 5) -> None:
    """A device that nobody knows (a phone with a made-up MAC) joins the segment.

    name: what it calls itself
    mac: its MAC
    pages: what it reads
    """
    device = scene.actor
    device.mac, device.ttl, device.name = mac, 64, name
    when = dhcp.lease(scene, device, scene.start)
    arp.announce(scene, device, when + 0.2)
    for number in range(pages):
        page(scene, device, scene.rng.choice(("vnexpress.net", "tuoitre.vn")), when + 5 + number * 40)
