from __future__ import annotations

import json
from pathlib import Path

import pytest
from scapy.utils import PcapNgReader, rdpcap

from scenarios.__main__ import main, parts
from scenarios.registry import ScenarioError


def test_writes_the_same_bytes_for_the_same_seed(tmp_path: Path) -> None:
    first, second, third = (tmp_path / name for name in ("a.pcap", "b.pcap", "c.pcap"))
    for path, seed in ((first, "4"), (second, "4"), (third, "5")):
        assert main(["write", "dga", "names=12", "--out", str(path), "--seed", seed]) == 0
    assert first.read_bytes() == second.read_bytes() != third.read_bytes()


def test_pcapng_holds_the_same_packets(tmp_path: Path) -> None:
    old, new = tmp_path / "a.pcap", tmp_path / "a.pcapng"
    main(["write", "ping", "count=5", "--out", str(old)])
    main(["write", "ping", "count=5", "--out", str(new), "--format", "pcapng"])
    with PcapNgReader(str(new)) as reader:
        told = [bytes(packet) for packet in reader]
    assert told == [bytes(packet) for packet in rdpcap(str(old))]


def test_several_scenarios_share_a_scene(tmp_path: Path) -> None:
    whole = tmp_path / "both.pcap"
    words = ["ping", "count=7", "peers=0", "+", "dns-tunnel", "count=9", "machine=10.20.7.40"]
    assert main(["write", *words, "--out", str(whole)]) == 0
    sources = {packet["IP"].src for packet in rdpcap(str(whole))}
    assert {"10.20.7.31", "10.20.7.40"} <= sources


def test_the_list_is_json_with_typed_parameters(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["beacon"]["parameters"]["period"] == {"type": "float", "default": 60.0, "doc": "seconds between calls"}
    assert {"office", "office-quiet", "port-scan", "dga"} <= told.keys()


def test_show_explains_a_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "host-sweep"]) == 0
    assert "open_share" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nothing"], "no scenario 'nothing'"),
        (["beacon", "periode=3"], "has no parameter 'periode'"),
        (["beacon", "period=often"], "is not of type float"),
        (["beacon", "transport=smoke"], "is not one of http, tls, tcp, udp"),
        (["beacon", "start=yesterday"], "is not a time"),
        (["beacon", "machine=ten"], "parameter machine"),
        (["beacon", "count=2", "+", "dga", "machine=2001:db8::1"], "not an IPv4 address"),
        (["payload-download", "content_file=/nowhere/x"], "cannot read /nowhere/x"),
        (["host-sweep", "network=10.20"], "parameter network"),
        (["beacon", "period"], "not of the form key=value"),
        (["beacon", "+"], "a scenario's name is missing"),
        (["+", "beacon"], "before and after each +"),
    ],
)
def test_wrong_usage_is_one_clear_line(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "x.pcap"
    assert main(["write", *words, "--out", str(out)]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
    assert not out.exists()


def test_words_become_parts() -> None:
    assert parts(["a", "k=v=w", "+", "b"]) == [("a", {"k": "v=w"}), ("b", {})]
    with pytest.raises(ScenarioError):
        parts([])
