"""The shipped YARA rules and the engine that runs them in processes of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from collectors.segment import ExtractedFile
from pipelines.detect.rulefiles import SHIPPED, RuleFolder
from pipelines.detect.yara import cases
from pipelines.detect.yara.engine import Limits, YaraEngine
from pipelines.detect.yara.samples import sample
from tests.detect.events import MACHINE, OUTSIDE, segment

SLOW = "rule slow { condition: for all i in (1..500000000) : (uint8(i % 100) != 300) }"


def test_every_shipped_rule_is_proved_by_its_cases() -> None:
    assert [str(error) for error in cases.test(SHIPPED / "yara")] == []


def scan(
    folder: Path, text: str, content: bytes, limits: Limits | None = None, **row: object
) -> tuple[list[str], YaraEngine]:
    rules = folder / "rules"
    rules.mkdir(exist_ok=True)
    (rules / "own.yar").write_text(text)
    engine = YaraEngine([RuleFolder(rules, rehearsed=True)], folder / "cache", limits)
    given = {"event.id": "f", "file.name": "a.bin", "vonggac.file.direction": "download", **row}
    found = engine.feed(segment({"file": [given]}, [ExtractedFile("f", content)]))
    engine.close()
    assert all((one.machine, one.peer, one.role, one.events) == (MACHINE, OUTSIDE, "source", ("f",)) for one in found)
    return [one.rule for one in found], engine


def test_a_file_that_matches_names_the_machine_that_received_it(tmp_path: Path) -> None:
    rules, _ = scan(tmp_path, 'rule x { strings: $a = "evil" condition: $a }', b"so evil")
    assert rules == ["x"]
    assert scan(tmp_path, 'rule x { strings: $a = "evil" condition: $a }', b"so good")[0] == []


def test_a_rule_file_that_does_not_compile_is_told_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/bad.yar").write_text("rule bad {\n condition: nonsense\n}\n")
    rules, engine = scan(tmp_path, 'rule x { strings: $a = "evil" condition: $a }', b"evil")
    assert rules == ["x"]
    assert [(error.path.name, error.line) for error in engine.errors] == [("bad.yar", 2)]


def test_a_scan_that_takes_too_long_is_given_up_and_counted(tmp_path: Path) -> None:
    text = SLOW + '\nrule x { strings: $a = "evil" condition: $a }'
    rules, engine = scan(tmp_path, text, b"a" * 200_000 + b"evil", Limits(workers=1, seconds=1))
    assert rules == []
    assert sum(count for name, count in engine.counters.items() if "scanned" not in name) >= 1


def test_large_files_are_counted_and_not_scanned(tmp_path: Path) -> None:
    rules, engine = scan(
        tmp_path, 'rule x { strings: $a = "evil" condition: $a }', b"evil" * 100, Limits(max_bytes=100)
    )
    assert rules == []
    assert sum(engine.counters.values()) >= 1


@pytest.mark.parametrize("content", [b"", b"\0" * 10_000, bytes(range(256)) * 300])
def test_shipped_rules_stay_quiet_on_plain_content(tmp_path: Path, content: bytes) -> None:
    engine = YaraEngine([RuleFolder(SHIPPED / "yara", rehearsed=True)], tmp_path / "cache")
    row = {"event.id": "f", "file.name": "a.bin", "vonggac.file.direction": "download"}
    assert engine.feed(segment({"file": [row]}, [ExtractedFile("f", content)])) == []
    engine.close()


def test_samples_are_deterministic() -> None:
    description = {"in": "zip", "parts": {"a.txt": "x"}}
    assert sample(description) == sample(description)
