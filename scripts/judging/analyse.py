"""``python scripts/judging/analyse.py FILE``: what ``vonggac analyse --format json FILE`` says, from kept analyses."""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from judging.analyses import UnreadableError, analysed


def main() -> int:
    """0, or 3 when the file cannot be analysed."""
    try:
        found = analysed([Path(sys.argv[1])])
    except UnreadableError as error:
        print(error, file=sys.stderr)
        return 3
    json.dump(found.document(), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
