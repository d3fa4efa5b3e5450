"""Every link between the pages leads somewhere."""

from __future__ import annotations

import re

import pytest

from tests.docs.pages import anchors, links, pages
from tests.structure.tree import ROOT, files, text, written


@pytest.mark.parametrize("page", pages())
def test_links_resolve(page: str) -> None:
    wrong = []
    for target in links(page):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        there = (ROOT / page).parent / path if path else ROOT / page
        resolved = there.resolve()
        if not resolved.is_relative_to(ROOT) or not resolved.exists():
            wrong.append(f"{target}: there is no such file")
        elif anchor and resolved.suffix == ".md" and anchor not in anchors(str(resolved.relative_to(ROOT))):
            wrong.append(f"{target}: the page has no such heading")
    assert not wrong, "\n".join(wrong)


def test_guides_stand_in_both_languages() -> None:
    guides = {
        language: {n.split("/")[-1] for n in files(".md") if f"docs/guides/{language}/" in n}
        for language in ("vi", "en")
    }
    assert guides["vi"], "there are no guides"
    assert guides["en"] - guides["vi"] <= {"protocols.md"}, "for developers, who read English"
    assert guides["vi"] <= guides["en"]


def test_every_guide_is_found_from_its_index() -> None:
    for language in ("vi", "en"):
        listed = set(links(f"docs/guides/{language}/README.md"))
        there = {n.split("/")[-1] for n in files(".md") if f"docs/guides/{language}/" in n} - {"README.md"}
        assert there <= listed


def test_pages_named_in_code_and_data_exist() -> None:
    named = re.compile(r"(?<![\w/.*{}-])((?:[\w.-]+/)*[\w-]+\.md)\b")
    there = set(files(".md"))
    wrong = [
        f"{name}: {match[1]}"
        for name in written(".py", ".rs", ".yaml", ".yml", ".sql", ".sh", ".service")
        if not name.startswith("tests/")
        for match in named.finditer(text(name))
        if not any(f"/{page}".endswith(f"/{match[1].lstrip('./')}") for page in there)
    ]
    assert not wrong, "\n".join(wrong)
