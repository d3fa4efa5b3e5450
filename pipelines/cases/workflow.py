"""The workflow of cases as data: states, transitions, who may make them and what each requires."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from schema import STAGES, load_yaml

SHIPPED: Final = Path(__file__).with_name("workflow.yaml")
Requirement = Literal["assignee", "cause", "action", "comment", "steps", "proof", "quiet"]
Permission = Literal["cases_work", "cases_approve", "detection"]
Severity = Literal["low", "medium", "high", "critical"]
Track = Literal["infection", "policy"]


class WorkflowError(Exception):
    """The workflow cannot be used: file, place, what to do; one line each."""


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Data):
    """A name in both languages."""

    vi: str
    en: str


class _Named(Words):
    policy: Words | None = None
    """What it is called on the policy track, where nothing was infected."""

    def words(self, track: str) -> dict[str, str]:
        """``{"vi": …, "en": …}`` for a track."""
        chosen: Words = self.policy if track == "policy" and self.policy else self
        return {"vi": chosen.vi, "en": chosen.en}


class State(_Named):
    """Where a case stands."""

    open: bool
    waits: Literal["centre", "unit", "time", "nobody"]


class Transition(_Named):
    """A way from some states to another."""

    before: tuple[str, ...] = Field(alias="from", min_length=1)
    to: str
    by: Permission
    requires: tuple[Requirement, ...]


class Opening(_Data):
    """What makes detection open a case: a verdict, or an alert of some severity."""

    verdict: Literal["infected", "suspicious"] | None = None
    severity: Severity | None = None

    @model_validator(mode="after")
    def _one(self) -> Opening:
        if (self.verdict is None) == (self.severity is None):
            raise ValueError("name a verdict or a severity")
        return self


class Returning(_Data):
    """Which alerts, seen after the cleaning, say that it has come back."""

    severity: Severity
    not_stages: tuple[str, ...]


class Workflow(_Data):
    """The whole file."""

    states: dict[str, State]
    transitions: dict[str, Transition]
    opening: dict[Track, Opening]
    returning: dict[Track, Returning]

    @model_validator(mode="after")
    def _connected(self) -> Workflow:
        for name, transition in self.transitions.items():
            unknown = {*transition.before, transition.to} - set(self.states)
            if unknown:
                raise ValueError(f"transitions.{name}: no such state: {', '.join(sorted(unknown))}")
        reached = {"new", *(one.to for one in self.transitions.values())}
        if lost := set(self.states) - reached:
            raise ValueError(f"states.{min(lost)}: no transition leads there")
        for name, state in self.states.items():
            if state.open and not self.leading_from(name, ("cases_work", "cases_approve")):
                raise ValueError(f"states.{name}: it is open and no person can move a case on")
        for track, returning in self.returning.items():
            if strange := set(returning.not_stages) - set(STAGES):
                raise ValueError(f"returning.{track}.not_stages: no such stage: {min(strange)}")
        return self

    def leading_from(self, state: str, permissions: Collection[str]) -> dict[str, Transition]:
        """Transitions out of a state that somebody with these permissions may make, in the order of the file."""
        return {name: one for name, one in self.transitions.items() if state in one.before and one.by in permissions}


def read(path: Path) -> Workflow:
    """A workflow file; WorkflowError says every mistake with its place."""
    try:
        content: Any = load_yaml(path)
        return Workflow.model_validate(content)
    except ValidationError as error:
        lines = [f"{path}: {'.'.join(map(str, one['loc'])) or 'the file'}: {one['msg']}" for one in error.errors()]
        raise WorkflowError("\n".join(lines)) from error


@cache
def workflow() -> Workflow:
    """The workflow that the product works by."""
    return read(SHIPPED)
