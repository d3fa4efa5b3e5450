"""The Markdown pages of the project: links, headings and fenced blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.structure.tree import files, text

_FENCE = re.compile(r"^(?P<mark>```+)(?P<info>[^\n`]*)\n(?P<body>.*?)^(?P=mark)\s*$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(<?([^)\s>]+)>?[^)]*\)")
_CODE = re.compile(r"`[^`\n]+`")
_TITLE = re.compile(r'title="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block."""

    page: str
    language: str
    title: str | None
    """File that the block is the content of."""
    body: str


def pages() -> list[str]:
    """Every page."""
    return files(".md")


def links(page: str) -> Iterator[str]:
    """Targets of links and pictures, outside of code."""
    plain = _CODE.sub("", _FENCE.sub("", text(page)))
    yield from (match[1] for match in _LINK.finditer(plain))


def anchors(page: str) -> set[str]:
    """What a link may name after ``#``, as GitHub makes it from the headings."""
    plain = _FENCE.sub("", text(page))
    heads = re.findall(r"^#{1,6}\s+(.+?)\s*$", plain, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def blocks(page: str, *languages: str) -> list[Block]:
    """Fenced blocks of these languages, or all."""
    found = []
    for match in _FENCE.finditer(text(page)):
        language, _, _ = match["info"].strip().partition(" ")
        title = _TITLE.search(match["info"])
        if not languages or language in languages:
            found.append(Block(page, language, title[1] if title else None, match["body"]))
    return found
