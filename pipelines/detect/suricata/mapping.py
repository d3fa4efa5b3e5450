"""The shipped reading of signatures (rules/suricata/mapping.yaml): buffers, variables, and what class types mean."""

from __future__ import annotations

import re
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from pipelines.detect.finding import Severity
from pipelines.detect.matching.columns import schema_of
from pipelines.detect.rulefiles import SHIPPED
from pipelines.detect.suricata.signature import Signature
from schema import DATASETS, load_yaml

PATH: Final = SHIPPED / "suricata/mapping.yaml"
COLUMN: Final = re.compile(r"\{([A-Za-z_0-9.]+)\}")
_TECHNIQUE: Final = re.compile(r"mitre_technique_id\s+(T\d{4}(?:[._]\d{3})?)", re.IGNORECASE)
_SEVERITY: Final = re.compile(r"signature_severity\s+(\w+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Buffer:
    """Where a buffer is in one dataset."""

    sql: str
    columns: tuple[str, ...]
    anchor: str | None
    """The column in whose text a literal of the buffer stands as it is; None where there is none such."""
    encoded: bool
    """Only letters that are never percent-encoded stand there as they are."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """The file, typed where it is used often."""

    data: AnyMapping[str, Any]

    def buffer(self, name: str, dataset: str, server: bool) -> Buffer | None:
        """The buffer in ``dataset``; None when its events do not have it."""
        entry = self.data["buffers"][name]
        sql = entry.get(dataset)
        if sql is not None and server and "server" in entry:
            sql = entry["server"]
        if sql is None:
            return None
        columns = tuple(dict.fromkeys(COLUMN.findall(sql)))
        plain = columns[0] if COLUMN.fullmatch(sql) else None
        return Buffer(sql, columns, entry.get("anchor", plain), "anchor" in entry)

    def datasets(self, name: str) -> list[str]:
        """Datasets that have a buffer, the usual one first."""
        return [dataset for dataset in self.data["buffers"][name] if dataset in DATASETS]

    def side(self, name: str) -> str | None:
        """Who sends a buffer: ``client``, ``server``, or None for either."""
        side = self.data["buffers"][name].get("side")
        return str(side) if side else None

    def listed(self, buffer: Buffer, dataset: str) -> bool:
        """Whether the buffer is a list, each element of which is looked at."""
        return (
            len(buffer.columns) == 1
            and bool(COLUMN.fullmatch(buffer.sql))
            and "list" in str(schema_of(dataset).field(buffer.columns[0]).type)
        )

    def behaviour(self, signature: Signature, dataset: str) -> str:
        """What the signature is about."""
        message = signature.message.lower()
        for entry in self.data["words"]:
            if any(re.search(rf"\b{re.escape(word.lower())}\b", message) for word in entry["any"]):
                return str(entry["behaviour"])
        meant = self.data["classtypes"].get(signature.first("classtype").strip(), self.data["default"]["behaviour"])
        return str(meant if isinstance(meant, str) else meant.get(dataset, meant["otherwise"]))

    def severity(self, signature: Signature) -> Severity:
        """How bad it is."""
        stated = _SEVERITY.search(signature.first("metadata"))
        found: Severity
        if stated and stated[1].lower() in self.data["severity"]:
            found = self.data["severity"][stated[1].lower()]
            return found
        kind = signature.first("classtype").strip()
        if kind in self.data["high"] or kind in self.data["low"]:
            return "high" if kind in self.data["high"] else "low"
        priority = signature.first("priority").strip()
        found = self.data["priorities"].get(
            int(priority) if priority.isdigit() else 2, self.data["default"]["severity"]
        )
        return found


def techniques(signature: Signature) -> list[str]:
    """ATT&CK ids of the metadata."""
    text = " ".join(value for name, value in signature.options if name == "metadata")
    return list(dict.fromkeys(found.upper().replace("_", ".") for found in _TECHNIQUE.findall(text)))


@cache
def shipped() -> Mapping:
    """The mapping that comes with the product."""
    return Mapping(load_yaml(PATH))
