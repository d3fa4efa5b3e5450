"""The translation for the conformance scorer, on events of the sensor itself."""

from __future__ import annotations

import json
from collections import defaultdict
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from collectors.capture import CaptureReader, SensorOptions
from collectors.jsonl import lines
from tests.conformance.eve import convert
from tests.vonggac.captures import write

Record = dict[str, Any]


class Translated:
    """The events of a synthetic capture by dataset, and their EVE records by event type."""

    def __init__(self, capture: Path) -> None:
        self.events: dict[str, list[Record]] = defaultdict(list)
        self.records: dict[str, list[Record]] = defaultdict(list)
        for segment in CaptureReader(capture, SensorOptions(observer="test")).segments():
            for dataset, table in segment.tables.items():
                self.events[dataset] += map(json.loads, lines(table))
        for event in (event for events in self.events.values() for event in events):
            for record in convert(event):
                self.records[record["event_type"]].append(record)


@pytest.fixture(scope="module")
def browsing(tmp_path_factory: pytest.TempPathFactory) -> Translated:
    return Translated(write(tmp_path_factory.mktemp("eve") / "browsing.pcap", "browsing"))


@pytest.fixture(scope="module")
def leases(tmp_path_factory: pytest.TempPathFactory) -> Translated:
    return Translated(write(tmp_path_factory.mktemp("eve") / "leases.pcap", "dhcp-leases"))


def test_a_lookup_is_a_request_and_a_response_with_the_ends_reversed(browsing: Translated) -> None:
    answered = [event for event in browsing.events["dns"] if event["dns.type"] == "answer"]
    requests = [record for record in browsing.records["dns"] if record["dns"]["type"] == "request"]
    responses = [record for record in browsing.records["dns"] if record["dns"]["type"] == "response"]
    assert answered
    assert len(responses) == len(answered)
    assert len(requests) == len(browsing.events["dns"])
    for event, record in zip(answered, responses, strict=True):
        assert ip_address(record["src_ip"]) == ip_address(event["destination.ip"])
        assert (record["src_port"], record["dest_port"]) == (53, event["source.port"])
        assert record["dns"]["rcode"] == event["dns.response_code"]
        assert int(record["dns"]["flags"], 16) & 0x8000
        assert [answer["ttl"] for answer in record["dns"].get("answers", [])] == event.get("dns.answers.ttl", [])


def test_one_text_record_of_two_strings_is_two_answers_with_the_name_as_it_was_sent() -> None:
    event = {
        "event.dataset": "dns",
        "dns.type": "answer",
        "dns.question.name": "ab.t.example",
        "vonggac.dns.question.sent": "aB.t.example",
        "dns.question.type": "TXT",
        "dns.header_flags": ["AA", "RD"],
        "dns.response_code": "NXDOMAIN",
        "dns.answers.name": ["ab.t.example"],
        "dns.answers.type": ["TXT"],
        "dns.answers.data": [r'"x\"y" ""'],
        "dns.answers.ttl": [3],
    }
    (record,) = convert(event)
    assert [answer["rdata"] for answer in record["dns"]["answers"]] == ['x"y', ""]
    assert record["dns"]["answers"][0]["rrname"] == "aB.t.example"
    assert record["dns"]["flags"] == "8503"


def test_http_transactions_and_their_files(browsing: Translated) -> None:
    assert len(browsing.records["http"]) == len(browsing.events["http"]) > 0
    for event, record in zip(browsing.events["http"], browsing.records["http"], strict=True):
        assert record["http"]["url"] == event["url.original"]
        assert record["http"]["hostname"] == event["url.domain"]
        assert record["http"]["protocol"] == f"HTTP/{event['http.version']}"
    downloads = [event for event in browsing.events["file"] if event["vonggac.file.direction"] == "download"]
    files = [record for record in browsing.records["fileinfo"] if record["src_port"] == 80]
    assert len(files) == len(downloads) > 0
    for event, record in zip(downloads, files, strict=True):
        assert record["fileinfo"]["sha256"] == event["file.hash.sha256"]
        assert record["fileinfo"]["filename"] == event["url.path"]
        assert record["http"]["http_method"] == "GET"


def test_tls_in_the_spelling_of_eve(browsing: Translated) -> None:
    assert len(browsing.records["tls"]) == len(browsing.events["tls"]) > 0
    assert {record["tls"]["version"] for record in browsing.records["tls"]} <= {"TLS 1.2", "TLS 1.3"}
    certified = [record["tls"] for record in browsing.records["tls"] if "serial" in record["tls"]]
    assert certified
    for tls in certified:
        assert len(tls["fingerprint"]) == 20 * 3 - 1
        assert int(tls["serial"][:2], 16) < 0x80  # a positive number in DER
        assert len(tls["notbefore"]) == len("2026-01-01T00:00:00")


def test_flows_with_their_flags(browsing: Translated) -> None:
    connections = [record for record in browsing.records["flow"] if record["proto"] == "TCP"]
    assert connections
    for record in connections:
        assert record["tcp"]["syn"] is record["tcp"]["ack"] is True
        both = int(record["tcp"]["tcp_flags_ts"], 16) | int(record["tcp"]["tcp_flags_tc"], 16)
        assert record["tcp"]["tcp_flags"] == f"{both:02x}"
        assert record["flow"]["pkts_toserver"] > 0
    assert all(
        "tcp" not in record or not record["tcp"] for record in browsing.records["flow"] if record["proto"] == "UDP"
    )


def test_leases(leases: Translated) -> None:
    kinds = {(record["dhcp"]["type"], record["dhcp"]["dhcp_type"]) for record in leases.records["dhcp"]}
    assert {("request", "discover"), ("reply", "offer"), ("request", "request"), ("reply", "ack")} <= kinds
    assert all(
        "subnet_mask" in record["dhcp"]["params"] for record in leases.records["dhcp"] if "params" in record["dhcp"]
    )


def test_addresses_of_ipv6_are_written_out() -> None:
    (record,) = convert({"event.dataset": "flow", "source.ip": "2001:db8::1", "destination.ip": "2001:db8::2"})
    assert record["src_ip"] == "2001:0db8:0000:0000:0000:0000:0000:0001"
    assert record["ip_v"] == 6


def test_what_eve_does_not_know_is_left_out() -> None:
    assert convert({"event.dataset": "stats", "vonggac.stats.name": "packets.seen"}) == []
