"""The catalogues: ``locales/<language>/<page>.yaml``; a text's key is ``<page>.<name>…``, the same in every language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, cast

import yaml

Language = Literal["vi", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("vi", "en")
FOLDER: Final = Path(__file__).parent.parent / "locales"


def _flatten(prefix: str, node: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in node.items():
        key = f"{prefix}.{name}"
        if isinstance(value, Mapping):
            yield from _flatten(key, value)
        elif isinstance(value, str):
            yield key, value
        else:
            raise ValueError(f"{key}: a text must be a string, not {value!r}: put it in quotes")


@cache
def catalogue(language: Language) -> dict[str, str]:
    """Every text of one language by its dotted key; raises ValueError naming a value that is no text."""
    texts: dict[str, str] = {}
    for path in sorted((FOLDER / language).glob("*.yaml")):
        content = cast(Mapping[str, Any], yaml.safe_load(path.read_text(encoding="utf-8")))
        texts.update(_flatten(path.stem, content))
    return texts
