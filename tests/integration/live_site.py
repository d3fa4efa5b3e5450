"""Runs inside a network namespace of its own: ``vonggac run`` and a recorder on each of two interfaces, the same traffic.

Prints one JSON object: what the program found and how it did. Started by test_live.py.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import yaml
from sqlalchemy import select

from collectors.spool import Spool
from pipelines.score.document import rfc3339
from pipelines.settings import Settings, load
from pipelines.store import state
from pipelines.store.embedded.store import EmbeddedStore
from pipelines.store.events import EventQuery
from pipelines.store.state import Alert, ComponentHealth, Database, Machine

INTERFACES = {"office1": "office0", "branch1": "branch0"}
"""Where it is listened → where the traffic is put in."""
SECONDS = 34
"""Of the long capture that are sent: connections that are open then must be written down at the end."""
PACKETS = ("source.packets", "destination.packets")
PATIENCE = 60.0


class Watched:
    """``vonggac run``, what it says, and what memory it takes."""

    def __init__(self, site: Path) -> None:
        self.began = time.monotonic()
        command = [sys.executable, "-m", "vonggac", "run", "--config", str(site)]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        self.said: list[str] = []
        self.most = 0
        threading.Thread(target=self._listen, daemon=True).start()
        threading.Thread(target=self._measure, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stderr is not None
        self.said.extend(iter(self.process.stderr.readline, ""))

    def _measure(self) -> None:
        while self.process.poll() is None:
            self.most = max(self.most, sum(resident(pid) for pid in tree(self.process.pid)))
            time.sleep(1.0)

    def sensors_started(self) -> int:
        return sum("listening on" in line for line in self.said)

    def end(self) -> int:
        """Exit code after SIGTERM."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


def tree(pid: int) -> Iterator[int]:
    """A process and all that descend from it."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from tree(int(child))


def resident(pid: int) -> int:
    """Bytes in memory, shared pages counted for each process anew."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


@contextmanager
def recorders(folder: Path) -> Iterator[None]:
    """Write down what each interface sees, until the end of the block."""
    running = []
    for interface in INTERFACES:
        command = ["tcpdump", "-i", interface, "-Z", "root", "-U", "-s", "0", "-B", "32768", "-w", f"{interface}.pcap"]
        process = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True)
        assert process.stderr is not None
        assert "listening on" in process.stderr.readline()
        running.append(process)
    try:
        yield
        time.sleep(1.0)  # what the kernel has kept for them
    finally:
        for process in running:
            process.send_signal(signal.SIGINT)
        lost = [line for process in running for line in process.communicate()[1].splitlines() if "dropped" in line]
        assert all(line.startswith("0 ") for line in lost), lost


