"""Rules: their record, their errors, and what the site changes about them."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Depends, Form, Path, Request

from dashboards.console.access import Needs
from dashboards.console.page import Area
from dashboards.console.problems import Problem
from dashboards.console.reading import rules as reading
from dashboards.console.visit import Visiting
from pipelines.lifecycle import changes
from pipelines.lifecycle.catalogue import behaviour_rules

area = Area()
Identity = Annotated[str, Path(max_length=200)]
PARAMETER: Final = "parameter."
"""Fields of the form that are parameters begin so: rules choose their names."""


@area.page("/rules", Needs.RULES, "rules.html")
def rules(visit: Visiting) -> reading.RulePage:
    """What each rule has found and what cannot be used."""
    return reading.read(visit)


@area.page("/rules/{rule}", Needs.RULES, "rule.html")
def rule_page(visit: Visiting, rule: Identity) -> reading.RuleDetail:
    """One rule: its record, its parameters, and what the site has changed."""
    return reading.detail(visit, rule)


async def typed(request: Request) -> dict[str, str]:
    """The parameters that a form gives, as text."""
    form = await request.form()
    return {name.removeprefix(PARAMETER): str(value) for name, value in form.items() if name.startswith(PARAMETER)}


@area.action("/rules/{rule}/change", Needs.TUNE, "rule.html")
def change(
    visit: Visiting,
    rule: Identity,
    reason: Annotated[str, Form(max_length=500)],
    off: Annotated[bool, Form()] = False,
    given: dict[str, str] = Depends(typed),
) -> reading.RuleDetail:
    """Turn a rule off or on, or tune it; running engines take it up within seconds."""
    before = reading.detail(visit, rule)
    found = behaviour_rules(visit.console.settings.rule_folders).get(rule)
    known = found.definition.parameters if found else {}
    values = {
        name: changes.number(text, known[name].default) if name in known else text for name, text in given.items()
    }
    try:
        with visit.console.database.transaction() as session:
            changes.change(session, rule, known, off=off, parameters=values, reason=reason, by=visit.person.name)
            old = {one.name: one.value for one in before.parameters}
            visit.record(session, "rule.change", f"rule:{rule}", off=off, before=old, after=values, reason=reason)
    except changes.ChangeError as error:
        key = "rules.error.parameter" if error.parameter else "rules.error.reason"
        raise Problem(422, key, name=error.parameter, reason=str(error)) from error
    return reading.detail(visit, rule)
