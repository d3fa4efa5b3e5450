"""What the options of a signature ask for, gathered in their order."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pipelines.detect.importing.source import text as decoded
from pipelines.detect.suricata import buffer as buffers
from pipelines.detect.suricata.buffer import Item, UntranslatableError
from pipelines.detect.suricata.mapping import Mapping as Reading
from pipelines.detect.suricata.signature import unquoted

Lists = Callable[[str], bytes | None]
"""Gives the content of a file that a signature names."""
_PCRE: Final = re.compile(r"(!?)\s*\"?/(.*)/([A-Za-z]*)\"?$", re.DOTALL)
_NUMBER: Final = re.compile(r"(<=|>=|<>|<|>|=|!)?\s*(\d+)(?:\s*(?:<>|-)\s*(\d+))?$")
_HASHES: Final = {"filemd5": "file.hash.md5", "filesha1": "file.hash.sha1", "filesha256": "file.hash.sha256"}
_NUMBERS: Final = {
    "urilen": ("http.uri.raw", "length({x})"),
    "filesize": (None, '"file.size"'),
    "itype": (None, '"vonggac.icmp.type"'),
    "icode": (None, '"vonggac.icmp.code"'),
    "tls.cert_chain_len": (None, '"vonggac.tls.server.chain_length"'),
    "dcerpc.opnum": (None, '"vonggac.dcerpc.operation.number"'),
    "dce_opnum": (None, '"vonggac.dcerpc.operation.number"'),
}
_HOME_DATASET: Final = {
    "filesize": "file",
    "itype": "icmp",
    "icode": "icmp",
    "tls.cert_chain_len": "tls",
    "dcerpc.opnum": "dcerpc",
    "dce_opnum": "dcerpc",
}
_OLD_TEXTS: Final = {
    "tls.subject": "tls.cert_subject",
    "tls.issuerdn": "tls.cert_issuer",
    "tls.fingerprint": "tls.cert_fingerprint",
}
_PLACES: Final = frozenset({"offset", "depth", "distance", "within"})


@dataclass(slots=True)
class Asked:
    """Filled option by option."""

    items: dict[str, list[Item]] = field(default_factory=dict)
    changes: dict[str, list[str]] = field(default_factory=dict)
    """Buffer → what is done to it before it is looked at."""
    tests: list[tuple[str, str]] = field(default_factory=list)
    """(dataset, SQL) of options that are about numbers and hashes; {x} is the buffer's text."""
    sizes: dict[str, list[str]] = field(default_factory=dict)
    """Buffer → comparisons of its length."""
    flow: set[str] = field(default_factory=set)
    marks: list[list[str]] = field(default_factory=list)
    counts: tuple[str, int, int] | None = None
    silent: bool = False
    buffer: str = ""
    last: Item | None = None
    last_buffer: str = ""


def option(asked: Asked, name: str, value: str, reading: Reading, lists: Lists) -> None:
    """Take one option; UntranslatableError for what cannot be asked of events."""
    data = reading.data
    name = data["names"].get(name, name)
    if name in _TAKEN:
        _TAKEN[name](asked, name, value)
    elif name in ("content", "pcre", "uricontent"):
        _content(asked, name, value, reading)
    elif name in data["buffers"]:
        asked.buffer, asked.last = name, None
        if value:  # the old form: filename:"x"; fileext:"exe";
            _literal(asked, name, unquoted(value.lstrip("!")), value.startswith("!"))
            asked.buffer = ""
    elif name in data["after"]:
        _move(asked, data["after"][name])
    elif name in _NUMBERS or name in _HASHES or name in _OLD_TEXTS or name.endswith("iface"):
        _special(asked, name, value, lists)
    elif name not in data["ignored"]:
        _refuse(name, data)


def _change(asked: Asked, name: str, _: str) -> None:
    asked.changes.setdefault(asked.buffer, []).append(name)


def _size(asked: Asked, _: str, value: str) -> None:
    asked.sizes.setdefault(asked.buffer, []).append(_comparison("length({x})", value))


def _flow(asked: Asked, _: str, value: str) -> None:
    asked.flow |= {part.strip() for part in value.split(",")}


