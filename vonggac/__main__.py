"""The command ``vonggac``: the entry point, which loads no more than the words on the command line need."""

from __future__ import annotations

import sys


def main() -> None:
    """Entry point of the command."""
    from vonggac.measure import measured

    try:
        code = measured(sys.argv[1:])
        if code is not None:
            sys.exit(code)
        from vonggac.commands import app

        app()
    except BrokenPipeError:  # the reader of a pipe has had enough
        sys.stderr.close()
        sys.exit(0)


if __name__ == "__main__":
    main()
