"""Scenarios do what their parameters say."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest

from scenarios import registry
from scenarios.net.wire import NANOSECONDS
from tests.scenarios.captures import ICMP, TCP, UDP, Seen, checked

ACTOR = "10.20.7.31"
SYN, SYN_ACK, RST = 2, 18, 4


def played(scenario: str, /, **given: object) -> list[tuple[float, Seen]]:
    packets = registry.play(scenario, 1, {"peers": 0, **given}).wire.packets
    return [(time / NANOSECONDS, seen) for time, frame in packets if (seen := checked(frame))]


def opened(packets: list[tuple[float, Seen]], target: str) -> list[float]:
    return [time for time, seen in packets if seen.flags == SYN and seen.target == target]


@pytest.mark.parametrize("transport", ["http", "tls", "tcp"])
def test_a_beacon_keeps_its_period_within_its_jitter(transport: str) -> None:
    times = opened(
        played("beacon", host="203.0.113.9", transport=transport, period=120, jitter=0.25, count=40), "203.0.113.9"
    )
    gaps = [after - before for before, after in pairwise(times)]
    assert len(times) == 40
    assert all(89 <= gap <= 151 for gap in gaps)
    assert 105 < median(gaps) < 135


def test_a_dead_server_never_answers() -> None:
    packets = played("beacon", host="203.0.113.9", failed=True, count=5)
    assert not [seen for _, seen in packets if seen.source == "203.0.113.9"]
    assert len({seen.source_port for _, seen in packets if seen.target == "203.0.113.9"}) == 5
    refused = played("beacon", host="203.0.113.9", failed=True, fault="refused", count=5)
    assert all(seen.flags & RST for _, seen in refused if seen.source == "203.0.113.9")


def test_a_beacon_in_office_hours_rests_at_night() -> None:
    times = opened(played("beacon", host="203.0.113.9", workday=True, period=600, count=120), "203.0.113.9")
    assert {int((time + 7 * 3600) % 86_400 // 3600) for time in times} <= set(range(7, 18))


def test_random_calls_have_short_and_long_gaps() -> None:
    times = opened(played("random-caller", host="203.0.113.9", mean=60, count=150), "203.0.113.9")
    gaps = sorted(after - before for before, after in pairwise(times))
    assert gaps[len(gaps) // 20] < 0.2 * median(gaps)


def test_a_scan_tries_each_port_once_and_few_answer() -> None:
    packets = played("port-scan", ports=150, answered=0.5, open_share=0.02)
    tried = Counter(seen.target_port for _, seen in packets if seen.flags == SYN)
    assert len(tried) == 150
    assert set(tried.values()) == {1}
    answers = Counter(seen.flags for _, seen in packets if seen.target == ACTOR)
    assert answers[SYN_ACK] < 10
    assert 50 < answers[RST | 16] < 100


def test_a_sweep_tries_each_host_once() -> None:
    hosts = [seen.target for _, seen in played("host-sweep", hosts=80, port=3389) if seen.flags == SYN]
    assert len(set(hosts)) == len(hosts) == 80
    assert ACTOR not in hosts


def test_a_tunnel_asks_for_new_names_of_the_given_length() -> None:
    packets = played("dns-tunnel", count=60, length=120, record="NULL")
    names = {seen.payload[12:] for _, seen in packets if seen.target_port == 53 and seen.protocol == UDP}
    assert len(names) == 60
    assert all(len(name) >= 120 for name in names)


def test_dga_names_do_not_exist() -> None:
    packets = played("dga", names=80, nxdomain=0.9)
    codes = Counter(seen.payload[3] & 15 for _, seen in packets if seen.source_port == 53)
    assert 60 < codes[3] < 80
    assert codes[0] == 80 - codes[3]


def test_a_tunnel_of_echoes_differs_from_ping() -> None:
    def answers_differ(name: str) -> bool:
        echoes = [seen for _, seen in played(name, count=20) if seen.protocol == ICMP]
        return echoes[0].payload != echoes[1].payload

    assert answers_differ("icmp-tunnel")
    assert not answers_differ("ping")


@pytest.mark.parametrize("packing", ["", "gzip", "chunked"])
def test_a_download_carries_the_given_file(packing: str, tmp_path: Path) -> None:
    own = tmp_path / "mau.bin"
    own.write_bytes(bytes(range(256)) * 40)
    packets = played("payload-download", content_file=str(own), packing=packing, name="x.jpg", declared="image/jpeg")
    stream = b"".join(seen.payload for _, seen in packets if seen.protocol == TCP and seen.source_port == 80)
    head, _, body = stream.partition(b"\r\n\r\n")
    assert b"Content-Type: image/jpeg" in head
    assert (own.read_bytes() in body) is (packing == "")
    assert any(b"GET /tai/x.jpg" in seen.payload for _, seen in packets)


@pytest.mark.parametrize("service", ["ssh", "ftp", "rdp", "smb", "http", "telnet"])
def test_guesses_are_connections(service: str) -> None:
    packets = played("brute-force", service=service, attempts=15)
    assert len(opened(packets, "10.20.7.60")) == 15


def test_several_machines_do_it() -> None:
    packets = played("beacon", host="203.0.113.9", count=3, machines=4)
    assert len({seen.source for _, seen in packets if seen.target == "203.0.113.9"}) == 4


def test_names_are_looked_up_once_while_they_are_remembered() -> None:
    packets = played("beacon", host="status.example", period=60, count=20, jitter=0)
    asked = [time for time, seen in packets if seen.target_port == 53]
    assert len(asked) == 2