def _silent(asked: Asked, *_: str) -> None:
    asked.silent = True


def _refuse(name: str, data: Mapping[str, Any]) -> None:
    if name in data["content"]:
        raise UntranslatableError(f"'{name}' looks into {data['content'][name]}, which events do not hold")
    if name in data["secret"]:
        raise UntranslatableError(f"'{name}' looks into {data['secret'][name]}, which the sensor masks", "field")
    if name in data["window"]:
        raise UntranslatableError(f"'{name}' needs {data['window'][name]}, which single events do not have", "window")
    raise UntranslatableError(f"the keyword '{name}' is not translated", "field")


def _content(asked: Asked, name: str, value: str, reading: Reading) -> None:
    negated = value.startswith("!")
    bare = value.lstrip("! ")
    if name == "pcre":
        _expression(asked, value, reading)
        return
    text = unquoted_content(bare)
    where = "http.uri" if name == "uricontent" else asked.buffer
    _literal(asked, where, buffers.literal(text), negated)


def unquoted_content(value: str) -> str:
    """Without the quotes; escapes are undone together with the hexadecimal digits."""
    return value[1:-1] if len(value) >= 2 and value[0] == value[-1] == '"' else value


def _literal(asked: Asked, where: str, text: str, negated: bool) -> None:
    asked.last = Item(text, negated)
    asked.last_buffer = where
    asked.items.setdefault(where, []).append(asked.last)


def _expression(asked: Asked, value: str, reading: Reading) -> None:
    match = _PCRE.fullmatch(value.strip())
    if match is None:
        raise UntranslatableError("the regular expression does not stand between slashes", "wrong")
    letters = match[3]
    where = next(
        (reading.data["pcre_letters"][one] for one in letters if one in reading.data["pcre_letters"]), asked.buffer
    )
    for one in letters:
        if one not in reading.data["pcre_letters"] and one not in "ismRO":
            what = {"P": "the body of a request", "Q": "the body of an answer", "C": "cookies"}.get(one)
            raise UntranslatableError(
                f"the expression looks into {what}"
                if what
                else f"the expression has the flag {one}, which RE2 does not know"
            )
    flags = "".join(one for one in "sm" if one in letters)
    text = match[2].replace('\\"', '"').replace("\\/", "/")
    item = Item(
        f"(?{flags}:{text})" if flags else f"(?-s:{text})", bool(match[1]), expression=True, nocase="i" in letters
    )
    if "R" in letters:
        item.relative = True
        item.text = text
    asked.items.setdefault(where, []).append(item)
    asked.last, asked.last_buffer = item, where


def _modifier(asked: Asked, name: str, value: str) -> None:
    item = asked.last
    if name == "isdataat":
        _data_at(asked, value)
        return
    if item is None:
        raise UntranslatableError(f"'{name}' stands behind no content", "wrong")
    if name == "nocase":
        item.nocase = True
    elif name == "startswith":
        item.begins = True
    elif name == "endswith":
        item.ends = True
    else:
        if not re.fullmatch(r"-?\d+", value.strip()):
            raise UntranslatableError(f"'{name}:{value}' is no number but a variable of bytes")
        item.numbers[name] = int(value)
        item.relative = item.relative or name in ("distance", "within")


def _data_at(asked: Asked, value: str) -> None:
    """``isdataat:!1,relative``: nothing follows; ``isdataat:N``: the buffer is longer than N."""
    parts = [part.strip() for part in value.split(",")]
    number = parts[0].lstrip("!")
    if not number.isdigit():
        raise UntranslatableError(f"'isdataat:{value}' is no number but a variable of bytes")
    if "relative" in parts and asked.last and parts[0].startswith("!") and int(number) <= 1:
        asked.last.ends = True
    elif "relative" in parts:
        raise UntranslatableError("how much follows a match cannot be asked")
    else:
        sign = "<=" if parts[0].startswith("!") else ">"
        asked.sizes.setdefault(asked.buffer, []).append(f"length({{x}}) {sign} {int(number)}")


