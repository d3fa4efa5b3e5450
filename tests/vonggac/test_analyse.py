from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pyarrow.parquet as pq
import pytest

import schema
from schema import DATASETS
from tests.vonggac.captures import write

SCHEMA = json.loads((Path(schema.__file__).parent / "analysis.schema.json").read_text())


@pytest.fixture(scope="session")
def violator(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("captures") / "violator.pcap", "remote-control")


@pytest.fixture(scope="session")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("captures") / "quiet.pcap", "quiet")


def run(*arguments: object, standard_input: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "vonggac", "analyse", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, input=standard_input, timeout=120)


def result(*arguments: object, **more: Any) -> tuple[int, dict[str, Any]]:
    done = run("--format", "json", *arguments, **more)
    made = json.loads(done.stdout)
    jsonschema.validate(made, SCHEMA)
    return done.returncode, made


def test_the_document(violator: Path, tmp_path: Path) -> None:
    code, made = result(violator, "--out", tmp_path)
    assert code == 1
    assert made["captures"][0]["file"] == "violator.pcap"
    assert made["captures"][0]["packets"] > 0
    machine = next(one for one in made["machines"] if one["alerts"])
    assert machine["ips"] == ["10.20.7.31"]
    stored = {path.stem: pq.read_table(path) for path in tmp_path.glob("*.parquet")}
    assert {name: table.num_rows for name, table in stored.items()} == made["captures"][0]["events"]
    assert all(table.schema.equals(DATASETS[name]) for name, table in stored.items())
    known = {identity for table in stored.values() for identity in table["event.id"].to_pylist()}
    for alert in machine["alerts"]:
        assert set(alert["events"]) <= known


def test_clean(quiet: Path) -> None:
    code, made = result(quiet)
    assert code == 0
    assert {one["verdict"] for one in made["machines"]} == {"clean"}


def test_two_runs_say_the_same(violator: Path) -> None:
    assert run("--format", "json", violator).stdout == run("--format", "json", violator).stdout


def test_gzip_and_standard_input(violator: Path) -> None:
    packed = gzip.compress(violator.read_bytes())
    code, made = result("-", standard_input=packed)
    assert (code, made["captures"][0]["file"]) == (1, "standard input")
    assert made["machines"] == result(violator)[1]["machines"]


def test_several_files_and_one_that_cannot_be_read(violator: Path, quiet: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pcap"
    broken.write_bytes(b"this is no capture")
    done = run("--format", "json", violator, broken, quiet)
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1
    assert b"broken.pcap" in done.stderr
    made = json.loads(done.stdout)
    assert [one["file"] for one in made["captures"]] == ["violator.pcap", "quiet.pcap"]
    assert any(one["alerts"] for one in made["machines"])


@pytest.mark.parametrize("arguments", [(), ("--format", "xml", "x.pcap"), ("--config", "/nonexistent.yaml", "x.pcap")])
def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).returncode == 2


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    done = run(tmp_path / "nothing.pcap")
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1


def test_a_cut_capture_gives_what_it_has(violator: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.pcap"
    cut.write_bytes(violator.read_bytes()[:-7])
    done = run("--format", "json", cut)
    made = json.loads(done.stdout)
    assert made["captures"][0]["cut"] is True
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


def test_rules_off(violator: Path) -> None:
    rules = {alert["rule"] for one in result(violator)[1]["machines"] for alert in one["alerts"]}
    off = [text for rule in rules for text in ("--rules-off", rule)]
    code, made = result(violator, *off)
    assert code == 0
    assert not any(one["alerts"] for one in made["machines"])


def test_table_for_people(violator: Path) -> None:
    said = run(violator).stdout.decode()
    assert "10.20.7.31" in said
    assert "máy" in said
    assert "machines" in run("--language", "en", violator).stdout.decode()


def test_counters_go_to_standard_error(violator: Path) -> None:
    done = run("--stats", "--format", "json", violator)
    assert b"packets.seen" in done.stderr
    json.loads(done.stdout)


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("src", "href", "action")]
        assert tag not in ("script", "link", "img", "iframe")


def test_page_carries_everything_itself(violator: Path) -> None:
    text = run("--format", "html", violator).stdout.decode()
    links = Links()
    links.feed(text)
    assert links.found == []
    assert not re.search(r"url\(|@import", text)
    assert "10.20.7.31" in text


def test_what_came_from_the_wire_is_escaped_in_the_page(tmp_path: Path) -> None:
    from pipelines.enrich import Enricher
    from pipelines.score import shipped
    from pipelines.score.document import assess
    from pipelines.settings import load
    from tests.enrich.segments import flow, segment
    from tests.score.findings import finding
    from vonggac.show import page
    from vonggac.work import Result

    enricher = Enricher(load())
    enricher.enrich(segment(flow("10.20.7.31", "203.0.113.9")))
    evil = "<script>alert(1)</script>"
    found = finding(explanation={"vi": evil, "en": evil}, peer=evil)
    text = page.render(Result(machines=assess(enricher.inventory, [found], shipped())), "vi")
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
