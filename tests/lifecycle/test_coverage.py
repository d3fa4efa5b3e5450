"""Coverage follows from the rules, and what is not covered says why."""

from __future__ import annotations

from pipelines.lifecycle.catalogue import behaviour_rules
from pipelines.lifecycle.coverage import coverage


def test_every_technique_is_found_or_says_why_not() -> None:
    techniques = [one for tactic in coverage() for one in tactic.techniques]
    assert len({one.id for one in techniques}) == len(techniques) > 100
    for one in techniques:
        assert bool(one.rules) != bool(one.why), one.id
        assert one.why is None or (one.why["vi"] and one.why["en"])


def test_found_by_the_rules_that_name_it() -> None:
    known = {one.id: one for tactic in coverage() for one in tactic.techniques}
    rules = behaviour_rules()
    named = [name for name, rule in rules.items() if "T1003.006" in rule.definition.technique]
    assert named
    assert set(named) <= set(known["T1003.006"].rules)
    assert known["T1558.001"].rules == ()
