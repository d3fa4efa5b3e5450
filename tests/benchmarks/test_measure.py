"""The cost of a command, whole tree included."""

from __future__ import annotations

import sys
import textwrap

from benchmarks.measure import run

MEGABYTE = 1 << 20


def python(code: str) -> list[str]:
    return [sys.executable, "-c", textwrap.dedent(code)]


def test_processor_time_of_children_counts() -> None:
    busy = "import time\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass"
    cost = run(python(f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {busy!r}])"))
    assert cost.code == 0
    assert cost.cpu >= 0.3


def test_memory_is_the_peak() -> None:
    # From a small process: a child begins with the pages of its parent, and a test runner is large.
    code = """
    import sys
    from benchmarks.measure import run
    for work in ("pass", "block = bytearray(300 << 20)"):
        print(run([sys.executable, "-c", work]).memory)
    """
    small, large = map(int, run(python(code)).output.split())
    assert small < 300 * MEGABYTE <= large


def test_output_errors_and_code() -> None:
    cost = run(python("import sys\nprint('out')\nprint('err', file=sys.stderr)\nsys.exit(3)"))
    assert (cost.code, cost.output, cost.errors, cost.timed_out) == (3, "out\n", "err\n", False)


def test_input_of_another_command_does_not_count() -> None:
    cost = run(python("import sys\nprint(len(sys.stdin.read()))"), source=python("print('x' * 99)"))
    assert cost.output == "100\n"


def test_what_takes_too_long_is_ended() -> None:
    cost = run(python("import time\ntime.sleep(60)"), patience=0.2)
    assert cost.timed_out
    assert cost.code == -9
    assert cost.seconds < 10
