"""The sum, by hand and by its properties. The three worked sums are those of docs/scoring.md."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.detect.finding import Finding
from pipelines.score import add_up, now_standing, shipped, worst_standing
from pipelines.score.odds import score
from tests.score.findings import START, finding

W = shipped()
LATER = START.replace(year=2027)


def test_worked_sum_of_a_sleeping_beacon_and_its_download() -> None:
    """−3.3 + 2.0 (regular calls, capped) + 1.58 (program under a false name) + 0.5 + 0.1 (two stages, in order)."""
    found = [finding("payload-download", 1.6), finding("c2-beacon", 2.3, hours=1, half_life=0)]
    total = add_up(found, found[1].last, W)
    faded = 1.6 * 2 ** (-1 / 72)
    assert total.log_odds == pytest.approx(-3.3 + 2.0 + faded + 0.6, abs=1e-4)
    standing = now_standing(found, found[1].last, W)
    assert (standing.score, standing.verdict) == (88, "infected")


def test_worked_sum_of_a_scanner() -> None:
    """−3.3 + 1.2 + ½·1.0 = −1.6: two views of one scan are one kind of evidence."""
    found = [finding("port-scan", 1.2, family="scan"), finding("host-sweep", 1.0, family="scan", peer=None)]
    total = add_up(found, START, W)
    assert total.log_odds == pytest.approx(-1.6)
    assert total.score == 2
    assert now_standing(found, START, W).verdict == "clean"


def test_worked_sum_of_a_miner() -> None:
    """−3.3 + 4.0 (deterministic) = 0.7, and proof opens the gate by itself."""
    found = [finding("mining", 4.0, cap=4.0, deterministic=True)]
    standing = now_standing(found, START, W)
    assert standing.sum.log_odds == pytest.approx(0.7)
    assert (standing.score, standing.verdict) == (83, "infected")


def test_windows_about_one_destination_count_once() -> None:
    many = [finding(hours=hour, half_life=0) for hour in range(20)]
    assert add_up(many, LATER, W).log_odds == add_up(many[:1], LATER, W).log_odds


def test_another_destination_says_half_as_much_and_the_family_is_capped() -> None:
    found = [finding(ratio=1.0, peer=f"203.0.113.{n}", half_life=0) for n in range(9)]
    assert [add_up(found[:n], START, W).log_odds + 3.3 for n in (1, 2, 3)] == pytest.approx([1.0, 1.5, 1.75])
    assert add_up(found, START, W).log_odds + 3.3 <= 2.0


def test_half_life() -> None:
    found = [finding(ratio=1.6, half_life=24)]
    assert add_up(found, START.replace(day=3), W).log_odds == pytest.approx(-3.3 + 0.8)


def test_what_comes_later_does_not_count_yet() -> None:
    assert add_up([finding(hours=5)], START, W).items == ()


def test_policy_and_the_acted_upon_do_not_infect() -> None:
    found = [
        finding("remote-control", 4.0),
        finding("smb-exec", 4.0, role="target"),
        finding("port-scan", 4.0, role="target"),
    ]
    assert add_up(found, START, W).log_odds == W.prior


def test_a_served_web_shell_counts_for_the_server() -> None:
    assert add_up([finding("web-shell", 1.5, role="target")], START, W).log_odds == pytest.approx(-1.8)


@pytest.mark.parametrize("verdict", ["false_alarm", "benign"])
def test_a_person_takes_evidence_away(verdict: str) -> None:
    found = [finding("mining", 4.0, cap=4.0, deterministic=True), finding("dns-tunnel", 1.0)]
    standing = now_standing(found, START, W, {"mining": verdict})
    assert (standing.verdict, standing.sum.log_odds) == ("clean", pytest.approx(-2.3))


def test_a_person_confirms() -> None:
    standing = now_standing([finding("dns-tunnel", 0.7)], START, W, {"dns-tunnel": "confirmed"})
    assert standing.verdict == "infected"


class TestGate:
    def standing(self, *found: Finding) -> str:
        return now_standing(found, START, W).verdict

    def test_much_evidence_of_one_outbound_stage_is_only_suspicious(self) -> None:
        assert self.standing(*(finding("c2-http", 2.0, family=f"f{n}", rule=f"r{n}") for n in range(4))) == "suspicious"

    def test_payload_and_outbound(self) -> None:
        assert self.standing(finding("payload-download", 2.0), finding("c2-http", 2.0)) == "infected"

    def test_two_payloads_are_not_an_act(self) -> None:
        assert self.standing(finding("payload-download", 2.0), finding("malware-file", 2.0)) == "suspicious"

    def test_two_outbound_stages_of_one_family_are_one_thing(self) -> None:
        found = [finding("dns-tunnel", 4.0, cap=6.0, family="dns"), finding("exfil-dns", 4.0, cap=6.0, family="dns")]
        assert self.standing(*found) == "suspicious"
        assert self.standing(found[0], finding("exfil-dns", 2.0)) == "infected"

    def test_unrehearsed_rules_never_open_it(self) -> None:
        outside = [finding("c2-http", 0.5, cap=0.5, family=f"a{n}", rule=f"a{n}") for n in range(9)]
        outside += [finding("port-scan", 0.5, cap=0.5, family=f"b{n}", rule=f"b{n}") for n in range(9)]
        assert now_standing(outside, START, W).score >= 80
        assert self.standing(*outside) == "suspicious"


def test_violating_by_an_open_policy_alert_of_medium() -> None:
    assert now_standing([finding("remote-control", severity="medium")], START, W).verdict == "violating"
    assert now_standing([finding("remote-control", severity="low")], START, W).verdict == "clean"
    assert now_standing([finding("remote-control")], START, W, {"remote-control": "benign"}).verdict == "clean"
    both = [finding("mining", 4.0, cap=4.0, deterministic=True), finding("tor")]
    assert (now_standing(both, START, W).verdict, now_standing(both, START, W).violating) == ("infected", True)


def test_a_capture_is_judged_at_its_worst_moment() -> None:
    found = [finding("payload-download", 2.0), finding("c2-http", 2.0, hours=1), finding("dga", 0.4, hours=24 * 90)]
    assert now_standing(found, found[-1].last, W).verdict == "clean"
    assert worst_standing(found, W).verdict == "infected"


def test_nothing_found() -> None:
    standing = worst_standing([], W)
    assert (standing.verdict, standing.score) == ("clean", 0)


evidence = st.lists(
    st.builds(
        finding,
        st.sampled_from(["c2-beacon", "payload-download", "port-scan", "mining", "dga", "remote-control"]),
        st.floats(0, 4),
        st.integers(0, 500),
        peer=st.sampled_from([None, "203.0.113.1", "203.0.113.2"]),
        role=st.sampled_from(["source", "target"]),
    ),
    max_size=12,
)


@given(evidence, st.randoms())
def test_order_does_not_matter(found: list[Finding], chance: object) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert add_up(found, LATER, W) == add_up(shuffled, LATER, W)


@given(evidence, st.integers(0, 5000))
def test_score_lies_between_0_and_100_and_fades(found: list[Finding], hours: int) -> None:
    now = LATER
    later = now.replace(year=2028)
    assert 0 <= add_up(found, later, W).score <= add_up(found, now, W).score <= 100


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_odds_have_a_score(odds: float) -> None:
    assert 0 <= score(odds) <= 100


def test_a_role_explains_what_belongs_to_it_and_nothing_else() -> None:
    found = [finding("dns-tunnel", 1.5), finding("c2-tls", 1.0)]
    assert add_up(found, START, W, roles={"dns_server"}).log_odds == pytest.approx(-3.3 + 0.5 + 1.0 + 0.0)
    assert add_up(found[:1], START, W, roles={"mail_server"}).log_odds == pytest.approx(-1.8)
    proof = [finding("dcsync", 4.0, cap=4.0, deterministic=True)]
    assert add_up(proof, START, W, roles={"domain_controller"}).log_odds == pytest.approx(0.7)


class TestGrave:
    def test_one_grave_finding_makes_even_odds(self) -> None:
        standing = now_standing([finding("dns-tunnel", 1.5, severity="high")], START, W)
        assert (standing.score, standing.verdict) == (50, "suspicious")
        assert sum(part["weight"] for part in standing.as_items()) == pytest.approx(standing.sum.log_odds)

    def test_until_it_has_faded_by_half(self) -> None:
        found = [finding("dns-tunnel", 1.5, severity="high", half_life=24)]
        assert now_standing(found, START.replace(day=3), W).verdict == "suspicious"
        assert now_standing(found, START.replace(day=4), W).verdict == "clean"

    def test_not_for_the_victim_nor_by_unrehearsed_rules_nor_for_policy(self) -> None:
        for found in (
            finding("brute-force", 2.0, role="target", severity="high"),
            finding("c2-http", 0.5, cap=0.5, severity="critical"),
            finding("dcsync", 0.0, severity="high"),
        ):
            assert now_standing([found], START, W).verdict == "clean"
        assert now_standing([finding("tor", 2.0, severity="high")], START, W).verdict == "violating"

    def test_it_adds_nothing_to_odds_that_are_even_already(self) -> None:
        found = [finding("payload-download", 2.0, severity="high"), finding("c2-http", 2.0)]
        assert now_standing(found, START, W).sum.floor == 0.0
