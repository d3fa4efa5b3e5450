"""Which fields a query can name, and which ones free text looks into."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from typing import Final

import pyarrow as pa

from pipelines.store.events import QueryError
from schema import DATASETS, TYPES

FREE_TEXT: Final = (
    "destination.domain",
    "dns.question.name",
    "dns.answers.data",
    "url.original",
    "user_agent.original",
    "tls.client.server_name",
    "x509.subject.common_name",
    "x509.issuer.common_name",
    "file.name",
    "vonggac.dhcp.host_name",
    "vonggac.anomaly.name",
    "network.protocol",
    "user.name",
)
"""Where a word without a field is looked for: what people read in an event. Names that no dataset has are left out."""
ADDRESSES: Final = ("source.ip", "destination.ip", "dns.resolved_ip")
"""Where an address or network without a field is looked for, beside the texts that may be one."""
HARDWARE_ADDRESSES: Final = ("source.mac", "destination.mac", "vonggac.dhcp.client_mac", "vonggac.arp.sender_mac")
EXACT: Final = frozenset({"event.id", "vonggac.flow.id", "network.community_id", "event.dataset"})
"""Keywords whose case matters (hashes in mixed case) or never varies: compared as they are, which is faster."""


@cache
def carriers(name: str) -> frozenset[str]:
    """The datasets that carry a field."""
    return frozenset(dataset for dataset, schema in DATASETS.items() if name in schema.names)


@cache
def is_list(name: str) -> bool:
    """Whether an event has several values of the field."""
    return any(pa.types.is_list(DATASETS[dataset].field(name).type) for dataset in carriers(name))


def kind(name: str) -> str:
    """keyword, ip, long, port, boolean, float or date; of lists, that of the elements."""
    return TYPES[name].removesuffix("[]")


@cache
def present(names: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the names that some dataset has."""
    return tuple(name for name in names if name in TYPES and carriers(name))


def known(name: str, position: int | None) -> str:
    """The name; QueryError with what may have been meant when no dataset has such a field."""
    if name in TYPES and carriers(name):
        return name
    near = suggestion(name)
    hint = f"; did you mean {near}?" if near else "; see the reference of fields"
    raise QueryError(f"there is no field {name}{hint}", position, "unknown_field", {"field": name, "near": near or ""})


def suggestion(name: str) -> str | None:
    """The field that was most probably meant: the same last word, or a similar spelling."""
    lower = name.lower()
    if lower in TYPES:
        return lower
    tails = [field for field in TYPES if field.endswith(f".{lower}")]
    if tails:
        return min(tails, key=len)
    close = get_close_matches(lower, TYPES, n=1, cutoff=0.6)
    return close[0] if close else None
