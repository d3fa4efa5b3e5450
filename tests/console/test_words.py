"""The catalogues: complete in both languages, used by the templates, no text outside them."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from dashboards.console import render
from dashboards.console.words import LANGUAGES, catalogue
from schema import STAGES, behaviours

TEMPLATES = sorted((render.HERE / "templates").glob("*.html"))
PYTHON = sorted(render.HERE.rglob("*.py"))
LETTERS = re.compile(r"[A-Za-zÀ-ỹ]{2,}")


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_texts_with_the_same_values() -> None:
    vi, en = catalogue("vi"), catalogue("en")
    assert set(vi) == set(en)
    assert {key for key in vi if names(vi[key]) != names(en[key])} == set()


@pytest.mark.parametrize("path", TEMPLATES + PYTHON, ids=lambda path: path.name)
def test_every_text_that_is_asked_for_exists(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    asked = set(re.findall(r"\bt\(\s*[\"']([a-z0-9_.]+)[\"'](?!\s*~)", source))
    asked |= set(re.findall(r"\btext\(\s*\"([a-z0-9_.]+)\"", source))
    asked |= set(re.findall(r"Problem\(\d+, \"([a-z0-9_.]+)\"", source))
    missing = {key for key in asked if not any(k == key or k.startswith(key + ".") for k in catalogue("vi"))}
    assert missing == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_no_words_of_their_own(path: Path) -> None:
    source = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", " ", path.read_text(encoding="utf-8"), flags=re.S)
    source = re.sub(r"<!doctype[^>]*>|<(style|script).*?</\1>", " ", source, flags=re.S)
    visible = re.sub(r"<kbd>[^<]*</kbd>|<[^>]*>", " ", source)
    attributes = " ".join(re.findall(r'(?:title|aria-label|placeholder|alt)="([^"]*)"', source))
    assert LETTERS.findall(visible) == []
    assert LETTERS.findall(attributes) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_closed_lists_are_translated(language: str) -> None:
    texts = catalogue("vi" if language == "vi" else "en")
    for stage in STAGES:
        assert f"stage.{stage}" in texts
    for behaviour in behaviours().values():
        assert behaviour.vi
        assert behaviour.en
