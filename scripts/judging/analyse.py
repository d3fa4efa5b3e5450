"""``python scripts/judging/analyse.py [--elsewhere HOMES] FILE``: what ``vonggac analyse --format json FILE`` says,
from kept analyses.

``--elsewhere``: as if the capture had been taken elsewhere (``rewrite.py``), told with the addresses that it really has.
HOMES: JSON list of home addresses that are no private ones.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from judging import packets, rewrite
from judging.analyses import Analysed, UnreadableError, analysed, kept

SEED = "elsewhere"


def elsewhere(capture: Path, homes: list[str]) -> dict[str, Any]:
    """The document of the capture taken elsewhere. Raises UnreadableError."""
    plain = analysed([capture])
    names = sorted({name for machine, _ in plain.machines if machine.home for name in machine.called_names})
    content = capture.read_bytes()
    rewriter = rewrite.Rewriter(f"{SEED}:{hashlib.blake2b(content).hexdigest()}", names, homes)

    def make(folder: Path) -> list[Path]:
        try:
            (folder / capture.name).write_bytes(rewriter.capture(content))
        except packets.FormatError as error:
            raise UnreadableError(f"{capture.name}: {error}") from error
        return [folder / capture.name]

    code = b"".join(Path(str(module.__file__)).read_bytes() for module in (rewrite, packets))
    found = kept([content, code, repr((SEED, names, homes)).encode()], make)
    return told_back(found, rewriter.back(ip for machine, _ in plain.machines for ip in machine.ips))


def told_back(found: Analysed, back: dict[str, str]) -> dict[str, Any]:
    """The document with old addresses."""
    document = found.document()
    for machine in document["machines"]:
        machine["ips"] = [back.get(ip, ip) for ip in machine["ips"]]
        for alert in machine["alerts"]:
            alert["peers"] = [back.get(ip, ip) for ip in alert["peers"]]
    return document


def main() -> int:
    """0, or 3 when the file cannot be analysed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--elsewhere", type=json.loads, metavar="HOMES")
    parser.add_argument("file", type=Path)
    asked = parser.parse_args()
    try:
        plain = asked.elsewhere is None
        document = analysed([asked.file]).document() if plain else elsewhere(asked.file, asked.elsewhere)
    except UnreadableError as error:
        print(error, file=sys.stderr)
        return 3
    json.dump(document, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
