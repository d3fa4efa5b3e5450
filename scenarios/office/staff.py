"""Who works at the office, at which machine, and the servers that they use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from scenarios.net.host import Host
from scenarios.scene import Scene
from scenarios.sites import DOMAIN

MACHINES = 40
FIRST = 25
"""Last byte of the first machine's address: VP-TINHUY-07 stands at .31."""
FAMILIES = ("nguyen", "tran", "le", "pham", "hoang", "vu", "dang", "bui")
MIDDLES = ("van", "thi", "duc", "minh", "ngoc")
GIVEN = ("lan", "hung", "mai", "tuan", "hoa", "son", "thu", "long", "yen", "phuc", "ha", "quang", "linh")
SERVERS = {"tepchung": 11, "wsus": 12, "vanban": 13, "mail": 14, "hop": 16}
"""Names of the servers and the last byte of their addresses in 10.20.1.0/24."""


@dataclass(frozen=True)
class Plan:
    """How an office is furnished."""

    machines: int = MACHINES
    prefix: str = "VP-TINHUY"
    """Of the machines' names."""
    domain: str = DOMAIN
    servers: Mapping[str, str] = field(
        default_factory=lambda: {name: f"10.20.1.{last}" for name, last in SERVERS.items()}
    )
    """Name → address; servers on the machines' own segment stand there, the others behind the gateway."""
    joined: bool = True
    """Machines belong to a domain of Windows."""
    internet: bool = True
    left_on: tuple[int, ...] = (7, 18, 33)
    """Numbers of the machines that nobody switches off."""


PROVINCE = Plan()
"""The demo's office."""


@dataclass(frozen=True)
class Seat:
    """A person's machine."""

    number: int
    host: Host
    user: str
    left_on: bool = False
    """It runs at night."""

    @property
    def account(self) -> str:
        """The machine's own account in the domain."""
        return f"{self.host.name}$"


@dataclass(frozen=True)
class Office:
    """The scene with its people and servers."""

    scene: Scene
    seats: tuple[Seat, ...]
    servers: dict[str, Host]
    printer: Host
    plan: Plan = PROVINCE

    @property
    def realm(self) -> str:
        """Of Kerberos."""
        return self.plan.domain.upper()

    def seat(self, number: int) -> Seat:
        """The seat of that number, from 1."""
        return self.seats[number - 1]


def furnished(scene: Scene, plan: Plan = PROVINCE) -> Office:
    """Every machine and server, with fixed addresses and names."""
    net = scene.actor.ip.rpartition(".")[0]
    seats = []
    for number in range(1, plan.machines + 1):
        host = scene.machine(f"{net}.{FIRST + number - 1}")
        host.name = f"{plan.prefix}-{number:02d}"
        seats.append(Seat(number, host, _user(number), number in plan.left_on))
    servers = {"dc01": scene.resolver}
    for name, address in plan.servers.items():
        stand = scene.machine if address.startswith(f"{net}.") else scene.server
        servers[name] = stand(address, name=f"{name}.{plan.domain}")
    for server in servers.values():
        scene.pin(server.name, server.ip)
    printer = scene.machine(f"{net}.10", name="MAYIN-02", ttl=64)
    return Office(scene, tuple(seats), servers, printer, plan)


def _user(number: int) -> str:
    rng = Random(number)
    return f"{rng.choice(FAMILIES)}.{rng.choice(MIDDLES)}.{rng.choice(GIVEN)}{number:02d}"
