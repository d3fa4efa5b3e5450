"""Runs inside a network namespace of its own: a veth pair, a recorder of our own beside the sensor, the same traffic.

Prints one JSON object: what the sensor saw and what reading the recording gives. Started by test_live_capture.py.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

from collectors.capture import CaptureReader, LiveCapture, SensorOptions
from collectors.segment import Segment
from tests.collectors.captures import Captured, conversations, pcap, udp

OPTIONS = SensorOptions(observer="t")
ETH_P_ALL, SOL_PACKET, PACKET_AUXDATA, VLAN_VALID = 3, 263, 8, 1 << 4
Shape = tuple[object, ...]


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)


def interfaces() -> None:
    """left0 ↔ left1 and right0 ↔ right1, quiet: no neighbour discovery of the kernel's own."""
    ip("link", "set", "lo", "up")
    for side in ("left", "right"):
        ip("link", "add", f"{side}0", "type", "veth", "peer", "name", f"{side}1")
        for end in (f"{side}0", f"{side}1"):
            Path(f"/proc/sys/net/ipv6/conf/{end}/disable_ipv6").write_text("1")
            ip("link", "set", end, "up")


class Recorder(threading.Thread):
    """Writes down what comes in at an interface, with the VLAN tags that the kernel hands over beside the frame."""

    def __init__(self, interface: str) -> None:
        super().__init__(daemon=True)
        self.frames: list[Captured] = []
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        self._socket.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32 << 20)
        self._socket.bind((interface, ETH_P_ALL))
        self._loopback = interface == "lo"

    def run(self) -> None:
        while True:
            frame, auxiliary, _, address = self._socket.recvmsg(1 << 17, 256)
            if self._loopback and address[2] == socket.PACKET_OUTGOING:
                continue
            for level, kind, data in auxiliary:
                if (level, kind) == (SOL_PACKET, PACKET_AUXDATA):
                    status, *_, tag, protocol = struct.unpack("IIIHHHH", data)
                    if status & VLAN_VALID:
                        frame = frame[:12] + struct.pack("!HH", protocol, tag) + frame[12:]
            self.frames.append(Captured(time.time_ns() // 1_000, frame))


def send(frames: list[tuple[str, bytes]]) -> None:
    """Puts frames onto interfaces, one after the other."""
    out = {name: socket.socket(socket.AF_PACKET, socket.SOCK_RAW) for name in {name for name, _ in frames}}
    for name, one in out.items():
        one.bind((name, 0))
    for name, frame in frames:
        out[name].send(frame)
    for one in out.values():
        one.close()


def shapes(segments: list[Segment]) -> Counter[Shape]:
    """Flows without what depends on the very microsecond."""
    keys = [
        *("source.ip", "source.port", "destination.port", "network.vlan.id", "source.packets", "source.bytes"),
        *("destination.packets", "destination.bytes", "vonggac.source.payload_bytes"),
    ]
    rows = [row for one in segments if "flow" in one.tables for row in one.tables["flow"].to_pylist()]
    return Counter(tuple(row[key] for key in keys) for row in rows)


def read(frames: list[Captured], folder: Path) -> Counter[Shape]:
    path = folder / "recorded.pcap"
    path.write_bytes(pcap(frames))
    return shapes(list(CaptureReader(path, OPTIONS).segments()))


def listened(capture: LiveCapture, seconds: float) -> list[Segment]:
    end, segments = time.monotonic() + seconds, []
    while (left := end - time.monotonic()) > 0:
        segments.append(capture.poll(1_000, left))
    segments.append(capture.close())
    return [one for one in segments if one is not None]


def run(
    interfaces: list[str], frames: list[tuple[str, bytes]], folder: Path, filter: str | None = None
) -> dict[str, object]:
    """Sends at each interface's other end; what sensor and recorders saw."""
    recorders = [Recorder(name) for name in interfaces]
    capture = LiveCapture(interfaces, OPTIONS, filter)
    for recorder in recorders:
        recorder.start()
    threading.Thread(target=send, args=(frames,)).start()
    segments = listened(capture, 1.2)
    recorded = sorted((one for recorder in recorders for one in recorder.frames), key=lambda one: one.time)
    live, again = shapes(segments), read(recorded, folder)
    return {
        "recorded": len(recorded),
        "live_flows": live.total(),
        "same": live == again,
        "vlans": sorted({row[3] or 0 for row in live}, key=str),
        "clients": len({row[1] for row in live}),
        "packets": sum(int(row[4]) + int(row[6]) for row in live.elements()),  # type: ignore[call-overload]
    }


def signalled() -> dict[str, object]:
    """SIGTERM while nothing comes in: poll returns at once, and close gives what was open."""
    capture = LiveCapture("left1", OPTIONS)
    signal.signal(signal.SIGTERM, lambda *_: capture.stop())
    send([("left0", udp(40_000))])
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()
    begin = time.monotonic()
    first = capture.poll(1_000, 30.0)
    took = time.monotonic() - begin
    last = capture.close()
    flows = shapes([one for one in (first, last) if one is not None]).total()
    return {"took": took, "flows": flows, "after": capture.poll(1, 1.0) is None}


def closed_at_once() -> int:
    """Frames that come a moment before the end, which the kernel still holds back."""
    capture = LiveCapture(["left1", "right1"], OPTIONS)
    send([("left0", udp(40_100 + number)) for number in range(5)])
    last = capture.close()
    return shapes([] if last is None else [last]).total()


def flood(count: int) -> dict[str, object]:
    """More than the ring holds, while nobody takes any: what is lost is counted."""
    capture = LiveCapture("left1", OPTIONS)
    send([("left0", udp(41_000, bytes(1_400)))] * count)
    counters = capture.counters()
    segments = listened(capture, 0.5)
    return {"sent": count, "drops": counters["source.kernel_drops"], "kernel": counters["source.kernel_packets"],
            "taken": sum(int(row[4]) for row in shapes(segments).elements())}  # type: ignore[call-overload]  # fmt: skip


def outage() -> dict[str, object]:
    """The interface goes down and comes back."""
    capture = LiveCapture("left1", OPTIONS)
    segments = []
    for number in range(2):
        send([("left0", udp(42_000 + number))])
        segments.append(capture.poll(1_000, 0.3))
        ip("link", "set", "left1", "down")
        busy = time.process_time()
        segments.append(capture.poll(1_000, 0.5))
        busy = time.process_time() - busy
        ip("link", "set", "left1", "up")
        segments.append(capture.poll(1_000, 0.3))
    counters = capture.counters()
    segments.append(capture.close())
    flows = shapes([one for one in segments if one is not None]).total()
    return {"flows": flows, "outages": counters["source.outages"], "busy": busy}


def gone() -> str:
    ip("link", "add", "short0", "type", "veth", "peer", "name", "short1")
    ip("link", "set", "short0", "up")
    capture = LiveCapture("short0", OPTIONS)
    threading.Timer(0.2, ip, ("link", "del", "short0")).start()
    try:
        for _ in range(20):
            capture.poll(10, 0.2)
    except Exception as error:  # noqa: BLE001  # the test says which one it must be
        return f"{type(error).__name__}: {error}"
    return "nothing"


def main(folder: Path) -> None:
    interfaces()
    talk = [("left0", one.frame) for one in conversations(200)]
    tagged = [("left0", udp(30_000 + n, vlan=20 + n)) for n in range(3)]
    directions = [(("left0", "right0")[n % 2], frame) for n, (_, frame) in enumerate(talk)]
    chosen = "portrange 20000-20009 and not vlan or vlan 21"
    results = {
        "plain": run(["left1"], talk + tagged, folder),
        "tap": run(["left1", "right1"], directions, folder),
        "outgoing": run(["left0"], talk, folder),
        "loopback": run(["lo"], [("lo", frame) for _, frame in talk], folder),
        "filtered": run(["left1"], talk + tagged, folder, chosen),
        "signal": signalled(),
        "closed_at_once": closed_at_once(),
        "flood": flood(60_000),
        "outage": outage(),
        "gone": gone(),
    }
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
