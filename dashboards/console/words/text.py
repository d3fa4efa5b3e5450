"""Looking up a text and filling in its values, escaped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

from dashboards.console.words.catalogue import Language, catalogue

MARKED: Final = "_html"
"""Only texts whose key ends so may hold markup (a ``<kbd>``, a ``<strong>``); their values are still escaped."""


@dataclass(frozen=True, slots=True)
class Text:
    """``text("alerts.news", count=3)``: the catalogue's words in this person's language.

    With ``count``, the key ``….one`` is used for 1 where the catalogue has it (English), else ``….other``.
    """

    language: Language

    def __call__(self, key: str, /, **values: object) -> str:
        """The text; a key that does not exist is shown as ``⟨key⟩``, so that a forgotten text never breaks a page."""
        texts = catalogue(self.language)
        found = texts.get(self._plural(texts, key, values.get("count")))
        if found is None:
            return f"⟨{key}⟩"
        if key.endswith(MARKED):
            return Markup(found).format(**{name: escape(value) for name, value in values.items()})  # noqa: S704  (our own catalogue)
        return found.format(**values) if values else found

    @staticmethod
    def _plural(texts: dict[str, str], key: str, count: object) -> str:
        if count is None or key in texts:
            return key
        return f"{key}.one" if count in (1, "1") and f"{key}.one" in texts else f"{key}.other"

    def has(self, key: str) -> bool:
        """True where the catalogue knows the key (closed lists from elsewhere may be newer than the catalogue)."""
        return key in catalogue(self.language)

    def of(self, words: object) -> str:
        """This language out of a ``{"vi": …, "en": …}`` pair of a rule or an alert; the other one when it is missing."""
        if not isinstance(words, dict):
            return ""
        return str(words.get(self.language) or next((word for word in words.values() if word), ""))
