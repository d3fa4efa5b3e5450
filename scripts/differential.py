"""The sensor against tshark: ``python scripts/differential.py FOLDER [--sensor COMMAND] [--most-mb 20] [--write]``.

Reads every capture of FOLDER (and below) with both and compares what is counted or named the same by both: TCP and UDP
conversations, names and answers of DNS, HTTP requests, server names of TLS, file names of SMB. Prints a table and the first
differences of each kind; ``--write`` puts the table between the markers of docs/reference/conformance.md, where the reasons of
the differences stand. tshark is a program of its own, called as such; nothing of it is part of Vọng Gác.
"""

from __future__ import annotations

import argparse
import collections
import json
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs/reference/conformance.md"
BEGIN, END = "<!-- differential: begin -->", "<!-- differential: end -->"
WITHIN: Final = "\x1f"
"""Between the values that one frame has of one field."""
FIELDS: Final = (
    *("frame.protocols", "tcp.stream", "udp.stream", "dns.flags.response", "dns.qry.name"),
    *(
        "dns.count.answers",
        "dns.resp.type",
        "dns.a",
        "dns.aaaa",
        "dns.cname",
        "smb2.ioctl.function",
        "smb2.flags.response",
    ),
    *("http.request.method", "http.request.uri", "tls.handshake.extensions_server_name", "smb2.filename", "smb.file"),
)
KINDS: Final = {
    "tcp": "TCP conversations",
    "udp": "UDP conversations",
    "dns_question": "DNS names asked",
    "dns_answer": "DNS addresses and aliases answered",
    "http": "HTTP requests (method, target)",
    "sni": "TLS server names",
    "smb": "SMB file names",
}
Found = dict[str, "collections.Counter[str]"]


def nothing() -> Found:
    """Of each kind, none."""
    return {kind: collections.Counter() for kind in KINDS}


def text(value: str) -> str:
    """Names without what the two spell differently."""
    return value.rstrip(".").lower()


def theirs(capture: Path) -> Found:
    """What tshark says."""
    command = ["tshark", "-n", "-r", str(capture), "-T", "fields", "-E", f"aggregator={WITHIN}"]
    command += [word for field in FIELDS for word in ("-e", field)]
    done = subprocess.run(command, check=False, capture_output=True)
    found = nothing()
    streams: dict[str, set[str]] = {"tcp": set(), "udp": set()}
    for line in done.stdout.decode(errors="replace").split("\n"):
        cells = line.split("\t")
        if len(cells) != len(FIELDS):
            continue
        frame = {name: cell.split(WITHIN) if cell else [] for name, cell in zip(FIELDS, cells, strict=True)}
        # What ICMP quotes was not sent by those whom it names.
        if ":icmp" in cells[0]:
            continue
        streams["tcp"].update(frame["tcp.stream"])
        streams["udp"].update(frame["udp.stream"])
        words = cells[0].split(":")
        if "dns" in words:
            asked = frame["dns.flags.response"][:1] in (["0"], ["False"])
            found["dns_question"].update({text(name) for name in frame["dns.qry.name"]} if asked else ())
            found["dns_answer"].update(answers(frame))
        # Notifications of UPnP look like HTTP and are none.
        if "ssdp" not in words:
            found["http"].update(
                map(" ".join, zip(frame["http.request.method"], frame["http.request.uri"], strict=False))
            )
        found["sni"].update(map(text, frame["tls.handshake.extensions_server_name"]))
        # Answers name what a folder holds; questions about a distributed file system name shares.
        if not frame["smb2.ioctl.function"] and not {"1", "True"} & set(frame["smb2.flags.response"]):
            found["smb"].update(path(name) for name in frame["smb2.filename"] + frame["smb.file"])
    for kind, numbers in streams.items():
        found[kind][""] = len(numbers)
    return found


def answers(frame: dict[str, list[str]]) -> set[str]:
    """Addresses and aliases of the answer section, which comes first; tshark does not keep the sections apart."""
    if len(frame["dns.count.answers"]) != 1:
        return set()
    types = frame["dns.resp.type"][: int(frame["dns.count.answers"][0], 0)]
    found: set[str] = set()
    for kind, number in (("a", 1), ("aaaa", 28), ("cname", 5)):
        of_kind = sum(int(given, 0) == number for given in types)
        found.update(map(text, frame[f"dns.{kind}"][:of_kind]))
    return found


