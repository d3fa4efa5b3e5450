from __future__ import annotations

from typing import Any

from pipelines.enrich import Enricher
from pipelines.settings import load
from tests.enrich.segments import answer, flow, micros, row, segment

A, B, GATEWAY = "00:1b:21:00:00:0a", "00:1b:21:00:00:0b", "00:1b:21:00:00:01"


def arp(address: str, mac: str, seconds: float = 0) -> dict[str, Any]:
    fields = {"source.ip": address, "destination.ip": "10.0.0.1", "source.mac": mac, "vonggac.arp.sender_mac": mac}
    return row("arp", seconds, fields=fields)


def lease(address: str, mac: str, seconds: float = 0, name: str | None = None) -> dict[str, Any]:
    fields = {
        "source.ip": "0.0.0.0",  # noqa: S104
        "destination.ip": "255.255.255.255",
        "vonggac.dhcp.message_type": "ACK",
        "vonggac.dhcp.client_mac": mac,
        "vonggac.dhcp.assigned_ip": address,
        "vonggac.dhcp.host_name": name,
    }
    return row("dhcp", seconds, fields=fields)


def learned(*segments: Any) -> Any:
    enricher = Enricher(load())
    for one in segments:
        enricher.enrich(one)
    return enricher.inventory


def macs(client: str, server: str) -> dict[str, str]:
    return {"source.mac": client, "destination.mac": server}


def test_a_lease_moves_an_address_to_another_machine() -> None:
    inventory = learned(
        segment(lease("10.0.0.5", A, 0, "LAPTOP-A")),
        segment(flow("10.0.0.5", "8.8.8.8", 10, fields=macs(A, GATEWAY))),
        segment(lease("10.0.0.5", B, 1000, "LAPTOP-B"), lease("10.0.0.6", A, 1001)),
        segment(flow("10.0.0.5", "8.8.8.8", 1010, fields=macs(B, GATEWAY))),
    )
    before, after = inventory.at("10.0.0.5", micros(20)), inventory.at("10.0.0.5", micros(1020))
    assert (before.mac, after.mac) == (A, B)
    assert before.called_names == ["LAPTOP-A"]
    assert after.called_names == ["LAPTOP-B"]
    assert inventory.at("10.0.0.6", micros(1020)) is before
    assert before.ips == ["10.0.0.5", "10.0.0.6"]


def test_a_reply_of_dhcpv6_is_a_lease() -> None:
    given = lease("2001:db8:7::31", A, 0, "LAPTOP-A") | {"vonggac.dhcp.message_type": "REPLY"}
    machine = learned(segment(lease("10.0.0.5", A, 0)), segment(given)).at("2001:db8:7::31", micros(5))
    assert (machine.mac, machine.ips) == (A, ["10.0.0.5", "2001:db8:7::31"])


def test_hosts_and_devices_name_themselves() -> None:
    def named(protocol: str, address: str, name: str) -> dict[str, Any]:
        fields = {"network.protocol": protocol, "vonggac.llmnr.host_ip": address, "vonggac.llmnr.host_name": name}
        return row("llmnr", 20, fields={"source.ip": address, "destination.ip": "224.0.0.251", **fields})

    switch = {"vonggac.lldp.system_name": "SW-01", "vonggac.lldp.management_ip": ["10.0.0.7"]}
    # Who answers for another says nothing about itself.
    answered = {"dns.question.name": "wpad", "dns.resolved_ip": ["10.0.0.6"], "vonggac.llmnr.responder_ip": "10.0.0.6"}
    inventory = learned(
        segment(*(flow(f"10.0.0.{n}", "8.8.8.8", n) for n in (5, 6, 7))),
        segment(
            named("mdns", "10.0.0.5", "may-tram.local"),
            named("netbios-ns", "10.0.0.5", "VP-05"),
            row("llmnr", 21, fields={"source.ip": "10.0.0.6", "network.protocol": "llmnr", **answered}),
            row("lldp", 22, fields=switch),
        ),
    )
    assert inventory.at("10.0.0.5", micros(30)).called_names == ["VP-05", "may-tram"]
    assert inventory.at("10.0.0.6", micros(30)).called_names == []
    assert inventory.at("10.0.0.7", micros(30)).called_names == ["SW-01"]


