"""Command line: list and show scenarios, write captures.

``python -m scenarios write NAME [key=value …] [+ NAME [key=value …] …] --out FILE [--seed N]``
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from scenarios.net.capture_file import ETHERNET, Interface, pcap, pcapng
from scenarios.net.wire import Wire
from scenarios.registry import Parameter, Scenario, ScenarioError, find, play_all, scenarios

USAGE_ERROR = 2
"""Exit code of a wrong usage, as everywhere in the project."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except ScenarioError as error:
        print(f"scenarios: {error}", file=sys.stderr)
        return USAGE_ERROR
    except OSError as error:
        print(f"scenarios: cannot write {options.out}: {error.strerror}", file=sys.stderr)
        return USAGE_ERROR
    return 0


def write(wire: Wire, path: Path, form: str) -> None:
    """Write the capture; it appears under its name only when it is whole. Raises OSError."""
    if form == "pcapng":
        packets = ((time, 0, frame) for time, frame in wire.packets)
        content = pcapng(packets, [Interface(resolution=9, name="tap0")])
    else:
        content = pcap(wire.packets, link=ETHERNET)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(content)
    partial.replace(path)


def parts(words: Sequence[str]) -> list[tuple[str, Mapping[str, str]]]:
    """``NAME key=value … + NAME …`` as scenarios with their parameters; raises ScenarioError."""
    found: list[tuple[str, dict[str, str]]] = []
    expect_name = True
    for word in words:
        if word == "+" or expect_name:
            if word == "+" and expect_name:
                raise ScenarioError("a scenario's name stands before and after each +")
            expect_name = word == "+"
            if word != "+":
                found.append((word, {}))
            continue
        key, equals, value = word.partition("=")
        if not equals:
            raise ScenarioError(f"{word!r} is not of the form key=value")
        found[-1][1][key] = value
    if expect_name:
        raise ScenarioError("a scenario's name is missing")
    return list(found)


def _list(options: argparse.Namespace) -> None:
    found = scenarios()
    if options.json:
        print(json.dumps({name: _described(each) for name, each in found.items()}, ensure_ascii=False, indent=1))
        return
    width = max(map(len, found))
    for name, each in found.items():
        print(f"{name:{width}}  {each.doc}")


def _show(options: argparse.Namespace) -> None:
    each = find(options.name)
    print(f"{each.name}: {each.doc}")
    width = max(len(parameter.name) for parameter in each.parameters)
    for parameter in each.parameters:
        print(f"  {parameter.name:{width}}  {parameter.type_name} = {_text(parameter)}  {parameter.doc}".rstrip())


def _write(options: argparse.Namespace) -> None:
    scene = play_all(parts(options.part), options.seed)
    write(scene.wire, options.out, options.format)
    print(f"{options.out}: {len(scene.wire)} packets", file=sys.stderr)


def _described(each: Scenario) -> dict[str, object]:
    return {
        "doc": each.doc,
        "parameters": {
            parameter.name: {"type": parameter.type_name, "default": parameter.default, "doc": parameter.doc}
            for parameter in each.parameters
        },
    }


def _text(parameter: Parameter) -> str:
    value = parameter.default
    if isinstance(value, tuple):
        return ",".join(map(str, value)) or "(none)"
    return str(value).lower() if isinstance(value, bool) else str(value) or "(empty)"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scenarios", description="Write captures of synthetic traffic.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    listing = commands.add_parser("list", help="all scenarios, one a line")
    listing.add_argument("--json", action="store_true", help="with their parameters, as JSON")
    listing.set_defaults(run=_list, out="")
    showing = commands.add_parser("show", help="one scenario with its parameters")
    showing.add_argument("name", metavar="NAME")
    showing.set_defaults(run=_show, out="")
    writing = commands.add_parser("write", help="play one scenario or several into a capture file")
    writing.add_argument("part", nargs="+", metavar="NAME [key=value …] [+ NAME …]")
    writing.add_argument("--out", type=Path, required=True, metavar="FILE")
    writing.add_argument("--seed", type=int, default=1, help="the same seed gives the same bytes (default 1)")
    writing.add_argument("--format", choices=("pcap", "pcapng"), default="pcap")
    writing.set_defaults(run=_write)
    return parser


if __name__ == "__main__":
    sys.exit(main())
