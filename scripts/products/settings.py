"""Products of the settings: their reference (from the models and the comments of config/default.yaml) and JSON Schema."""

from __future__ import annotations

import ast
import inspect
import json
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from pipelines import settings
from products import markdown

DEFAULT = Path(__file__).resolve().parents[2] / "config/default.yaml"
_LINE = re.compile(r"^(?P<indent> *)(?P<key>[a-z0-9_]+):(?P<value>[^#]*)(?:#\s*(?P<comment>.*))?$")
_WORDS = {
    "Duration": "time",
    "Path": "folder",
    "str": "text",
    "int": "number",
    "float": "number",
    "bool": "true or false",
    "date": "day",
    "Name": "short name",
}
LISTS = {"zones": settings.Zone, "units": settings.Unit}
"""Settings that are lists of entries, which the defaults cannot show."""


def documented() -> dict[str, tuple[str, str]]:
    """Dotted name of every setting of the defaults → (default as written, meaning); a part has no default of its own."""
    found: dict[str, tuple[str, str]] = {}
    part = ""
    for line in DEFAULT.read_text(encoding="utf-8").splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        if not match["indent"]:
            part = match["key"]
        name = f"{part}.{match['key']}" if match["indent"] else part
        meaning = (match["comment"] or "").strip()
        found[name] = (match["value"].strip(), meaning.removeprefix("… "))
    return found


def docstrings(model: type[BaseModel]) -> dict[str, str]:
    """Field → the string below it."""
    body = ast.parse(textwrap.dedent(inspect.getsource(model))).body[0]
    assert isinstance(body, ast.ClassDef)
    found = {}
    for field, text in zip(body.body, body.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
            assert isinstance(field.target, ast.Name)
            found[field.target.id] = str(text.value.value)
    return found


def kinds(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Dotted name → type in plain words, for every setting below ``model``."""
    annotations = {a.target.id: ast.unparse(a.annotation) for a in _fields(model)}
    for name, field in model.model_fields.items():
        annotation = field.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            yield from kinds(annotation, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", _kind(annotations[name])


def _fields(model: type[BaseModel]) -> list[Any]:
    body = ast.parse(textwrap.dedent(inspect.getsource(model))).body[0]
    assert isinstance(body, ast.ClassDef)
    return [part for part in body.body if isinstance(part, ast.AnnAssign)]


def _kind(annotation: str) -> str:
    plain = annotation.split(" = ")[0]
    optional = plain.endswith(" | None")
    plain = plain.removesuffix(" | None")
    if plain.startswith("tuple["):
        return f"list of {_plural(_kind(plain[6:].split(',')[0]))}"
    if plain.startswith("Mapping["):
        return "keys and values"
    word = _WORDS.get(plain, plain.lower())
    return f"{word} or null" if optional else word


def _plural(word: str) -> str:
    return word if word == "text" else f"{word}s"


def reference() -> str:
    """``docs/reference/settings.md``."""
    described, types = documented(), dict(kinds(settings.Settings))
    top = {name for name in described if "." not in name}
    out = ["# Settings", "", markdown.warning("config/default.yaml and pipelines/settings.py"), ""]
    out += [
        "A site writes only what it changes into a file of its own and names it with `--config`; everything else stays as",
        "in [default.yaml](../../config/default.yaml). An example: [site.example.yaml](../../config/site.example.yaml).",
        "Editors check the file against [config/settings.schema.json](../../config/settings.schema.json). A *time* is `90s`,",
        "`5m`, `12h` or `30d`; a *size* `512 KiB`, `16 MiB`, `2 GiB` or `1 TiB`. A wrong key or value ends the program with",
        "exit code 2 and one line for each.",
        "",
        "*Đơn vị chỉ ghi những gì cần đổi vào tệp riêng và chỉ ra bằng `--config`; mọi thứ khác giữ theo mặc định.*",
        "",
    ]
    plain = [name for name in described if name in top and not any(d.startswith(f"{name}.") for d in described)]
    out += ["## The installation", "", *_table(plain, described, types), ""]
    for name, model in LISTS.items():
        texts = docstrings(model)
        rows = [(f"`{field}`", kind, texts.get(field, "")) for field, kind in kinds(model)]
        out += [f"### Entries of `{name}`", "", *markdown.table(("Key", "Type", "Meaning"), rows), ""]
    for part in (name for name in described if name in top and name not in plain):
        names = [name for name in described if name.startswith(f"{part}.")]
        doc = described[part][1] or inspect.getdoc(_model(part)) or ""
        out += [f"## `{part}`", "", f"{doc[:1].upper()}{doc[1:]}", "", *_table(names, described, types), ""]
    return "\n".join(out)


def _model(part: str) -> Any:
    return settings.Settings.model_fields[part].annotation


def _table(names: list[str], described: dict[str, tuple[str, str]], types: dict[str, str]) -> list[str]:
    rows = [
        (
            f"`{name}`",
            types.get(name, "time"),
            f"`{described[name][0]}`",
            described[name][1],
        )  # retention: keys and times
        for name in names
    ]
    return markdown.table(("Setting", "Type", "Default", "Meaning"), rows)


def schema() -> str:
    """``config/settings.schema.json``: what a site's file may hold. Nothing is required, as the defaults lie below it."""
    made = settings.Settings.model_json_schema()
    described = documented()
    values = settings._read(DEFAULT)  # with the loader of the settings: to others `off` is no word
    _describe(made, made, "", described, values)
    for name, model in LISTS.items():
        for field, text in docstrings(model).items():
            made["$defs"][model.__name__]["properties"][field]["description"] = text
        assert name in described
    made.update(
        {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Settings of a Vọng Gác installation"}
    )
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def _describe(root: Any, part: Any, prefix: str, described: dict[str, tuple[str, str]], values: Any) -> None:
    part.pop("required", None)
    for name, entry in part["properties"].items():
        inner = entry.get("$ref", "").rpartition("/")[2]
        if inner:
            _describe(root, root["$defs"][inner], f"{prefix}{name}.", described, values[name])
            continue
        entry["default"] = values[name]
        if described[f"{prefix}{name}"][1]:
            entry["description"] = described[f"{prefix}{name}"][1]


def files() -> dict[str, str]:
    """The reference and the schema."""
    return {"docs/reference/settings.md": reference(), "config/settings.schema.json": schema()}
