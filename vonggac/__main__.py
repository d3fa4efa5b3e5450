"""The command ``vonggac``: the entry point."""

from __future__ import annotations

import sys


def main() -> None:
    """Entry point of the command."""
    from vonggac.commands import app

    try:
        app(prog_name="vonggac")
    except BrokenPipeError:  # the reader of a pipe has had enough
        sys.stderr.close()
        sys.exit(0)


if __name__ == "__main__":
    main()
