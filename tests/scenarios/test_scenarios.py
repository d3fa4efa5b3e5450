"""Every scenario plays, and what it writes is a capture that strangers can read."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import cast

import pytest
from scapy.layers.l2 import Ether
from scapy.utils import RawPcapReader

from scenarios import registry
from scenarios.net.capture_file import ETHERNET, pcap
from scenarios.scene import Scene
from tests.scenarios.captures import checked

NAMES = [name for name in registry.scenarios() if not name.startswith("office")]
DISSECTED = 40
"""Packets of each scenario that scapy takes apart: it needs a millisecond for each."""


@lru_cache
def capture(name: str) -> list[tuple[int, bytes]]:
    return registry.play(name, 1, {}).wire.packets


@pytest.mark.parametrize("name", NAMES)
def test_packets_are_in_order_and_sums_are_right(name: str) -> None:
    packets = capture(name)
    times = [time for time, _ in packets]
    assert len(packets) > 20
    assert times == sorted(times)
    for _, frame in packets:
        checked(frame)


@pytest.mark.parametrize("name", NAMES)
def test_scapy_reads_what_was_written(name: str) -> None:
    packets = capture(name)
    content = pcap(packets, link=ETHERNET)
    with RawPcapReader(cast(str, io.BytesIO(content))) as reader:
        frames = [frame for frame, _ in reader]
    assert frames == [frame for _, frame in packets]
    for frame in frames[:: max(1, len(frames) // DISSECTED)]:
        assert bytes(Ether(frame)) == frame


@pytest.mark.parametrize("name", NAMES)
def test_same_seed_same_bytes(name: str) -> None:
    assert registry.play(name, 1, {}).wire.packets == capture(name)


@pytest.mark.parametrize("name", NAMES)
def test_another_seed_other_bytes(name: str) -> None:
    assert registry.play(name, 2, {}).wire.packets != capture(name)


@pytest.mark.parametrize("name", NAMES)
def test_the_chosen_machine_acts(name: str) -> None:
    packets = registry.play(name, 1, {"machine": "10.30.4.9", "peers": 0}).wire.packets
    seen = [each for _, frame in packets if (each := checked(frame))]
    mac = bytes.fromhex(Scene("", 0.0, actor="10.30.4.9").actor.mac.replace(":", ""))
    assert any(frame[6:12] == mac for _, frame in packets) or any(each.source == "10.30.4.9" for each in seen)
    assert all("10.20.7.31" not in (each.source, each.target) for each in seen)


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_is_explained(name: str) -> None:
    scenario = registry.find(name)
    assert scenario.doc.endswith(".")
    assert [each.name for each in scenario.parameters if not each.doc] == []
