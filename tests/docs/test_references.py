"""The references are what the code says now, and nothing is missing from them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any

import click
import jsonschema
import pytest
import yaml

from tests.structure.tree import ROOT, files, text

sys.path.insert(0, str(ROOT / "scripts"))
from products import commands, counters, settings

from pipelines.settings import DEFAULT, Settings, load

PRODUCTS = ("fields", "behaviours", "counters", "settings", "commands", "rules", "figures")


@pytest.mark.parametrize("product", PRODUCTS)
def test_nothing_is_stale(product: str) -> None:
    done = subprocess.run(
        [sys.executable, "scripts/generate.py", "--check", product],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_every_setting_is_explained() -> None:
    described = settings.documented()
    for name, _ in settings.kinds(Settings):
        assert name in described, f"{name} is not in config/default.yaml"
        parts = [inner for inner in described if inner.startswith(f"{name}.")]
        assert all(described[inner][1] for inner in parts or [name]), f"{name} has no comment in config/default.yaml"
        assert f"`{name}" in text("docs/reference/settings.md")


def test_entries_of_lists_are_explained() -> None:
    for model in settings.LISTS.values():
        assert set(settings.docstrings(model)) == set(model.model_fields)


def test_every_command_and_option_is_explained() -> None:
    reference = text("docs/reference/command-line.md")
    for name, command in commands.commands():
        assert f"## {name}\n" in reference
        assert command.help, name
        for one in command.params:
            explained = (
                one.help if isinstance(one, click.Option) else (one.metavar or str(one.name).upper()).strip("[]…")
            )
            assert explained, f"{name} {one.name}"
            assert (
                isinstance(one, click.Option) or f"{explained} is " in command.help or f"{explained}: " in command.help
            )


def test_every_rule_of_behaviour_is_listed() -> None:
    reference = text("docs/reference/rules.md")
    folders = {name.split("/")[2] for name in files("rule.yaml") if name.startswith("rules/behaviour/")}
    assert folders
    assert {folder for folder in folders if f"### {folder}\n" not in reference} == set()


def test_counters_are_those_of_the_sensor() -> None:
    """Whatever looks like a counter in the sensor's source, and only that, is in the list."""
    listed = yaml.safe_load(counters.SOURCE.read_text(encoding="utf-8"))["counters"]
    parts = ("batches.rs", "engine/counters.rs", "expectations.rs", "files/mod.rs", "sources/live/mod.rs")
    source = "\n".join(text(f"collectors/sensor/core/src/{part}") for part in parts)
    groups = "source|packets|local|bytes|fragments|tunnels|flows|expectations|stream|decoders|anomalies|files"
    found = set(re.findall(rf'"((?:{groups})\.[a-z_.]+)"', source))
    assert set(listed) == found
    assert all({"vi", "en"} <= set(entry) for entry in listed.values())


def schema_errors(content: Any) -> list[str]:
    schema = json.loads(text("config/settings.schema.json"))
    plain = json.loads(json.dumps(content, default=str))
    return [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(plain)]


@pytest.mark.parametrize("name", ["config/default.yaml", "config/site.example.yaml"])
def test_the_schema_takes_what_the_program_takes(name: str) -> None:
    load(ROOT / name)
    assert not schema_errors(settings.settings._read(ROOT / name))


@pytest.mark.parametrize(
    "wrong",
    [
        {"sensors": {}},
        {"sensor": {"file_limit": "16 MB"}},
        {"schedule": {"disk": "soon"}},
        {"console": {"port": 0}},
        {"zones": [{"name": "office"}]},
        {"retention": {"flow": "a year"}},
    ],
)
def test_the_schema_refuses_what_the_program_refuses(wrong: dict[str, Any]) -> None:
    from pipelines.settings import SettingsError

    with pytest.raises(SettingsError):
        load(None, wrong)
    assert schema_errors(wrong)


def test_the_defaults_are_one_file() -> None:
    assert DEFAULT == ROOT / "config/default.yaml"
