"""Office days without trouble: the machines that are promised, the work that false alarms come from, whole packets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

import pytest

from scenarios import registry
from scenarios.clock import DAY
from scenarios.scene import Scene, is_private
from tests.scenarios.captures import TCP, Seen, checked

SHAPES: Mapping[str, Mapping[str, int]] = {
    "office-isolated": {"machines": 8},
    "office-internet": {"machines": 12},
    "office-servers": {"machines": 8},
    "office-commune": {"machines": 6},
    "office-proxy": {"machines": 8},
    "office-night": {"machines": 8, "days": 1},
}
PORTS = {
    "office-isolated": (88, 445, 1352, 8014, 10_051, 135, 5985, 3389),
    "office-internet": (53, 80, 443, 445, 5228, 13_000, 25),
    "office-servers": (25, 80, 445, 3389, 161),
    "office-commune": (53, 123, 443, 8_666, 9_100),
    "office-proxy": (3128, 443, 8014, 445),
    "office-night": (80, 88, 443),
}


@lru_cache
def played(name: str, seed: int = 1) -> Scene:
    return registry.play(name, seed, dict(SHAPES[name]))


@lru_cache
def packets(name: str) -> list[Seen]:
    return [seen for _, frame in played(name).wire.packets if (seen := checked(frame))]


@pytest.mark.parametrize("name", SHAPES)
def test_everybody_is_there_for_a_day(name: str) -> None:
    beside = played(name).actor.ip.rpartition(".")[0] + "."
    machines = {seen.source for seen in packets(name) if seen.source.startswith(beside)}
    assert len(machines) >= SHAPES[name]["machines"]
    first, last = played(name).wire.span
    assert 0.4 * DAY < last - first <= 1.3 * DAY


@pytest.mark.parametrize("name", SHAPES)
def test_the_work_of_the_shape_is_there(name: str) -> None:
    ports = Counter(seen.target_port for seen in packets(name))
    assert all(ports[port] for port in PORTS[name]), ports.most_common(20)


@pytest.mark.parametrize("name", ["office-isolated", "office-proxy"])
def test_only_the_proxy_leaves_a_network_without_the_internet(name: str) -> None:
    out = {
        seen.source for seen in packets(name)
        if seen.protocol == TCP and is_private(seen.source) and not is_private(seen.target)
    }  # fmt: skip
    assert out == ({"10.7.0.16"} if name == "office-proxy" else set())


def test_the_same_seed_gives_the_same_day() -> None:
    again = registry.play("office-commune", 1, dict(SHAPES["office-commune"]))
    assert again.wire.packets == played("office-commune").wire.packets
    assert registry.play("office-commune", 2, dict(SHAPES["office-commune"])).wire.packets != again.wire.packets