def _move(asked: Asked, where: str) -> None:
    """The old way of naming a buffer: behind the content."""
    if asked.last is None:
        raise UntranslatableError("a buffer is named that stands behind no content", "wrong")
    asked.items[asked.last_buffer] = [one for one in asked.items[asked.last_buffer] if one is not asked.last]
    asked.items.setdefault(where, []).append(asked.last)
    asked.last_buffer = where


def _special(asked: Asked, name: str, value: str, lists: Lists) -> None:
    if name in _OLD_TEXTS:
        text = unquoted(value.lstrip("! "))
        where = _OLD_TEXTS[name]
        _literal(asked, where, text, value.startswith("!"))
    elif name in _HASHES:
        asked.tests.append(("file", _hashes(name, value, lists)))
    elif name.endswith("iface"):
        uuid = value.split(",")[0].strip().lower()
        asked.tests.append(("dcerpc", f'"vonggac.dcerpc.interface.uuid" = {buffers.quoted(uuid)}'))
    elif name == "urilen":
        asked.sizes.setdefault("http.uri.raw", []).append(_comparison("length({x})", value.split(",")[0]))
    else:
        asked.tests.append((_HOME_DATASET[name], _comparison(_NUMBERS[name][1], value)))


def _hashes(name: str, value: str, lists: Lists) -> str:
    negated, file = value.startswith("!"), unquoted(value.lstrip("! "))
    content = lists(file)
    if content is None:
        raise UntranslatableError(f"the file of hashes {file!r} is not beside the signatures", "wrong")
    found = sorted(set(re.findall(r"^[0-9a-f]{32,64}", decoded(content).lower(), re.MULTILINE)))
    if not found:
        raise UntranslatableError(f"the file {file!r} holds no hashes", "wrong")
    listed = ", ".join(f"'{one}'" for one in found)
    return f'"{_HASHES[name]}" {"NOT IN" if negated else "IN"} ({listed})'


def _comparison(what: str, value: str) -> str:
    match = _NUMBER.fullmatch(value.strip())
    if match is None:
        raise UntranslatableError(f"{value[:60]!r} is no comparison with a number", "wrong")
    if match[3]:
        return (
            f"{what} BETWEEN {int(match[2]) + 1} AND {int(match[3]) - 1}"
            if "<>" in value
            else f"{what} BETWEEN {match[2]} AND {match[3]}"
        )
    return f"{what} {buffers.SIGNS[match[1] or '']} {int(match[2])}"


def _flowbits(asked: Asked, _keyword: str, value: str) -> None:
    verb, _, name = (part.strip() for part in value.partition(","))
    if verb == "noalert":
        asked.silent = True
    elif verb in ("set", "unset", "isset", "isnotset") and name:
        asked.marks.append([verb, name.replace(" ", "")])
    else:
        raise UntranslatableError(f"'flowbits:{verb}' is not translated", "window")


def _threshold(asked: Asked, name: str, value: str) -> None:
    words = {key: number for key, _, number in (part.strip().partition(" ") for part in value.split(","))}
    if name == "threshold" and words.get("type") == "limit":
        return  # how often the same thing is told: findings are folded anyway
    track, count, seconds = words.get("track", ""), words.get("count", ""), words.get("seconds", "")
    if (
        track not in ("by_src", "by_dst")
        or not count.isdigit()
        or not seconds.isdigit()
        or words.get("type") == "backoff"
    ):
        raise UntranslatableError(f"'{name}:{value}' counts in a way that is not translated", "window")
    asked.counts = (track, int(count) + (name == "detection_filter"), int(seconds))


_TAKEN: Final[Mapping[str, Callable[[Asked, str, str], None]]] = {
    **dict.fromkeys([*_PLACES, "nocase", "startswith", "endswith", "isdataat"], _modifier),
    **dict.fromkeys(["dotprefix", "to_lowercase", "strip_whitespace", "compress_whitespace", "url_decode"], _change),
    **dict.fromkeys(["threshold", "detection_filter"], _threshold),
    "bsize": _size,
    "flow": _flow,
    "flowbits": _flowbits,
    "noalert": _silent,
}
