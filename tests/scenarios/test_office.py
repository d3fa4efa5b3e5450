"""The demo's office: forty machines, two days, four of them in trouble, within the limits of the demo."""

from __future__ import annotations

import time
from collections import Counter
from functools import lru_cache

import pytest

from scenarios import registry
from scenarios.clock import DAY
from scenarios.office import trouble
from scenarios.office.staff import FIRST, MACHINES
from scenarios.scene import Scene, is_private
from tests.scenarios.captures import TCP, UDP, Seen, checked

MOST_PACKETS = 50_000
MOST_SECONDS = 15
QUIET, TROUBLED = "office-quiet", "office"


@lru_cache
def timed(name: str, seed: int = 1) -> tuple[Scene, float]:
    started = time.process_time()
    return registry.play(name, seed, {}), time.process_time() - started


def scene(name: str) -> Scene:
    return timed(name)[0]


@lru_cache
def packets(name: str) -> list[Seen]:
    return [seen for _, frame in scene(name).wire.packets if (seen := checked(frame))]


def address(number: int) -> str:
    return f"10.20.7.{FIRST + number - 1}"


@pytest.mark.parametrize("seed", [1, 2])
def test_stays_within_the_demos_limits(seed: int) -> None:
    played, seconds = timed(TROUBLED, seed)
    wire = played.wire
    assert 30_000 < len(wire) <= MOST_PACKETS
    assert seconds < MOST_SECONDS
    first, last = wire.span
    assert 1.3 * DAY < last - first <= 2 * DAY


def test_forty_machines_get_addresses_and_give_their_names() -> None:
    leases = [seen.payload for seen in packets(QUIET) if seen.protocol == UDP and seen.source_port == 68]
    names = {f"VP-TINHUY-{number:02d}".encode() for number in range(1, MACHINES + 1)}
    assert all(any(name in payload for payload in leases) for name in names)


def test_every_kind_of_work_is_there() -> None:
    ports = Counter(seen.target_port for seen in packets(QUIET) if is_private(seen.source))
    assert all(ports[port] > 100 for port in (53, 80, 88, 443, 445, 10_000)), ports.most_common(12)


def test_same_seed_same_office() -> None:
    assert registry.play(TROUBLED, 1, {}).wire.packets == scene(TROUBLED).wire.packets


def test_the_quiet_office_knows_nothing_of_the_trouble() -> None:
    content = b"".join(frame for _, frame in scene(QUIET).wire.packets)
    labels = trouble.TUNNEL_DOMAIN.split(".")
    for trace in (trouble.DROPPER_NAME, trouble.CONTROL_HOST.split(".")[0], labels[1], "ultraviewer"):
        assert trace.encode() not in content
    assert trouble.DROPPER_HOST not in {seen.target for seen in packets(QUIET)}


def test_the_infected_machine_downloads_and_then_calls_home_day_and_night() -> None:
    own = [seen for seen in packets(TROUBLED) if seen.source == address(trouble.INFECTED)]
    assert any(trouble.DROPPER_NAME.encode() in seen.payload for seen in own if seen.target == trouble.DROPPER_HOST)
    home = scene(TROUBLED).address(trouble.CONTROL_HOST)
    calls = [seen for seen in own if seen.target == home and seen.protocol == TCP and seen.flags == 2]
    assert len(calls) > 150
    assert {seen.source for seen in packets(TROUBLED) if seen.target == home} == {address(trouble.INFECTED)}


def test_only_one_machine_tunnels_scans_and_is_remotely_controlled() -> None:
    tunnel = {seen.source for seen in packets(TROUBLED) if b"kho-dulieu" in seen.payload and seen.target_port == 53}
    assert tunnel == {address(trouble.TUNNEL)}
    asked = {(seen.source, seen.target) for seen in packets(TROUBLED) if seen.flags == 2 and seen.target_port == 445}
    fan_out = Counter(source for source, _ in asked)
    assert fan_out.most_common(1)[0][0] == address(trouble.SCANNER)
    assert sorted(fan_out.values())[-2] <= 2
    tool = {seen.source for seen in packets(TROUBLED) if b"ultraviewer" in seen.payload and seen.target_port == 443}
    assert tool == {address(trouble.REMOTE)}
