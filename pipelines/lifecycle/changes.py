"""Rules that a site has turned off or tuned, besides what its settings say; taken up while everything runs.

>>> change(session, definition, off=False, parameters={"strictness": 1.2}, reason="…", by="lan")
>>> in_force(session).parameters
{'beacon': {'strictness': 1.2}}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipelines.detect.behaviour.rule import Number, Parameter
from pipelines.lifecycle.suppression import REASON_LEAST
from pipelines.store.state.base import now
from pipelines.store.state.content import RuleChange


class ChangeError(ValueError):
    """A change that cannot be; ``parameter`` is the one that is wrong, empty when it is the reason that is missing."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter


@dataclass(frozen=True, slots=True)
class Changes:
    """All of them."""

    off: frozenset[str] = frozenset()
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def in_force(session: Session) -> Changes:
    """What people have changed."""
    found = session.scalars(select(RuleChange)).all()
    return Changes(
        frozenset(one.rule for one in found if one.off),
        {one.rule: dict(one.parameters) for one in found if one.parameters},
    )


def change(
    session: Session,
    rule: str,
    known: Mapping[str, Parameter],
    *,
    off: bool,
    parameters: Mapping[str, object],
    reason: str,
    by: str,
) -> RuleChange | None:
    """Turn a rule off or on, or tune it; ``known``: its parameters. Values that are the default are no change; None when
    the rule is then as it ships. Raises ChangeError.
    """
    if len(reason.strip()) < REASON_LEAST:
        raise ChangeError("", "say why, so that others understand it later")
    values = _checked(known, parameters)
    row = session.get(RuleChange, rule)
    if not off and not values:
        if row is not None:
            session.delete(row)
        return None
    if row is None:
        row = RuleChange(rule=rule)
        session.add(row)
    row.off, row.parameters, row.reason, row.changed_by, row.changed_at = off, values, reason.strip(), by, now()
    return row


def number(text: str, default: Number) -> Number | str:
    """What a person typed, as the kind of the default where it can be read so (a decimal comma is understood)."""
    plain = text.strip()
    if isinstance(default, bool):
        return {"true": True, "false": False}.get(plain.lower(), plain)
    if isinstance(default, str):
        return plain
    try:
        value = float(plain.replace(",", "."))
    except ValueError:
        return plain
    return int(value) if value.is_integer() and isinstance(default, int) else value


def _checked(known: Mapping[str, Parameter], given: Mapping[str, object]) -> dict[str, Number]:
    values: dict[str, Number] = {}
    for name, value in given.items():
        if name not in known:
            raise ChangeError(name, f"there is no parameter {name}; there are {', '.join(known) or 'none'}")
        try:
            checked = known[name].checked(value)
        except ValueError as error:
            raise ChangeError(name, f"{name}: {error}") from error
        if checked != known[name].default:
            values[name] = checked
    return values
