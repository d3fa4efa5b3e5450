"""Products of ``schema/fields``: Arrow schemas of the sensor (Rust) and the pipeline (Python), the field reference."""

from __future__ import annotations

import importlib.util
import textwrap
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TYPES = {"keyword", "ip", "long", "port", "boolean", "float", "date"}
WARNING = "Made by scripts/generate.py from schema/fields; do not edit."


def _reader() -> ModuleType:
    """``schema/datafile.py`` by itself: the package ``schema`` would load the columns that are about to be written."""
    spec = importlib.util.spec_from_file_location("datafile", ROOT / "schema/datafile.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(ROOT / "schema/datafile.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def load() -> dict[str, Any]:
    """The parsed vocabulary; raises ValueError naming the field that is wrong."""
    vocabulary: dict[str, Any] = _reader().load_vocabulary()
    seen: set[str] = set()
    for field in vocabulary["fields"]:
        name = field["name"]
        if name in seen:
            raise ValueError(f"schema/fields: {name} is defined twice")
        seen.add(name)
        if field["type"].removesuffix("[]") not in TYPES:
            raise ValueError(f"schema/fields: {name}: unknown type {field['type']}")
        unknown = set(field["in"]) - set(vocabulary["datasets"]) - {"all"}
        if unknown or not {"vi", "en", "example"} <= set(field):
            raise ValueError(f"schema/fields: {name}: unknown dataset {unknown} or no vi, en, example")
    return vocabulary


def columns(vocabulary: dict[str, Any], dataset: str, by: set[str]) -> list[dict[str, Any]]:
    """The fields of one dataset, common ones first, in the order of the files."""
    fields = [f for f in vocabulary["fields"] if f.get("by", "sensor") in by]
    return [f for f in fields if "all" in f["in"]] + [f for f in fields if dataset in f["in"]]


def identifier(name: str) -> str:
    """``dns.question.name`` → ``dns_question_name``; ``@timestamp`` → ``timestamp``."""
    return name.removeprefix("@").replace(".", "_")


def rust(vocabulary: dict[str, Any]) -> str:
    """The sensor's row types, as invocations of the macros of ``events/columns.rs``."""
    out = [f"// {WARNING}", "", "use super::columns::{base, dataset, datasets};", ""]

    def block(macro: str, head: str, doc: str, fields: list[dict[str, Any]]) -> None:
        out.append(f"{macro}! {{")
        out.append(f"    /// {doc}.")
        out.append(f"    {head} {{")
        for field in fields:
            kind = field["type"].replace("[]", "_list")
            out.append(f"        /// {field['en']}.")
            out.append(f'        {identifier(field["name"])}: {kind} = "{field["name"]}",')
        out.extend(["    }", "}", ""])

    common = [f for f in vocabulary["fields"] if "all" in f["in"] and f.get("by", "sensor") == "sensor"]
    block("base", "Base BaseColumns", "What every event has", common)
    for dataset, text in vocabulary["datasets"].items():
        name = "".join(part.capitalize() for part in dataset.split("_"))
        own = [f for f in columns(vocabulary, dataset, {"sensor"}) if "all" not in f["in"]]
        block("dataset", f'{name} {name}Columns {dataset} "{dataset}"', text["en"], own)
    out.append("datasets! {")
    names = {dataset: "".join(part.capitalize() for part in dataset.split("_")) for dataset in vocabulary["datasets"]}
    out += [f'    {dataset}: {name}Columns "{dataset}",' for dataset, name in names.items()]
    out.append("}")
    return "\n".join(out) + "\n"


def python(vocabulary: dict[str, Any]) -> str:
    """``schema/columns.py``: every field with its type, and which stand in which dataset; ``schema`` makes Arrow of it."""
    fields = vocabulary["fields"]
    out = [f'"""Fields and datasets as words. {WARNING}"""', "", "from __future__ import annotations", ""]
    out += ["from typing import Final", ""]
    out += _words("FIELDS", "field:type", [f"{field['name']}:{field['type']}" for field in fields])
    out += _words("COMMON", "fields of every dataset", [f["name"] for f in fields if "all" in f["in"]])
    out += _words("ADDED", "fields that enrichment adds", [f["name"] for f in fields if f.get("by") == "enrich"])
    out.append("OWN: Final[dict[str, str]] = {")
    for dataset in vocabulary["datasets"]:
        own = [field["name"] for field in fields if dataset in field["in"]]
        out += [f'    "{dataset}": """', *_wrapped(own), '""",']
    return "\n".join([*out, "}", ""])


def _words(name: str, what: str, words: list[str]) -> list[str]:
    return [f'{name}: Final = """', *_wrapped(words), '"""', f'"""{what}."""', ""]


def _wrapped(words: list[str]) -> list[str]:
    return textwrap.wrap(" ".join(words), 120, break_long_words=False, break_on_hyphens=False)


def reference(vocabulary: dict[str, Any]) -> str:
    """``docs/reference/fields.md``: every field with both descriptions."""
    out = ["# Fields", "", f"<!-- {WARNING} -->", "", "| Dataset | English | Tiếng Việt |", "|---|---|---|"]
    out += [f"| `{n}` | {t['en']} | {t['vi']} |" for n, t in vocabulary["datasets"].items()]
    out += ["", "| Field | Type | In | English | Tiếng Việt | Example |", "|---|---|---|---|---|---|"]
    for f in vocabulary["fields"]:
        where = ", ".join(f["in"]) + (" (enrichment)" if f.get("by") == "enrich" else "")
        out.append(f"| `{f['name']}` | {f['type']} | {where} | {f['en']} | {f['vi']} | `{f['example']}` |")
    return "\n".join(out) + "\n"


def files() -> dict[str, str]:
    """Path → content; ValueError naming the field that is wrong."""
    vocabulary = load()
    return {
        "collectors/sensor/core/src/events/generated.rs": rust(vocabulary),
        "schema/columns.py": python(vocabulary),
        "docs/reference/fields.md": reference(vocabulary),
    }
