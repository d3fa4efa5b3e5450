"""Guesses about operating systems, from strings as real systems send them."""

from __future__ import annotations

import pytest

from pipelines.enrich.systems import guesses

AGENTS = (
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36",
     "Windows 10/11"),
    ("Microsoft-CryptoAPI/6.1", "Windows 7"),
    ("Mozilla/5.0 (Linux; Android 13; SM-A135F) AppleWebKit/537.36", "Android"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15", "iOS"),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", "macOS"),
    ("Debian APT-HTTP/1.3 (2.6.1)", "Linux"),
    ("curl/8.4.0", None),
)  # fmt: skip


@pytest.mark.parametrize(("agent", "system"), AGENTS)
def test_user_agents(agent: str, system: str | None) -> None:
    assert [one.system for one in guesses([], [agent], [])] == ([] if system is None else [system])


@pytest.mark.parametrize(
    ("ttl", "system"),
    [(128, "Windows"), (121, "Windows"), (64, "Linux, macOS, Android"), (32, None), (254, "network_device"), (1, None)],
)
def test_hop_limits_lowered_by_routers(ttl: int, system: str | None) -> None:
    assert [one.system for one in guesses([], [], [ttl])] == ([] if system is None else [system])


def test_each_reason_stands_once_with_its_most_frequent_value() -> None:
    found = guesses(["MSFT 5.0", "MSFT 98"], [], [128, 127])
    assert [(one.system, one.reason, one.value) for one in found] == [
        ("Windows", "dhcp", "MSFT 5.0"),
        ("Windows", "ttl", "128"),
    ]
