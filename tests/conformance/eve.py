"""Our events under the field names of EVE, the output of another engine, to compare the two on the same captures.

``convert`` translates names and spellings, nothing else: ``tls.version`` ``1.2`` becomes ``TLS 1.2``, an address of IPv6 is
written out, question and answer of one ``dns`` event become the two records that EVE writes. What we do not record is absent.
The tables stand beside this file, one a group of protocols. The scorer loads it by its path, from any folder.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.conformance import files, identity, mail, names, shares, shells, things, web  # found through the line above
from tests.conformance.record import Event, Record, without_nothing

TRANSLATIONS: Final[dict[str, Callable[[Event], list[Record]]]] = {
    **files.TRANSLATIONS,
    **identity.TRANSLATIONS,
    **mail.TRANSLATIONS,
    **names.TRANSLATIONS,
    **shares.TRANSLATIONS,
    **shells.TRANSLATIONS,
    **things.TRANSLATIONS,
    **web.TRANSLATIONS,
}


def convert(event: Event) -> list[Record]:
    """The EVE records of one of our events: none for datasets that EVE does not know."""
    translate = TRANSLATIONS.get(event.get("event.dataset", ""))
    return [without_nothing(record) for record in translate(event)] if translate else []