def interfaces() -> None:
    """Quiet pairs: no neighbour discovery of the kernel's own."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for inside, outside in INTERFACES.items():
        subprocess.run(["ip", "link", "add", outside, "type", "veth", "peer", "name", inside], check=True)
        for end in (inside, outside):
            Path(f"/proc/sys/net/ipv6/conf/{end}/disable_ipv6").write_text("1")
            subprocess.run(["ip", "link", "set", end, "up"], check=True)


def replay(capture: Path, interface: str, *limits: str) -> None:
    """At the speed of its time stamps."""
    command = ["tcpreplay", "--quiet", *limits, "-i", interface, str(capture)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def until(true: Callable[[], bool], what: str, running: Watched) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert running.process.poll() is None, "".join(running.said)
        assert time.monotonic() < deadline, f"{what} did not come about:\n" + "".join(running.said)
        time.sleep(0.1)


def health(database: Database, part: str) -> dict[str, Any]:
    """Process id, restarts, status and message as the health page shows them."""
    with database.session() as session:
        row = session.get(ComponentHealth, part)
        if row is None:
            return {}
        return {
            "pid": row.detail.get("pid"),
            "restarts": row.restarts,
            "status": row.status,
            "message": row.message,
        }


def answers(settings: Settings) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{settings.console.port}/", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def alerts(database: Database) -> list[dict[str, Any]]:
    """What is told about each machine, in the words of the analysis document."""
    with database.session() as session:
        machines = {one.id: one for one in session.scalars(select(Machine))}
        return [
            {
                "machine": addresses(machines[one.machine_id]), "rule": one.rule, "role": one.role,
                "severity": one.severity, "count": one.count, "peers": sorted(one.peers),
                "first": rfc3339(one.first), "last": rfc3339(one.last), "events": list(one.events),
            }
            for one in session.scalars(select(Alert))
        ]  # fmt: skip


def verdicts(database: Database) -> list[tuple[str, str]]:
    with database.session() as session:
        return sorted((addresses(one), one.verdict) for one in session.scalars(select(Machine)))


def addresses(machine: Machine) -> str:
    return " ".join(sorted(one.address for one in machine.addresses))


def ids(store: EmbeddedStore) -> list[str]:
    """Of every event that the sensors saw in packets."""
    made = store.segments(datetime.fromtimestamp(0, UTC))
    return sorted(
        identity
        for segment in made
        for dataset, table in segment.tables.items()
        if dataset != "stats"
        for identity in table["event.id"].to_pylist()
    )


def packets(store: EmbeddedStore) -> int:
    """In all connections together."""
    tables = [one.tables["flow"] for one in store.segments(datetime.fromtimestamp(0, UTC)) if "flow" in one.tables]
    return sum(pc.sum(table[column]).as_py() or 0 for table in tables for column in PACKETS)


def kill_the_sensor(running: Watched, database: Database) -> dict[str, Any]:
    """It dies by kill −9 and comes back; what the health page says then."""
    victim = health(database, "sensor")["pid"]
    os.kill(victim, signal.SIGKILL)
    until(lambda: running.sensors_started() == 2, "the restart of the sensor", running)
    until(lambda: health(database, "sensor").get("restarts") == 1, "the restart on the health page", running)
    return health(database, "sensor") | {"victim": victim}


def act(folder: Path, settings: Settings, running: Watched) -> dict[str, Any]:
    """Traffic, a kill, more traffic on both interfaces, SIGTERM at once after the last packet."""
    until(lambda: bool(running.sensors_started()) and answers(settings), "the start", running)
    started = time.monotonic() - running.began
    database, store = state.open(settings.state_url), EmbeddedStore(settings.store_folder)
    replay(folder / "before.pcap", "branch0")
    until(lambda: store.count(EventQuery(datasets=("flow",))) > 0, "the first connection's event", running)
    told = {"ids": ids(store), "alerts": alerts(database)}
    sensor = kill_the_sensor(running, database)
    branch = threading.Timer(5.0, replay, (folder / "branch.pcap", "branch0"))
    branch.start()
    replay(folder / "office.pcap", "office0", f"--duration={SECONDS}")
    branch.join()
    console, pids, stopping = answers(settings), list(tree(running.process.pid)), time.monotonic()
    code = running.end()
    found = {
        "started": started, "stopped": time.monotonic() - stopping, "told": told, "sensor": sensor, "code": code,
        "console": console, "left": [pid for pid in pids if Path(f"/proc/{pid}").exists()],
        "waiting": [name for spool in settings.spool_folder.iterdir() for name in Spool(spool, 1 << 30).pending()],
        "ids": ids(store), "packets": packets(store), "alerts": alerts(database), "verdicts": verdicts(database),
        "memory": running.most, "health": health(database, "sensor"), "said": running.said,
    }  # fmt: skip
    store.close()
    database.close()
    return found


def main(folder: Path) -> None:
    interfaces()
    site = folder / "site.yaml"
    sensor = {"interfaces": list(INTERFACES), "segment_age": "2s"}
    changes = {"data": str(folder / "data"), "sensor": sensor, "schedule": {"health": "1s"}}
    site.write_text(yaml.safe_dump(changes), encoding="utf-8")
    with recorders(folder):
        running = Watched(site)
        try:
            found = act(folder, load(site), running)
        finally:
            running.process.kill()
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
