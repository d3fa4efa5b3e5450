"""Who works at the office, at which machine, and the servers that they use."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from scenarios.net.host import Host
from scenarios.scene import Scene
from scenarios.sites import DOMAIN

MACHINES = 40
FIRST = 25
"""Last byte of the first machine's address: VP-TINHUY-07 stands at .31."""
LEFT_ON = (7, 18, 33)
"""Numbers of the machines that nobody switches off."""
FAMILIES = ("nguyen", "tran", "le", "pham", "hoang", "vu", "dang", "bui")
MIDDLES = ("van", "thi", "duc", "minh", "ngoc")
GIVEN = ("lan", "hung", "mai", "tuan", "hoa", "son", "thu", "long", "yen", "phuc", "ha", "quang", "linh")
SERVERS = {"tepchung": 11, "wsus": 12, "vanban": 13, "mail": 14, "hop": 16}
"""Names of the servers and the last byte of their addresses in 10.20.1.0/24."""


@dataclass(frozen=True)
class Seat:
    """A person's machine."""

    number: int
    host: Host
    user: str

    @property
    def account(self) -> str:
        """The machine's own account in the domain."""
        return f"{self.host.name}$"

    @property
    def left_on(self) -> bool:
        """Whether it runs at night."""
        return self.number in LEFT_ON


@dataclass(frozen=True)
class Office:
    """The scene with its people and servers."""

    scene: Scene
    seats: tuple[Seat, ...]
    servers: dict[str, Host]
    printer: Host

    def seat(self, number: int) -> Seat:
        """The seat of that number, from 1."""
        return self.seats[number - 1]


def furnished(scene: Scene) -> Office:
    """Every machine and server, with fixed addresses and names."""
    net = scene.actor.ip.rpartition(".")[0]
    seats = []
    for number in range(1, MACHINES + 1):
        host = scene.machine(f"{net}.{FIRST + number - 1}")
        host.name = f"VP-TINHUY-{number:02d}"
        seats.append(Seat(number, host, _user(number)))
    servers = {"dc01": scene.resolver}
    for name, last in SERVERS.items():
        servers[name] = scene.server(f"10.20.1.{last}", name=f"{name}.{DOMAIN}")
    for server in servers.values():
        scene.pin(server.name, server.ip)
    printer = scene.machine(f"{net}.10", name="MAYIN-02", ttl=64)
    return Office(scene, tuple(seats), servers, printer)


def _user(number: int) -> str:
    rng = Random(number)
    return f"{rng.choice(FAMILIES)}.{rng.choice(MIDDLES)}.{rng.choice(GIVEN)}{number:02d}"
