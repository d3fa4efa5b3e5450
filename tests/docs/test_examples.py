"""What the pages show works: commands exist, settings are valid, the rules of the guides are proved by their own cases."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines import settings
from tests.docs.pages import blocks, pages
from tests.structure.tree import ROOT, text

sys.path.insert(0, str(ROOT / "scripts"))
from products.commands import commands

PROGRAM = re.compile(r"^(?:\.venv/bin/)?vonggac\b")
MAKE = re.compile(r"^make(?: ([a-z]+))?")
KNOWN = dict(commands())
SHELL = [(page, line.strip()) for page in pages() for block in blocks(page, "sh") for line in block.body.splitlines()]
CALLS = [
    (page, part.strip())
    for page, line in SHELL
    for part in re.split(r"\s(?:\||&&)\s", line.split(" #")[0])
    if PROGRAM.match(part.strip())
]
GUIDES = [page for page in pages() if page.startswith("docs/guides/")]


def parsed(call: str) -> tuple[Any, list[str]]:
    """The command that a line calls, and its arguments; AssertionError when there is none."""
    words = shlex.split(call.split(" > ")[0].split(" < ")[0])
    words[0] = "vonggac"
    for length in (4, 3, 2):
        command = KNOWN.get(" ".join(words[:length]))
        if command is not None:
            return command, words[length:]
    raise AssertionError(f"{call}: there is no such command")


@pytest.mark.parametrize(("page", "call"), CALLS, ids=[f"{page}:{call[:60]}" for page, call in CALLS])
def test_commands_and_their_options_exist(page: str, call: str) -> None:
    if call.endswith("vonggac --help") or "--version" in call:
        return
    command, words = parsed(call)
    # Values are not looked at: the captures of the examples are the reader's own.
    context = command.make_context("x", list(words), resilient_parsing=True)
    assert context
    known = {name for option in command.params for name in (*option.opts, *option.secondary_opts)} | {"--help"}
    assert {word for word in words if word.startswith("-") and word != "-"} <= known


def test_a_command_that_does_not_exist_is_found() -> None:
    with pytest.raises(AssertionError, match="no such command"):
        parsed("vonggac analyze office.pcap")


def test_verbs_of_make_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    shown = {match[1] for _, line in SHELL if (match := MAKE.match(line)) and match[1]}
    assert shown, "no page shows make"
    assert shown <= targets


@pytest.mark.parametrize("page", [page for page in pages() if blocks(page, "yaml")])
def test_settings_are_valid(page: str, tmp_path: Path) -> None:
    for block in blocks(page, "yaml"):
        content = yaml.safe_load(block.body)
        if block.title in (None, "config/site.yaml") and set(content) <= set(settings.Settings.model_fields):
            site = tmp_path / "site.yaml"
            site.write_text(block.body, encoding="utf-8")
            loaded = settings.load(site)
            assert loaded.sensor.observer
        else:
            assert block.title, f"{page}: a YAML example that is no setting needs a title: the file that it is"


@pytest.fixture(params=["vi", "en"])
def site_rules(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The files of the guides of one language, as a reader would write them."""
    for page in (page for page in GUIDES if page.startswith(f"docs/guides/{request.param}/")):
        for block in blocks(page):
            if block.title and block.title.startswith("site-rules/"):
                path = tmp_path / block.title
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block.body, encoding="utf-8")
    return tmp_path / "site-rules"


def test_rules_of_the_guides_are_proved(site_rules: Path) -> None:
    from pipelines.detect.behaviour.cases import test as behaviour
    from pipelines.detect.sigma.cases import test as sigma
    from pipelines.detect.yara.cases import test as yara

    for folder, prove in (("behaviour", behaviour), ("sigma", sigma), ("yara", yara)):
        assert any((site_rules / folder).rglob("*.y*")), folder
        assert [str(error) for error in prove(site_rules / folder)] == []


def test_indicators_of_the_guides_are_read(site_rules: Path) -> None:
    from pipelines.detect.indicators.formats import read

    kinds = set()
    for path in sorted((site_rules / "indicators").iterdir()):
        found, errors = read(path, path.read_bytes())
        assert found
        assert not errors
        kinds |= {indicator.kind for indicator in found}
    assert {"ip", "network", "domain", "url", "md5", "sha256", "ja3", "ja4"} <= kinds


def test_both_languages_show_the_same_files() -> None:
    shown: dict[str, dict[str, str]] = {"vi": {}, "en": {}}
    for language, files in shown.items():
        for page in (page for page in GUIDES if f"/{language}/" in page):
            for block in blocks(page):
                if block.title:
                    files[f"{page.rpartition('/')[2]}: {block.title}"] = re.sub(r"#.*", "", block.body)
    assert shown["vi"] == shown["en"]
