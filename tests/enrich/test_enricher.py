from __future__ import annotations

from typing import Any

import pytest

from pipelines.enrich import Enricher
from pipelines.settings import load
from schema import DATASETS, ENRICHED
from tests.enrich.segments import answer, flow, row, segment


def only(enricher: Enricher, *rows: Any, dataset: str = "flow") -> dict[str, Any]:
    table = enricher.enrich(segment(*rows)).tables[dataset]
    return dict(table.slice(table.num_rows - 1).to_pylist()[0])


def test_every_column_of_the_schema_is_there_in_order() -> None:
    enriched = Enricher(load()).enrich(segment(flow("10.0.0.1", "8.8.8.8"), answer("10.0.0.1", "a.org", "8.8.8.8")))
    for dataset, table in enriched.tables.items():
        assert table.schema == DATASETS[dataset]
    assert set(enriched.tables["flow"].column_names) & ENRICHED


@pytest.mark.parametrize(
    ("client", "server", "direction"),
    [
        ("10.0.0.1", "192.168.3.4", "internal"),
        ("10.0.0.1", "8.8.8.8", "outbound"),
        ("8.8.8.8", "172.16.0.1", "inbound"),
        ("8.8.8.8", "9.9.9.9", "external"),
        ("10.0.0.1", "224.0.0.251", "internal"),
        ("fe80::1", "ff02::fb", "internal"),
        ("2001:db8::1", "fd00::1", "inbound"),
    ],
)
def test_direction_by_the_default_home(client: str, server: str, direction: str) -> None:
    assert only(Enricher(load()), flow(client, server))["network.direction"] == direction


def test_home_from_the_configuration_replaces_the_default() -> None:
    enricher = Enricher(load(changes={"home": ["203.0.113.0/24"]}))
    found = only(enricher, flow("203.0.113.9", "10.0.0.1"))
    assert found["network.direction"] == "outbound"


def test_a_capture_without_private_addresses_is_home_everywhere() -> None:
    enricher = Enricher(load(), capture=True)
    assert only(enricher, flow("203.0.113.9", "198.51.100.1"))["network.direction"] == "internal"
    assert only(enricher, flow("fe80::5", "203.0.113.9"))["network.direction"] == "internal"  # says nothing
    assert only(enricher, flow("10.0.0.1", "203.0.113.9"))["network.direction"] == "outbound"  # now it is known


def test_live_input_is_never_home_everywhere() -> None:
    assert only(Enricher(load()), flow("203.0.113.9", "198.51.100.1"))["network.direction"] == "external"


def test_zone_is_the_narrowest_network() -> None:
    zones = [{"name": "wide", "networks": ["10.0.0.0/8"]}, {"name": "narrow", "networks": ["10.1.0.0/16"]}]
    found = only(Enricher(load(changes={"zones": zones})), flow("10.1.2.3", "10.2.2.3"))
    assert (found["vonggac.source.zone"], found["vonggac.destination.zone"]) == ("narrow", "wide")
    assert only(Enricher(load()), flow("10.1.2.3", "8.8.8.8"))["vonggac.destination.zone"] == "internet"


def test_unit_depends_on_the_day_in_local_time() -> None:
    units = [
        {"id": "huyen", "name": "x", "networks": ["10.0.0.0/8"], "until": "2026-11-03"},
        {"id": "xa", "name": "y", "networks": ["10.0.0.0/8"], "since": "2026-11-03"},
    ]
    enricher = Enricher(load(changes={"units": units}))
    # 2026-11-02 01:00 UTC is 08:00 in Vietnam; local midnight comes 16 hours later.
    rows = [flow("10.0.0.1", "10.0.0.2", seconds=hour * 3600) for hour in (0, 15.9, 16)]
    table = enricher.enrich(segment(*rows)).tables["flow"]
    assert table["vonggac.source.unit"].to_pylist() == ["huyen", "huyen", "xa"]


class TestNames:
    def test_by_an_earlier_answer_to_the_same_client(self) -> None:
        enricher = Enricher(load())
        enricher.enrich(segment(answer("10.0.0.1", "www.example.org", "203.0.113.9")))
        found = only(enricher, flow("10.0.0.1", "203.0.113.9", 5))
        assert found["destination.domain"] == "www.example.org"
        assert found["destination.registered_domain"] == "example.org"
        assert found["vonggac.flow.name_source"] == "dns"

    def test_not_by_an_answer_to_another_client(self) -> None:
        enricher = Enricher(load())
        enricher.enrich(segment(answer("10.0.0.2", "www.example.org", "203.0.113.9")))
        assert only(enricher, flow("10.0.0.1", "203.0.113.9", 5))["destination.domain"] is None

    def test_not_by_a_later_answer(self) -> None:
        rows = (flow("10.0.0.1", "203.0.113.9", 5), answer("10.0.0.1", "www.example.org", "203.0.113.9", seconds=60))
        assert only(Enricher(load()), *rows)["destination.domain"] is None

    def test_the_answer_that_was_valid_then(self) -> None:
        enricher = Enricher(load())
        old, new = (answer("10.0.0.1", name, "203.0.113.9", seconds=s) for name, s in (("a.org", 0), ("b.org", 100)))
        table = enricher.enrich(
            segment(old, new, flow("10.0.0.1", "203.0.113.9", 50), flow("10.0.0.1", "203.0.113.9", 150))
        ).tables["flow"]
        assert table["destination.domain"].to_pylist() == ["a.org", "b.org"]

    def test_sni_beats_dns_and_lasts_until_the_flow_ends(self) -> None:
        enricher = Enricher(load())
        hello = row("tls", 1, fields={"source.ip": "10.0.0.1", "destination.ip": "203.0.113.9"})
        hello |= {"vonggac.flow.id": "same", "tls.client.server_name": "Sni.Example.Org."}
        enricher.enrich(segment(answer("10.0.0.1", "dns.example.org", "203.0.113.9"), hello))
        found = only(enricher, flow("10.0.0.1", "203.0.113.9", 1, fields={"vonggac.flow.id": "same"}))
        assert (found["destination.domain"], found["vonggac.flow.name_source"]) == ("sni.example.org", "tls")
        again = only(enricher, flow("10.0.0.1", "203.0.113.9", 2, fields={"vonggac.flow.id": "same"}))
        assert again["vonggac.flow.name_source"] == "dns"

    def test_an_address_as_host_is_no_name(self) -> None:
        request = row("http", 1, fields={"source.ip": "10.0.0.1", "destination.ip": "203.0.113.9"})
        request |= {"url.domain": "203.0.113.9", "vonggac.http.request.host": "203.0.113.9:8080"}
        rows = (answer("10.0.0.1", "dns.example.org", "203.0.113.9"), request)
        assert only(Enricher(load()), *rows, dataset="http")["destination.domain"] is None

    def test_question_is_split(self) -> None:
        found = only(Enricher(load()), answer("10.0.0.1", "a.b.example.gov.vn", "1.2.3.4"), dataset="dns")
        assert found["dns.question.registered_domain"] == "example.gov.vn"
        assert found["dns.question.subdomain"] == "a.b"
