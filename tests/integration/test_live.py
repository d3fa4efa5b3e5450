"""``vonggac run`` on live interfaces says what ``vonggac analyse`` says about what recorders on them wrote."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(
        os.geteuid() != 0 or not all(map(shutil.which, ("unshare", "ip", "tcpdump", "tcpreplay"))),
        reason="needs root, util-linux, iproute2, tcpdump and tcpreplay",
    ),
]

MEMORY_MOST = 1_500_000_000
"""Bytes of the whole process tree."""
OFFICE = (
    "port-scan ports=150 rate=8 peers=0 machine=10.20.7.31"
    " + payload-download kind=pe-packed machine=10.20.7.32"
    " + dns-tunnel rate=8 count=220 machine=10.20.7.33"
    " + beacon transport=http period=3.1 jitter=0.05 count=11 machine=10.20.7.34"
    " + brute-force rate=2 attempts=50 machine=10.20.7.35"
    " + ip-lookup machine=10.20.7.36"
    " + icmp-tunnel period=0.2 jitter=0.3 count=150 machine=10.20.7.37"
    " + c2-tcp hours=0.02 period=1.5 machine=10.20.7.38"
    " + dhcp-leases machine=10.20.7.39"
)
"""Told by single events (downloads, programs, lookups) and by windows (scan, tunnel, beacon, guesses). Some connections
are still open when the last packet has been sent."""
BRANCH = "payload-download kind=ps1 peers=0 vlans=7 machine=10.20.9.22 + ip-lookup machine=10.20.9.23"
BEFORE = "payload-download kind=pe-packed peers=0 machine=10.20.9.21"
EXPECTED = {
    ("port-scan", "10.20.7.31"), ("port-scan", "10.20.7.60"), ("payload-download", "10.20.7.32"),
    ("pe-packed-unnamed", "10.20.7.32"), ("dns-tunnel", "10.20.7.33"), ("beacon", "10.20.7.34"),
    ("brute-force", "10.20.7.35"), ("ip-lookup", "10.20.7.36"), ("payload-download", "10.20.9.21"),
    ("payload-download", "10.20.9.22"), ("ip-lookup", "10.20.9.23"),
}  # fmt: skip
"""Some of what there is to find, so that nothing found twice does not pass for equal."""
COMPARED = ("machine", "rule", "role", "severity", "count", "first", "last")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where captures, recordings and the site are."""
    made = tmp_path_factory.mktemp("live")
    for name, parts in (("office", OFFICE), ("branch", BRANCH), ("before", BEFORE)):
        command = [sys.executable, "-m", "scenarios", "write", *parts.split(), "--out", str(made / f"{name}.pcap")]
        subprocess.run(command, check=True, capture_output=True)
    return made


@pytest.fixture(scope="module")
def live(folder: Path) -> dict[str, Any]:
    """What ``vonggac run`` found, and how it did."""
    command = ["unshare", "--net", sys.executable, "-m", "tests.integration.live_site", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def recordings(live: dict[str, Any], folder: Path) -> list[str]:
    """What the recorders wrote, once the live run is over."""
    return [str(folder / "office1.pcap"), str(folder / "branch1.pcap")]


@pytest.fixture(scope="module")
def again(recordings: list[str]) -> dict[str, Any]:
    """The analysis of the recordings."""
    command = [sys.executable, "-m", "vonggac", "analyse", "--format", "json", *recordings]
    document: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, timeout=120).stdout)
    return document


def told(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The alerts of an analysis with the addresses of their machines."""
    return [
        {**alert, "machine": " ".join(sorted(machine["ips"]))}
        for machine in document["machines"]
        for alert in machine["alerts"]
    ]


def compared(alerts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What must be the same. A live alert that was told early may name other ones among more than 100 events."""
    chosen = []
    for one in sorted(alerts, key=lambda one: (one["machine"], one["rule"], one["role"])):
        events = sorted(one["events"]) if one["count"] == len(one["events"]) else []
        chosen.append({name: one[name] for name in COMPARED} | {"peers": sorted(one["peers"]), "events": events})
    return chosen


def test_the_alerts_are_those_of_the_recordings(live: dict[str, Any], again: dict[str, Any]) -> None:
    assert {(one["rule"], one["machine"]) for one in live["alerts"]} >= EXPECTED
    assert compared(live["alerts"]) == compared(told(again))


def test_so_are_the_verdicts(live: dict[str, Any], again: dict[str, Any]) -> None:
    judged = dict(live["verdicts"])
    assert judged == {" ".join(sorted(one["ips"])): one["verdict"] for one in again["machines"]}


def test_so_is_every_event(live: dict[str, Any], recordings: list[str]) -> None:
    command = [sys.executable, "-m", "vonggac", "sensor", "--format", "jsonl"]
    command += [argument for path in recordings for argument in ("--read", path)]
    said = subprocess.run(command, capture_output=True, check=True, timeout=120).stdout.splitlines()
    events = [event for event in map(json.loads, said) if event["event.dataset"] != "stats"]
    assert live["ids"] == sorted(event["event.id"] for event in events)


def test_no_packet_is_lost(live: dict[str, Any], again: dict[str, Any]) -> None:
    assert live["packets"] == sum(capture["packets"] for capture in again["captures"]) > 2_000
    assert re.search(r"stopped; 0 packets", live["said"][-1])


def test_a_killed_sensor_comes_back_and_takes_nothing_with_it(live: dict[str, Any]) -> None:
    sensor, told_before = live["sensor"], live["told"]
    assert (sensor["restarts"], sensor["status"]) == (1, "warning")
    assert sensor["pid"] != sensor["victim"]
    assert "SIGKILL" in sensor["message"]["vi"]
    assert "SIGKILL" in sensor["message"]["en"]
    assert told_before["ids"]
    assert set(told_before["ids"]) <= set(live["ids"])
    assert [one for one in live["alerts"] if one["machine"] == "10.20.9.21"] == told_before["alerts"]


def test_the_end_is_clean(live: dict[str, Any]) -> None:
    assert (live["code"], live["left"], live["waiting"], live["console"]) == (0, [], [], True)
    assert live["health"]["status"] == "stopped"
    assert live["stopped"] < 30


def test_memory_of_the_whole_tree(live: dict[str, Any]) -> None:
    assert 100_000_000 < live["memory"] < MEMORY_MOST
