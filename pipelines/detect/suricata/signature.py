"""The text of signatures, taken apart; knows nothing of what they mean here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

ACTIONS: Final = frozenset({"alert", "drop", "reject", "rejectsrc", "rejectdst", "rejectboth", "pass", "config", "log"})
OPTIONS_MOST: Final = 200
"""Options of one signature: the longest public ones have some sixty."""
LENGTH_MOST: Final = 65_536
"""Characters of one signature."""
_HEAD: Final = re.compile(
    r"(?P<action>\w+)\s+(?P<protocol>[\w.:-]+)\s+(?P<source>\S+|\[.*?\])\s+(?P<source_port>\S+)\s+(?P<direction>->|<>|=>)\s+"
    r"(?P<destination>\S+)\s+(?P<destination_port>\S+)\s*$"
)
_DISABLED: Final = re.compile(r"#+\s*(?:" + "|".join(sorted(ACTIONS)) + r")\s+\S+\s+\S+.*\(.*\bsid\s*:")
_LIST: Final = re.compile(r"\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\]")


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature."""

    line: int
    raw: str
    action: str
    protocol: str
    source: str
    source_port: str
    both: bool
    """It holds in both directions."""
    destination: str
    destination_port: str
    options: tuple[tuple[str, str], ...]
    """(keyword, value) in order; the value as written, without quotes around it only where the keyword is a text."""

    def first(self, name: str) -> str:
        """The value of the first option of this name; "" without."""
        return next((value for keyword, value in self.options if keyword == name), "")

    @property
    def sid(self) -> str:
        """Its number."""
        return self.first("sid").strip()

    @property
    def message(self) -> str:
        """What it says it found."""
        return unquoted(self.first("msg"))


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line that is no signature, or one that is switched off."""

    line: int
    raw: str
    reason: str
    disabled: bool = False


def signatures(text: str) -> Iterator[Signature | Unreadable]:
    """Every signature of a file, also those that its authors switched off; lines that end in a backslash go on."""
    for number, line in _lines(text):
        if line.startswith("#"):
            if _DISABLED.match(line):
                yield Unreadable(number, line.lstrip("# "), "is switched off by its authors", disabled=True)
            continue
        try:
            yield parsed(number, line)
        except ValueError as error:
            yield Unreadable(number, line, str(error))


def parsed(number: int, line: str) -> Signature:
    """One signature; ValueError with the reason for what is none."""
    if len(line) > LENGTH_MOST:
        raise ValueError(f"is longer than {LENGTH_MOST:,} characters")
    opening = line.find("(")
    if opening < 0 or not line.rstrip().endswith(")"):
        raise ValueError("has no options in brackets")
    # Lists may hold spaces: they are closed up before the head is split.
    head = _LIST.sub(lambda match: re.sub(r"\s+", "", match[0]), line[:opening])
    match = _HEAD.fullmatch(head.strip())
    if match is None or match["action"] not in ACTIONS:
        raise ValueError("does not begin with an action, a protocol and two addresses with ports")
    options = tuple(_options(line[opening + 1 : line.rstrip().rfind(")")]))
    found = Signature(
        number,
        line,
        match["action"],
        match["protocol"],
        match["source"],
        match["source_port"],
        match["direction"] == "<>",
        match["destination"],
        match["destination_port"],
        options,
    )
    if not found.sid.isdigit():
        raise ValueError("has no number (sid)")
    return found


def unquoted(value: str) -> str:
    """A text without its quotes and escapes."""
    value = value.strip()
    if len(value) >= 2 and value[0] == value[-1] == '"':
        value = value[1:-1]
    return re.sub(r'\\([\\";:])', r"\1", value)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    whole, begun = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        begun = begun or number
        if line.rstrip().endswith("\\"):
            whole += line.rstrip()[:-1] + " "
            continue
        whole = (whole + line).strip()
        if whole:
            yield begun, whole
        whole, begun = "", 0
    if whole.strip():
        yield begun, whole.strip()


def _options(text: str) -> Iterator[tuple[str, str]]:
    start, quoted, count = 0, False, 0
    place = 0
    while place < len(text):
        letter = text[place]
        if letter == "\\":
            place += 1
        elif letter == '"':
            quoted = not quoted
        elif letter == ";" and not quoted:
            option = text[start:place].strip()
            start = place + 1
            if option:
                count += 1
                if count > OPTIONS_MOST:
                    raise ValueError(f"has more than {OPTIONS_MOST} options")
                name, _, value = option.partition(":")
                yield name.strip().lower(), value.strip()
        place += 1
    if quoted or text[start:].strip():
        raise ValueError("ends within an option; every option ends in ;")
