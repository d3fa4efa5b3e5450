"""YARA rules of other people: thousands of them, wrong ones, slow ones, and those that lean on one another."""

from __future__ import annotations

from pathlib import Path

import pytest
import yara

from collectors.segment import ExtractedFile
from pipelines.detect.importing import ruleset
from pipelines.detect.importing.outcome import Outcome
from pipelines.detect.rulefiles import UNREHEARSED_WEIGHT, RuleFolder
from pipelines.detect.yara import source
from pipelines.detect.yara.engine import YaraEngine
from pipelines.detect.yara.importing import read
from tests.detect.events import segment


def rule(name: str, mark: str = "", condition: str = "$a", head: str = "rule") -> str:
    return f'{head} {name}\n{{\n    strings:\n        $a = "{mark or name}-mark"\n    condition:\n        {condition}\n}}\n'


def told(folder: Path, **files: str) -> dict[str, Outcome]:
    for name, text in files.items():
        (folder / f"{name}.yar").write_text(text, encoding="utf-8")
    return {one.rule or one.file: one for one in read(folder, "set")[0].outcomes}


def matched(folder: Path, content: bytes) -> list[str]:
    """Rules that say something of a file, after the import and run by the engine."""
    report, contents = read(folder, "set")
    ruleset.publish(folder / "installed", "set", contents, report)
    engine = YaraEngine([RuleFolder(folder / "installed")], folder / "cache")
    try:
        assert engine.errors == []
        event = {
            "event.id": "f-1",
            "file.name": "a.bin",
            "file.size": len(content),
            "vonggac.file.direction": "download",
        }
        found = engine.feed(segment({"file": [event]}, [ExtractedFile("f-1", content)]))
        assert all(one.weight.log10_ratio <= UNREHEARSED_WEIGHT for one in found)
        return sorted({one.rule for one in found})
    finally:
        engine.close()


def test_thousands_of_rules(tmp_path: Path) -> None:
    for number in range(150):
        text = "".join(rule(f"family_{number}_{at}") for at in range(20))
        (tmp_path / f"part{number}.yar").write_text(text + (rule("broken", condition="$b") if number == 70 else ""))
    report, contents = read(tmp_path, "set")
    assert report.counts() == {"used": 3000, "wrong": 1}
    assert len(contents) == 150
    assert matched(tmp_path, b"..family_149_7-mark..") == ["family_149_7"]


def test_one_wrong_rule_leaves_the_others_and_is_told_with_its_line(tmp_path: Path) -> None:
    text = (
        rule("first")
        + rule("second", condition="$a and $b")
        + 'import "math"\n'
        + rule("third", condition="$a and math.entropy(0, filesize) > 0")
    )
    found = told(tmp_path, mixed=text)
    assert (found["first"].status, found["second"].status, found["third"].status) == ("used", "wrong", "used")
    assert found["second"].line == 14
    assert "$b" in found["second"].reason
    assert matched(tmp_path, b"first-mark second-mark third-mark") == ["first", "third"]


def test_variables_that_nobody_fills_are_told(tmp_path: Path) -> None:
    found = told(
        tmp_path,
        one=rule("known", condition='$a and filename contains "a.bin"')
        + rule("other", condition="$a and owner_of_file == 1"),
    )
    assert (found["known"].status, found["other"].status) == ("used", "field")
    assert "'owner_of_file'" in found["other"].reason
    assert matched(tmp_path, b"known-mark other-mark") == ["known"]


def test_names_may_repeat_from_file_to_file(tmp_path: Path) -> None:
    told(tmp_path, one=rule("same", "first"), two=rule("same", "second"), three=rule("same", "first"))
    statuses = sorted(one.status for one in read(tmp_path, "set")[0].outcomes)
    assert statuses == ["double", "used", "used"]
    assert matched(tmp_path, b"second-mark") == ["same"]


def test_files_include_one_another(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "base/shared.yar").write_text(rule("shared"))
    found = told(
        tmp_path,
        leans='include "base/shared.yar"\n' + rule("leans", condition="$a and shared"),
        index='include "leans.yar"\n',
    )
    assert (found["leans"].status, found["shared"].status, found["index.yar"].status) == ("used", "used", "double")
    assert matched(tmp_path, b"leans-mark shared-mark") == ["leans", "shared"]
    assert matched(tmp_path, b"leans-mark") == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('include "/etc/passwd"\n', "not in the set"),
        ('include "../../x.yar"\n', "not in the set"),
        ('include "one.yar"\n', "circle"),
    ],
)
def test_includes_stay_within_the_set(tmp_path: Path, text: str, reason: str) -> None:
    found = told(tmp_path, one=text + rule("a"))
    assert found["one.yar"].status == "wrong"
    assert reason in found["one.yar"].reason


def test_slow_rules_are_switched_off_with_what_leans_on_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.detect.yara.cost.SLOW_SECONDS", 0.05)
    slow = "rule slow { condition: for any i in (0..filesize) : (uint8(i) + uint16(i) + uint32(i) == 99999999999) }\n"
    found = told(tmp_path, one=rule("quick") + slow + "rule leans { condition: slow }\n", two=rule("other"))
    assert {name: one.status for name, one in found.items()} == {
        "quick": "used",
        "slow": "off",
        "leans": "off",
        "other": "used",
    }
    assert "ms for" in found["slow"].reason
    assert matched(tmp_path, b"quick-mark") == ["quick"]


def test_taking_rules_out_keeps_the_lines_of_the_others() -> None:
    text = "/* rule ghost { */\n" + rule("one") + "// rule two\n" + rule("two", '\\"rule three {')
    assert [(place.name, place.line) for place in source.places(text)] == [("one", 2), ("two", 10)]
    left = source.without(text, {"one"})
    assert [(place.name, place.line) for place in source.places(left)] == [("two", 10)]
    yara.compile(source=left)


def test_meaning_follows_from_names(tmp_path: Path) -> None:
    found = told(tmp_path, one=rule("ransom_note") + rule("webshell_php"))
    assert (found["ransom_note"].behaviour, found["webshell_php"].behaviour) == ("ransomware", "web-shell")
