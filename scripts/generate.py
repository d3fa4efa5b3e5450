"""Make everything that follows from something else: ``python scripts/generate.py [--check]``.

The event schemas of the sensor and the pipeline follow from ``schema/fields``; the references in ``docs/reference``
and the schema of the settings follow from the code, the rules and the configuration. With ``--check`` nothing is
written, and the exit code is 1 when a file is stale (run by the tests).
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRODUCTS = (
    "fields",
    "behaviours",
    "counters",
    "protocols",
    "settings",
    "commands",
    "rules",
    "coverage",
    "figures",
    "detection",
)
"""Modules of ``products``; fields first, because the others import the schema that it writes."""


def stale(product: str) -> dict[str, str]:
    """Path → content of the files of one product that are not as they should be."""
    made: dict[str, str] = import_module(f"products.{product}").files()
    return {n: t for n, t in made.items() if not (ROOT / n).exists() or (ROOT / n).read_text(encoding="utf-8") != t}


def main() -> int:
    """Write what is stale, or tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file is stale")
    parser.add_argument("product", nargs="*", help=f"only these: {', '.join(PRODUCTS)}")
    options = parser.parse_args()
    found = False
    for product in options.product or PRODUCTS:
        for name, text in stale(product).items():
            found = True
            if options.check:
                print(f"{name} is stale: run `make generate`", file=sys.stderr)
            else:
                (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
                (ROOT / name).write_text(text, encoding="utf-8")
                print(f"{name} written")
    return 1 if found and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
