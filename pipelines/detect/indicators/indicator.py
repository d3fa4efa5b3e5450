"""One indicator, in the form in which events are compared with it."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final, Literal

from pipelines.detect.finding import Severity

Kind = Literal["ip", "network", "domain", "url", "md5", "sha1", "sha256", "ja3", "ja4", "certificate"]
KINDS: Final[tuple[Kind, ...]] = (
    "ip",
    "network",
    "domain",
    "url",
    "md5",
    "sha1",
    "sha256",
    "ja3",
    "ja4",
    "certificate",
)
_HEX: Final = re.compile(r"[0-9a-f]+")
_HASHES: Final[dict[int, Kind]] = {32: "md5", 40: "sha1", 64: "sha256"}
_JA4: Final = re.compile(r"[tqd]\d{2}[di]\d{4}[0-9a-z]{2}_[0-9a-f]{12}_[0-9a-f]{12}")
_DOMAIN: Final = re.compile(r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}")
_SCHEMES: Final = ("http://", "https://")
_NETWORK: Final = re.compile(r"[0-9a-f.:]+/\d{1,3}")
_PORT: Final = re.compile(r":\d{1,5}$")
PREFIX_LEAST: Final = {4: 8, 6: 19}
"""Shorter networks cover whole registries: a slip of the pen in a list must not accuse the whole office."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A thing that should not be seen, who says so, and how sure they are."""

    kind: Kind
    value: str
    """Normalised: lower case, names without a dot at the end, URLs as host and path without scheme."""
    source: str
    """File that it came from."""
    line: int
    label: str = ""
    """Family or campaign, as the source calls it."""
    severity: Severity = "medium"


def classified(text: str) -> tuple[Kind, str]:
    """Kind and normal form of a bare value, as plain lists hold it. Raises ValueError for what is none of them."""
    value = refanged(text)
    if value.startswith(_SCHEMES):
        return "url", normal("url", text)
    if _HEX.fullmatch(value) and len(value) in _HASHES:
        return _HASHES[len(value)], value
    if _JA4.fullmatch(value):
        return "ja4", value
    if _NETWORK.fullmatch(value):
        return "network", normal("network", value)
    try:
        return "ip", normal("ip", value)
    except ValueError:
        pass
    if "/" in value:
        return "url", normal("url", text)
    return "domain", normal("domain", value)


def normal(kind: Kind, text: str) -> str:
    """The form in which events are compared. Raises ValueError with the reason."""
    value = refanged(text)
    if kind == "ip":
        return str(ipaddress.ip_address(value.removeprefix("[").removesuffix("]")))
    if kind == "network":
        return _network(value)
    if kind == "domain":
        return _domain(value)
    if kind == "url":
        return _url(text)
    if kind == "ja4":
        if not _JA4.fullmatch(value):
            raise ValueError(f"{text!r} is no JA4 fingerprint")
        return value
    lengths = {"md5": (32,), "ja3": (32,), "sha1": (40,), "sha256": (64,), "certificate": (40, 64)}[kind]
    if not _HEX.fullmatch(value) or len(value) not in lengths:
        raise ValueError(f"{text!r} is no {kind}: {' or '.join(map(str, lengths))} hexadecimal digits are expected")
    return value


def refanged(text: str) -> str:
    """``hxxp://bad[.]example`` as it was before it was made harmless for reports."""
    plain = text.strip().lower().replace("[.]", ".").replace("(.)", ".").replace("[:]", ":").replace("[dot]", ".")
    return plain.replace("hxxp", "http", 1) if plain.startswith("hxxp") else plain


def _network(value: str) -> str:
    network = ipaddress.ip_network(value, strict=False)
    if network.prefixlen < PREFIX_LEAST[network.version]:
        raise ValueError(f"{value} is too wide: a prefix of {PREFIX_LEAST[network.version]} or longer is expected")
    return str(network)


def _domain(value: str) -> str:
    name = value.removeprefix("*.").strip(".")
    try:
        name = name.encode("idna").decode("ascii") if not name.isascii() else name
    except UnicodeError as error:
        raise ValueError(f"{value!r} is no domain name") from error
    if not _DOMAIN.fullmatch(name):
        raise ValueError(f"{value!r} is no address, domain, URL or hash")
    return name


def _url(text: str) -> str:
    """Host in lower case without port 80, path as it is: servers tell paths apart by case."""
    plain = text.strip().replace("[.]", ".").replace("(.)", ".").replace("[:]", ":")
    rest = plain.split("://", 1)[-1]
    host, slash, path = rest.partition("/")
    host = host.rsplit("@", 1)[-1].lower().removesuffix(":80").removesuffix(":443")
    if not host:
        raise ValueError(f"{text!r} has no host")
    bare = _PORT.sub("", host)
    try:
        ipaddress.ip_address(bare)
    except ValueError:
        _domain(bare)
    return f"{host}/{path}" if slash else f"{host}/"
