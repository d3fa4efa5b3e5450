"""Products of ``schema/fields.yaml``: Arrow schemas of the sensor (Rust) and the pipeline (Python), the field reference."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
PYARROW = {
    "keyword": "pa.string()",
    "ip": "pa.string()",
    "long": "pa.int64()",
    "port": "pa.int32()",
    "boolean": "pa.bool_()",
    "float": "pa.float64()",
    "date": 'pa.timestamp("us", tz="UTC")',
}
WARNING = "Made by scripts/generate.py from schema/fields.yaml; do not edit."


def load() -> dict[str, Any]:
    """The parsed vocabulary; raises ValueError naming the field that is wrong."""
    vocabulary: dict[str, Any] = yaml.safe_load((ROOT / "schema/fields.yaml").read_text())
    seen: set[str] = set()
    for field in vocabulary["fields"]:
        name = field["name"]
        if name in seen:
            raise ValueError(f"schema/fields.yaml: {name} is defined twice")
        seen.add(name)
        if field["type"].removesuffix("[]") not in PYARROW:
            raise ValueError(f"schema/fields.yaml: {name}: unknown type {field['type']}")
        unknown = set(field["in"]) - set(vocabulary["datasets"]) - {"all"}
        if unknown or not {"vi", "en", "example"} <= set(field):
            raise ValueError(f"schema/fields.yaml: {name}: unknown dataset {unknown} or no vi, en, example")
    return vocabulary


def columns(vocabulary: dict[str, Any], dataset: str, by: set[str]) -> list[dict[str, Any]]:
    """The fields of one dataset, common ones first, in the order of the file."""
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
    """``schema/columns.py``: dataset → pyarrow schema, and which columns enrichment adds."""
    out = [f'"""Arrow schemas of every dataset. {WARNING}"""', "", "from __future__ import annotations", ""]
    out += ["from typing import Final", "", "import pyarrow as pa", ""]
    out.append("DATASETS: Final[dict[str, pa.Schema]] = {")
    for dataset in vocabulary["datasets"]:
        out.append(f'    "{dataset}": pa.schema(')
        out.append("        [")
        for field in columns(vocabulary, dataset, {"sensor", "enrich"}):
            kind = PYARROW[field["type"].removesuffix("[]")]
            kind = f"pa.list_({kind})" if field["type"].endswith("[]") else kind
            out.append(f'            pa.field("{field["name"]}", {kind}),')
        out += ["        ]", "    ),"]
    out += ["}", "", "ENRICHED: Final[frozenset[str]] = frozenset(", "    ["]
    out += [f'        "{f["name"]}",' for f in vocabulary["fields"] if f.get("by") == "enrich"]
    out += ["    ]", ")", ""]
    types = [f'    "{f["name"]}": "{f["type"]}",' for f in vocabulary["fields"]]
    out += ["TYPES: Final[dict[str, str]] = {", *types, "}", ""]
    return "\n".join(out)


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
