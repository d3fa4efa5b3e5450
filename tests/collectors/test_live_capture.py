from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the program in the namespace saw."""
    command = ["unshare", "--net", sys.executable, "-m", "tests.collectors.live_capture"]
    done = subprocess.run([*command, str(tmp_path_factory.mktemp("live"))], capture_output=True, timeout=120, text=True)
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_sees_what_a_recorder_on_the_same_interface_writes(seen: dict[str, Any]) -> None:
    plain = seen["plain"]
    assert plain["same"]
    assert (plain["recorded"], plain["live_flows"], plain["packets"]) == (403, 203, 403)
    assert plain["vlans"] == [0, 20, 21, 22]


def test_the_two_directions_of_a_tap_meet(seen: dict[str, Any]) -> None:
    """Answers come in at the other interface; none may overtake its question."""
    tap = seen["tap"]
    assert (tap["live_flows"], tap["packets"], tap["clients"]) == (200, 400, 200)


def test_frames_that_go_out_are_seen_too(seen: dict[str, Any]) -> None:
    assert seen["outgoing"]["same"]
    assert seen["outgoing"]["packets"] == 400


def test_loopback_shows_each_frame_once(seen: dict[str, Any]) -> None:
    assert seen["loopback"]["same"]
    assert seen["loopback"]["packets"] == seen["loopback"]["recorded"] == 400


def test_a_filter_limits_what_is_taken(seen: dict[str, Any]) -> None:
    assert (seen["filtered"]["packets"], seen["filtered"]["vlans"]) == (21, [0, 21])


def test_a_signal_ends_the_waiting_and_loses_nothing(seen: dict[str, Any]) -> None:
    assert seen["signal"]["took"] < 2
    assert (seen["signal"]["flows"], seen["signal"]["after"]) == (1, True)


def test_the_last_frames_before_the_end_are_taken(seen: dict[str, Any]) -> None:
    assert seen["closed_at_once"] == 5


def test_what_is_lost_is_counted(seen: dict[str, Any]) -> None:
    flood = seen["flood"]
    assert flood["kernel"] == flood["sent"]
    assert flood["drops"] > 0
    assert flood["taken"] == flood["sent"] - flood["drops"]


def test_an_interface_that_goes_down_comes_back(seen: dict[str, Any]) -> None:
    assert (seen["outage"]["flows"], seen["outage"]["outages"]) == (2, 2)
    assert seen["outage"]["busy"] < 0.2


def test_an_interface_that_goes_away_is_said(seen: dict[str, Any]) -> None:
    assert seen["gone"].startswith("CaptureError: short0: the interface has gone")