def test_a_router_does_not_merge_the_machines_behind_it() -> None:
    flows = [flow(f"10.0.0.{n}", "8.8.8.8", n, fields=macs(GATEWAY, B)) for n in range(10, 20)]
    inventory = learned(*(segment(one) for one in flows))
    machines = {inventory.at(f"10.0.0.{n}", micros(60)).id for n in range(10, 20)}
    assert len(machines) == 10
    assert all(inventory.at(f"10.0.0.{n}", micros(60)).mac is None for n in range(10, 20))


def test_a_gateway_that_answers_arp_keeps_only_its_own_address() -> None:
    inventory = learned(
        segment(arp("10.0.0.1", GATEWAY), flow("10.0.0.9", "8.8.8.8", 1, fields=macs(A, GATEWAY))),
        segment(flow("fd00::7", "10.0.0.9", 2, fields=macs(GATEWAY, A))),
    )
    assert inventory.at("10.0.0.1", micros(9)).ips == ["10.0.0.1"]
    assert inventory.at("fd00::7", micros(9)) is not inventory.at("10.0.0.1", micros(9))


def test_ipv4_and_link_local_of_one_machine() -> None:
    inventory = learned(
        segment(arp("10.0.0.9", A), flow("fe80::9", "ff02::fb", 1, answered=False, fields={"source.mac": A}))
    )
    machine = inventory.at("10.0.0.9", micros(5))
    assert machine.ips == ["10.0.0.9", "fe80::9"]
    assert machine.mac == A


def test_spoofed_arp_does_not_steal_an_address() -> None:
    inventory = learned(
        segment(arp("10.0.0.1", GATEWAY, 0), arp("10.0.0.66", A, 1)),
        segment(arp("10.0.0.1", A, 10)),
        segment(arp("10.0.0.7", A, 20), arp("10.0.0.7", B, 21), flow("10.0.0.7", "10.0.0.1", 22)),
    )
    assert inventory.at("10.0.0.1", micros(60)).mac == GATEWAY
    assert inventory.at("10.0.0.66", micros(60)).ips == ["10.0.0.66"]
    assert inventory.at("10.0.0.7", micros(60)).mac is None


def test_who_never_sent_anything_is_no_machine() -> None:
    inventory = learned(segment(flow("10.0.0.9", "10.0.0.200", answered=False), flow("10.0.0.9", "239.1.1.1")))
    assert inventory.at("10.0.0.200", micros(1)) is None
    assert [machine.ips for machine in inventory] == [["10.0.0.9"]]


def test_names_from_dns_of_home_addresses() -> None:
    ptr = row(
        "dns",
        2,
        fields={
            "source.ip": "10.0.0.9",
            "dns.question.name": "7.0.0.10.in-addr.arpa",
            "dns.question.type": "PTR",
            "dns.answers.type": ["PTR"],
            "dns.answers.data": ["may-in.tinh.local"],
        },
    )
    inventory = learned(
        segment(flow("10.0.0.7", "10.0.0.9"), answer("10.0.0.9", "files.tinh.local", "10.0.0.7", seconds=1), ptr)
    )
    assert inventory.at("10.0.0.7", micros(5)).called_names == ["files.tinh.local", "may-in.tinh.local"]


def test_restored_inventory_goes_on() -> None:
    first = learned(segment(lease("10.0.0.5", A, 0, "LAPTOP")))
    enricher = Enricher(load())
    enricher.inventory.restore(list(first))
    enricher.enrich(segment(lease("10.0.0.8", A, 100)))
    machine = enricher.inventory.at("10.0.0.8", micros(101))
    assert (machine.id, machine.ips, machine.called_names) == (A, ["10.0.0.5", "10.0.0.8"], ["LAPTOP"])
    assert enricher.inventory.take_changed() == [machine]
    assert enricher.inventory.take_changed() == []


def test_a_server_earns_its_role_from_several_clients() -> None:
    def asked(client: str, server: str, port: int = 53, answered: bool = True) -> dict[str, Any]:
        return flow(client, server, answered=answered, fields={"destination.port": port})

    rows = [asked(f"10.0.0.{n}", "10.0.0.53") for n in range(2)] * 2
    inventory = learned(segment(*rows), segment(*(asked(f"10.0.0.{n}", "10.0.0.54", answered=False) for n in range(9))))
    assert inventory.at("10.0.0.53", micros(1)).roles == set()
    inventory = learned(segment(*rows), segment(asked("10.0.0.7", "10.0.0.53")))
    assert inventory.at("10.0.0.53", micros(1)).roles == {"dns_server"}
