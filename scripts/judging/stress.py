"""Synthetic attacks under strain: jitter, lost packets, nine visible hours, a network of twenty machines, a translator of
addresses.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

import yaml

from judging import packets
from judging.analyses import kept
from judging.days import Day, generators
from judging.labelled import in_parallel
from judging.packets import Frame, ip4, place
from pipelines.detect.finding import SEVERITIES

ATTACKS: Final = Path(__file__).with_name("stress.yaml")
JITTERS: Final = (0.0, 0.1, 0.25, 0.5, 0.8, 1.0)
MACHINE: Final = "10.20.7.31"
SEGMENT: Final = bytes((10, 20, 7))
TRANSLATOR: Final = bytes((10, 20, 7, 2))
LOSS: Final = 0.05
VIETNAM, OPENS, CLOSES = 7 * 3600, 8 * 3600, 17 * 3600
PEERS: Final = 19
Figures = dict[str, Any]


@dataclass(frozen=True)
class Trial:
    """One attack under one strain."""

    attack: str
    strain: str
    scenario: str
    anyof: tuple[str, ...]
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def capture(self, folder: Path) -> list[Path]:
        """Written, then strained."""
        plain = Day(f"{self.attack}-{self.strain}", self.scenario, 1, parameters=self.parameters).written(folder)
        change = {"loss": _loses, "hours": _closes, "nat": _translates}.get(self.strain)
        if change is not None:
            plain.write_bytes(packets.rewritten(plain.read_bytes(), change()))
        return [plain]

    def named(self) -> bool:
        """Whether the machine (or who stands for it) is the source of an alert that names the attack."""
        code = Path(__file__).read_bytes() + Path(str(packets.__file__)).read_bytes()
        found = kept([generators(), code, repr(self).encode()], self.capture)
        address = ".".join(map(str, TRANSLATOR)) if self.strain == "nat" else MACHINE
        return any(
            alert.strongest.behaviour in self.anyof and alert.severity != SEVERITIES[0]
            for machine in found.assessed() if address in machine.machine.ips
            for alert in machine.alerts
        )  # fmt: skip


def trials() -> Iterator[Trial]:
    """Every attack under every strain that applies to it."""
    for attack, given in yaml.safe_load(ATTACKS.read_text(encoding="utf-8")).items():
        plain = dict(given.get("parameters", {}))

        def trial(
            strain: str, more: Mapping[str, Any], attack: str = attack, given: Mapping[str, Any] = given
        ) -> Trial:
            return Trial(
                attack, strain, given["scenario"], tuple(given["anyof"]), {**given.get("parameters", {}), **more}
            )

        yield trial("plain", {})
        if given.get("jitter"):
            yield from (trial(f"jitter {jitter:.0%}", {"jitter": jitter}) for jitter in JITTERS)
        yield trial("loss", {})
        if "long" in given:
            yield trial("hours", given["long"])
        yield trial("twenty", {"peers": PEERS})
        if not given.get("inside"):
            yield trial("nat", {} if "peers" in plain else {"peers": PEERS})


def stress(_shared: Path) -> tuple[Figures, bool]:
    """Attack → strain → named."""
    table: dict[str, dict[str, bool]] = {}
    for trial, named in in_parallel("stress", Trial.named, trials()):
        table.setdefault(trial.attack, {})[trial.strain] = named
    totals = {
        strain: [sum(row.get(strain, False) for row in table.values()), sum(strain in row for row in table.values())]
        for strain in dict.fromkeys(strain for row in table.values() for strain in row)
    }
    return {"totals": totals, "attacks": table}, True


def _loses() -> packets.Change:
    """One packet in twenty is lost, always the same ones."""
    rng = Random("loss")
    return lambda _frame: rng.random() >= LOSS


def _closes() -> packets.Change:
    """Only what happens between eight and five, local time, is seen: machines are off at night."""
    return lambda frame: OPENS <= (frame.seconds + VIETNAM) % 86_400 < CLOSES


def _translates() -> packets.Change:
    """All machines of the segment are seen as one, behind ports that are its own."""
    ports: dict[tuple[bytes, bytes], int] = {}

    def outside(ip: bytes) -> bool:
        return ip[:3] != SEGMENT or ip[3] in (1, TRANSLATOR[3])

    def port(ip: bytes, own: bytes) -> bytes:
        return struct.pack("!H", ports.setdefault((ip, own), 20_000 + len(ports) % 40_000))

    def change(frame: Frame) -> bool:
        kind, at = packets.network(frame)
        packet = ip4(frame.data, at) if kind == packets.IPV4 else None
        if packet is None:
            return False
        source, target = (bytes(frame.data[at + offset : at + offset + 4]) for offset in (12, 16))
        if outside(source) == outside(target):
            return False  # what stays inside is not seen there
        inner, offset, field_at = (target, 16, packet.body + 2) if outside(source) else (source, 12, packet.body)
        if packet.protocol in (packets.TCP, packets.UDP) and packet.whole:
            place(frame.data, packet, field_at, port(inner, bytes(frame.data[field_at : field_at + 2])))
        place(frame.data, packet, at + offset, TRANSLATOR)
        return True

    return change
