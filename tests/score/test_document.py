from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import schema
from pipelines.enrich import Enricher
from pipelines.score import shipped
from pipelines.score.document import assess, document
from pipelines.score.texts import catalogue
from pipelines.settings import load
from tests.enrich.segments import flow, segment
from tests.score.findings import finding

SCHEMA = json.loads((Path(schema.__file__).parent / "analysis.schema.json").read_text())
ATTACKER = "203.0.113.77"


def assessed(*found: Any) -> dict[str, Any]:
    enricher = Enricher(load())
    enricher.enrich(segment(flow("10.20.7.31", "203.0.113.9"), flow("10.20.7.32", "10.20.7.31")))
    made = document([], assess(enricher.inventory, found, shipped()))
    jsonschema.validate(made, SCHEMA, format_checker=jsonschema.FormatChecker())
    return made


def test_every_machine_is_there_the_worst_first() -> None:
    made = assessed(
        finding("remote-control", machine="10.20.7.32"), finding("mining", 4.0, cap=4.0, deterministic=True)
    )
    assert [(m["ips"], m["verdict"]) for m in made["machines"]] == [
        (["10.20.7.31"], "infected"),
        (["10.20.7.32"], "violating"),
    ]


def test_an_outside_address_is_a_machine_only_when_it_acts_against_ours() -> None:
    caller = finding("c2-http", machine="203.0.113.9", role="target", peer="10.20.7.31")
    elsewhere = finding("dga", machine="198.51.100.1", peer="198.51.100.2")
    attacker = finding("brute-force", machine=ATTACKER, peer="10.20.7.31")
    sweeper = finding("host-sweep", machine="203.0.113.78", peer=None)
    made = assessed(caller, elsewhere, attacker, sweeper)
    assert {m["ips"][0] for m in made["machines"]} == {"10.20.7.31", "10.20.7.32", ATTACKER, "203.0.113.78"}


def test_the_same_finding_twice_is_one() -> None:
    made = assessed(finding(), finding())
    assert made["machines"][0]["alerts"][0]["count"] == 1


def test_explanation_says_what_speaks_against_and_what_would_change_it() -> None:
    made = assessed(finding(against=("seen_by_many",)), finding("payload-download", 2.0))
    alert = next(a for a in made["machines"][0]["alerts"] if a["rule"] == "c2-beacon")
    assert "cũng gọi nơi này" in alert["explanation"]["vi"]
    assert "falls from" in alert["explanation"]["en"]
    assert "halves every 72 hours" in alert["explanation"]["en"]


def test_explanation_of_proof_policy_and_victims() -> None:
    made = assessed(
        finding("mining", 4.0, cap=4.0, deterministic=True),
        finding("tor"),
        finding("brute-force", role="target", peer=ATTACKER),
    )
    told = {a["rule"]: a["explanation"]["en"] for a in made["machines"][0]["alerts"]}
    assert "enough by itself" in told["mining"]
    assert "policy violation" in told["tor"]
    assert "acted upon" in told["brute-force"]


@pytest.mark.parametrize("part", ["circumstance", "verdict", "severity", "stage", "role"])
def test_catalogues_have_the_same_keys(part: str) -> None:
    assert catalogue("vi").keys() == catalogue("en").keys()
    assert catalogue("vi")[part].keys() == catalogue("en")[part].keys()
