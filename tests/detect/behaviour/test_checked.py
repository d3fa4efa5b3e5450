from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from pipelines.detect.behaviour.checked import Checked

REQUESTS = [{"name": "good", "sql": "select 1"}, {"name": "bad", "sql": "selec"}]


class Worker:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, requests: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
        self.asked += [request["name"] for request in requests]
        return {r["name"]: {"columns": ["x"]} if r["name"] == "good" else {"failed": "why"} for r in requests}


def test_only_what_failed_is_asked_again(tmp_path: Path) -> None:
    worker = Worker()
    expected = {"good": {"columns": ["x"]}, "bad": {"failed": "why"}}
    assert Checked(tmp_path).answers(REQUESTS, "tables", worker) == expected
    assert Checked(tmp_path).answers(REQUESTS, "tables", worker) == expected
    assert worker.asked == ["good", "bad", "bad"]


@pytest.mark.parametrize(
    ("requests", "setup"), [(REQUESTS[:1], "other"), ([{"name": "good", "sql": "select 2"}], "tables")]
)
def test_any_change_is_asked(tmp_path: Path, requests: list[dict[str, str]], setup: str) -> None:
    worker = Worker()
    Checked(tmp_path).answers(REQUESTS[:1], "tables", worker)
    Checked(tmp_path).answers(requests, setup, worker)
    assert worker.asked == ["good", "good"]


def test_damaged_or_missing_cache_costs_a_check(tmp_path: Path) -> None:
    worker = Worker()
    (tmp_path / "checked.json").write_text("{", encoding="utf-8")
    assert Checked(tmp_path).answers(REQUESTS[:1], "tables", worker)["good"] == {"columns": ["x"]}
    assert Checked(None).answers(REQUESTS[:1], "tables", worker)["good"] == {"columns": ["x"]}
    assert worker.asked == ["good", "good"]
