"""The text of YARA files, rule by rule, without compiling anything: where each stands, what it needs, how it is taken out."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

DEPTH_MOST: Final = 8
"""Files that include files that include files."""
EXPANDED_MOST: Final = 32 << 20
"""Characters of a file with everything that it includes."""
_NOISE: Final = re.compile(r'"(?:\\.|[^"\\\n])*"|/\*.*?\*/|//[^\n]*', re.DOTALL)
_RULE: Final = re.compile(r"^[ \t]*((?:(?:private|global)[ \t]+)*)rule[ \t]+(\w+)", re.MULTILINE)
_INCLUDE: Final = re.compile(r'^[ \t]*include[ \t]+"([^"\n]+)"[^\n]*$', re.MULTILINE)
_KEPT: Final = re.compile(r'^[ \t]*import[ \t]+"[^"\n]*"', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Place:
    """One rule in its text."""

    name: str
    start: int
    end: int
    line: int


def places(text: str) -> list[Place]:
    """Every rule in the order of the text; each goes on until the next one begins."""
    bare = _masked(text)
    found = list(_RULE.finditer(bare))
    ends = [*(match.start() for match in found[1:]), len(text)][: len(found)]
    return [
        Place(match[2], match.start(), end, text.count("\n", 0, match.start(2)) + 1)
        for match, end in zip(found, ends, strict=True)
    ]


def without(text: str, removed: Collection[str]) -> str:
    """The text with these rules blanked out: every other line keeps its number, imports stay."""
    out, at = [], 0
    for place in places(text):
        if place.name in removed:
            out += [text[at : place.start], _blank(text[place.start : place.end])]
            at = place.end
    return "".join([*out, text[at:]])


def only(text: str, name: str) -> str:
    """The text with one rule and those of the file that its condition names."""
    known = {place.name: place for place in places(text)}
    kept, waiting = set(), [name]
    while waiting:
        one = waiting.pop()
        if one in known and one not in kept:
            kept.add(one)
            body = _masked(text[known[one].start : known[one].end])
            waiting += set(re.findall(r"\w+", body)) & set(known)
    return without(text, set(known) - kept)


def expanded(name: str, text: str, find: Callable[[str], str | None], above: tuple[str, ...] = ()) -> str:
    """The text with what it includes in place; rules of included files become private, they speak in their own file.

    ``find`` gives the text of another file of the set. Raises ValueError for one that is not there, and for circles.
    """
    if len(above) > DEPTH_MOST or name in above:
        raise ValueError("includes files in a circle, or too many within one another")
    out, at = [], 0
    for match in _INCLUDE.finditer(_without_comments(text)):
        place = _joined(name, match[1])
        content = find(place)
        if content is None:
            raise ValueError(
                f"line {text.count(chr(10), 0, match.start()) + 1}: includes {match[1]!r}, which is not in the set"
            )
        inner = expanded(place, content, find, (*above, name))
        out += [text[at : match.start()], silenced(inner)]
        at = match.end()
        if sum(map(len, out)) > EXPANDED_MOST:
            raise ValueError("is too large with everything that it includes")
    return "".join([*out, text[at:]])


def silenced(text: str, names: Collection[str] | None = None) -> str:
    """These rules (without ``names``: all) made private: others may lean on them, they themselves say nothing."""
    made, shift = text, 0
    for match in _RULE.finditer(_masked(text)):
        if "private" not in match[1] and (names is None or match[2] in names):
            at = match.start(1) + shift
            made = f"{made[:at]}private {made[at:]}"
            shift += len("private ")
    return made


def _joined(name: str, included: str) -> str:
    parts: list[str] = []
    for part in (PurePosixPath(name).parent / included.replace("\\", "/")).parts:
        if part == "..":
            parts = parts[:-1]
        elif part not in (".", "/"):
            parts.append(part)
    return "/".join(parts)


def _masked(text: str) -> str:
    """The same length, with strings and comments as blanks."""
    return _NOISE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def _without_comments(text: str) -> str:
    return _NOISE.sub(lambda match: match[0] if match[0].startswith('"') else re.sub(r"[^\n]", " ", match[0]), text)


def _blank(text: str) -> str:
    kept = {match.start(): match[0] for match in _KEPT.finditer(text)}
    out, at = [], 0
    for start, line in kept.items():
        out += [re.sub(r"[^\n]", "", text[at:start]), line]
        at = start + len(line)
    return "".join([*out, re.sub(r"[^\n]", "", text[at:])])