def path(name: str) -> str:
    """A path of SMB without its dress."""
    return name.replace("/", "\\").strip("\\").lower()


def events(capture: Path, sensor: list[str]) -> Iterator[dict[str, Any]]:
    """What the sensor tells of a capture."""
    done = subprocess.run([*sensor, str(capture)], check=False, capture_output=True)
    yield from map(json.loads, done.stdout.splitlines())


def ours(capture: Path, sensor: list[str]) -> Found:
    """What the sensor says."""
    found = nothing()
    tuples = set()
    for event in events(capture, sensor):
        match event["event.dataset"]:
            case "flow" if event.get("network.transport") == "tcp":
                found["tcp"][""] += 1
            case "flow" if event.get("network.transport") == "udp":
                ends = [(event[f"{side}.ip"], event.get(f"{side}.port")) for side in ("source", "destination")]
                tuples.add(tuple(sorted(ends, key=str)))
            case "dns":
                found["dns_question"].update([text(event.get("dns.question.name", ""))])
                data = zip(event.get("dns.answers.type", []), event.get("dns.answers.data", []), strict=False)
                found["dns_answer"].update({text(value) for kind, value in data if kind in ("A", "AAAA", "CNAME")})
            case "http" if "http.request.method" in event:
                found["http"][f"{event['http.request.method']} {event.get('url.original', '')}"] += 1
            case "tls" | "quic" if "tls.client.server_name" in event:
                found["sni"][text(event["tls.client.server_name"])] += 1
            case "smb":
                found["smb"][path(event.get("file.path", event.get("vonggac.smb.named_pipe", "")))] += 1
    found["udp"][""] = len(tuples)
    return found


def same(kind: str, theirs: collections.Counter[str], ours: collections.Counter[str]) -> tuple[list[str], list[str]]:
    """What only they have, and what only we have. Names count once: repeats are told once by us, each time by them."""
    if kind in ("tcp", "udp"):
        more = ours[""] - theirs[""]
        return ([f"{-more} more"] if more < 0 else [], [f"{more} more"] if more > 0 else [])
    they, we = ({name for name in names if name} for names in (theirs, ours))
    return sorted(they - we), sorted(we - they)


def compare(captures: list[Path], sensor: list[str]) -> str:
    """The table; differences go to the standard output."""
    totals: dict[str, list[int]] = {kind: [0, 0, 0, 0, 0] for kind in KINDS}
    for capture in captures:
        they, we = theirs(capture), ours(capture, sensor)
        for kind, total in totals.items():
            if not +they[kind] and not +we[kind]:
                continue
            missed, beyond = same(kind, they[kind], we[kind])
            total[0] += 1
            total[1] += not missed and not beyond
            count = (lambda names: names[""]) if kind in ("tcp", "udp") else (lambda names: len(set(names) - {""}))
            total[2] += count(they[kind])
            total[3] += int(missed[0].split()[0]) if missed and kind in ("tcp", "udp") else len(missed)
            total[4] += int(beyond[0].split()[0]) if beyond and kind in ("tcp", "udp") else len(beyond)
            if missed or beyond:
                print(f"{capture.name}\t{kind}\tonly tshark: {missed[:6]}\tonly we: {beyond[:6]}", flush=True)
    lines = [
        "| What | captures | agree | named by tshark | only tshark | only the sensor |",
        "|---|---|---|---|---|---|",
    ]
    lines += [f"| {KINDS[kind]} | {' | '.join(map(str, total))} |" for kind, total in totals.items()]
    return "\n".join(lines)


def main() -> int:
    """Compares and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sensor", default=f"{ROOT}/.venv/bin/vonggac sensor --format jsonl --read")
    parser.add_argument("--most-mb", type=int, default=20)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    suffixes = {".pcap", ".pcapng", ".cap"}
    captures = sorted(
        file
        for file in options.folder.rglob("*")
        if file.suffix in suffixes and file.stat().st_size < options.most_mb << 20
    )
    table = compare(captures, shlex.split(options.sensor))
    print(table)
    if options.write:
        before, _, rest = PAGE.read_text().partition(BEGIN)
        _, _, after = rest.partition(END)
        note = f"{len(captures)} captures, each below {options.most_mb} MB."
        PAGE.write_text(f"{before}{BEGIN}\n{note}\n\n{table}\n{END}{after}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
