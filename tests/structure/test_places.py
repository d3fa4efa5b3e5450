"""Nothing in the tree belongs to one machine or one network."""

from __future__ import annotations

import re

import pytest

from tests.structure.tree import files, text

MACHINE = re.compile(r"(?<![\w./$}-])/(?:work|root|home|tmp)/\w")
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs|registry\.yarnpkg|(?:static|index)\.crates\.io|ghcr\.io|quay\.io|"
    r"docker\.io|--(?:extra-)?index-url|^\s*registry\s*=",
    re.MULTILINE,
)
SECRET = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bghp_[A-Za-z0-9]{36}\b")
MARKERS = ("rules/yara/", "tests/", "scenarios/")
"""Where signs of secrets are what is looked for."""
HERE = "tests/structure/test_places.py"


@pytest.mark.parametrize(("what", "pattern"), [("path of a machine", MACHINE), ("registry", REGISTRY)])
def test_no_place_outside_is_named(what: str, pattern: re.Pattern[str]) -> None:
    wrong = [
        f"{name}:{text(name).count(chr(10), 0, found.start()) + 1}: {what}: {found[0]}"
        for name in files()
        if name != HERE and not name.startswith("dashboards/console/static/dist/")
        for found in pattern.finditer(text(name))
    ]
    assert not wrong, "\n".join(wrong)


def test_no_secret_is_kept() -> None:
    assert not [name for name in files() if not name.startswith(MARKERS) and SECRET.search(text(name))]


@pytest.mark.parametrize(
    ("pattern", "bad", "good"),
    [
        (MACHINE, "see /" + "root/notes", "cd /opt/vonggac"),
        (MACHINE, "(/home/lan/x)", "https://host.example/home/x"),
        (REGISTRY, "--index-url https://mirror.example", "an index of events"),
    ],
)
def test_the_patterns_find_what_they_are_for(pattern: re.Pattern[str], bad: str, good: str) -> None:
    assert pattern.search(bad)
    assert not pattern.search(good)
