"""One behaviour rule: what ``rule.yaml`` may say, checked as a whole, with the line of whatever is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from pipelines.detect.finding import Severity
from schema import behaviours

MOST_HOPS: Final = 24
"""Windows that one event may lie in (``window`` / ``every``): each costs one run of the query when a capture is read."""
MICROSECOND: Final = 1_000_000
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_PARAMETER: Final = re.compile(r"\$([a-z][a-z0-9_]*)")
_COMMENT: Final = re.compile(r"--[^\n]*")


def _duration(value: object) -> object:
    match = re.fullmatch(r"(\d+)\s*([smhd])", value.strip()) if isinstance(value, str) else None
    if match is None or int(match[1]) == 0:
        raise ValueError("write a number and s, m, h or d, such as 10m")
    return int(match[1]) * _UNITS[match[2]] * MICROSECOND


def _alternatives(value: object) -> object:
    """``[a, b]`` means a and b; ``[[a, b], [c]]`` means (a and b) or c."""
    if not isinstance(value, list) or not any(isinstance(part, list) for part in value):
        return [value]
    return [part if isinstance(part, list) else [part] for part in value]


Duration = Annotated[int, BeforeValidator(_duration)]
"""Microseconds of event time."""
Flag = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Flags = Annotated[tuple[tuple[Flag, ...], ...], BeforeValidator(_alternatives)]
Number = bool | int | float | str


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(_Part):
    """The same words in both languages."""

    vi: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Parameter(_Part):
    """A number that a site may change."""

    default: Number
    why: str = Field(min_length=1)
    least: float | None = None
    most: float | None = None

    def checked(self, value: object) -> Number:
        """``value`` if it may stand for the default; raises ValueError."""
        if isinstance(self.default, bool) or isinstance(value, bool):
            fits = isinstance(value, bool) and isinstance(self.default, bool)
        elif isinstance(self.default, str):
            fits = isinstance(value, str)
        else:
            fits = isinstance(value, int | float)
        if not fits:
            raise ValueError(f"{value!r} is not of the kind of the default {self.default!r}")
        if isinstance(value, int | float) and not isinstance(value, bool):
            if self.least is not None and value < self.least:
                raise ValueError(f"{value} is below {self.least}")
            if self.most is not None and value > self.most:
                raise ValueError(f"{value} is above {self.most}")
        return value  # type: ignore[return-value]


class Definition(_Part):
    """The content of ``rule.yaml``."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{1,47}$")
    version: int = Field(default=1, ge=1)
    behaviour: str
    track: Literal["infection", "policy"] | None = None
    stage: str | None = None
    severity: Severity
    raise_: Mapping[Literal["medium", "high", "critical"], Flags] = Field(default_factory=dict, alias="raise")
    """Severity → flags of the row (true columns of the query, or circumstances of the engine) that make it so."""
    technique: tuple[Annotated[str, Field(pattern=r"^T\d{4}(\.\d{3})?$")], ...] = ()
    window: Duration
    every: Duration
    reads: tuple[str, ...] = Field(min_length=1)
    wakes: Mapping[str, str] = Field(default_factory=dict)
    """Dataset → SQL condition on its events: only such an event makes a window worth looking at. Every event that can be
    evidence must satisfy it. Datasets that are not named wake with every event, named ones with ``false`` never do."""
    guard: str | None = None
    """A cheap SELECT over the same window; the query runs only if it gives a row."""
    each: Literal["pair"] | None = None
    """``pair``: each row follows from the events of one pair (machine, name, port) alone. A window that is looked at again
    then costs only the pairs that have changed."""
    family: Flag
    deterministic: bool | Flag = False
    """Enough alone for the verdict "infected": always, or where the row's flag of that name is true."""
    parameters: Mapping[Flag, Parameter] = Field(default_factory=dict)
    weight: float = Field(ge=0, le=4)
    adds: Mapping[Flag, float] = Field(default_factory=dict)
    """Flag of the row → what it adds to ``weight``."""
    cap: float = Field(default=2.0, gt=0, le=4)
    half_life: Duration = 72 * 3600 * MICROSECOND
    mirror: bool = False
    """The peer, when it is a home machine, gets the finding as well, as ``target``."""
    title: Text
    explain: Text
    reasons: Mapping[Flag, Text] = Field(default_factory=dict)
    """Flag of the row → words for it; ``{reasons}`` in the explanation lists those that hold."""
    against: tuple[Flag, ...] = ()
    """Circumstances that speak against it: each that holds lowers the severity by a step and takes from the weight."""
    advice: str | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Definition:
        known = behaviours().get(self.behaviour)
        if known is None:
            raise ValueError(f"behaviour: {self.behaviour!r} is not one of schema/behaviours.yaml")
        for key, said, true in (("track", self.track, known.track), ("stage", self.stage, known.stage)):
            if said is not None and said != true:
                raise ValueError(f"{key}: {self.behaviour} has the {key} {true}, not {said}")
        if self.each == "pair" and not {"pair_hour", "pair_gap"} & set(self.reads):
            raise ValueError("each: pair is for rules that read pair_hour or pair_gap")
        if self.window % self.every:
            raise ValueError("every: the window must be a multiple of it")
        if self.window // self.every > MOST_HOPS:
            raise ValueError(f"every: too small; the window may be at most {MOST_HOPS} times as long")
        return self


@dataclass(frozen=True, slots=True)
class BehaviourRule:
    """A rule that can be used."""

    definition: Definition
    folder: Path
    query: str
    parameters: Mapping[str, Number]
    """Values in force: defaults, then the site's."""
    rehearsed: bool

    @property
    def id(self) -> str:
        """Name of the rule."""
        return self.definition.id

    @property
    def bound(self) -> dict[str, Number]:
        """The parameters that the query really uses (DuckDB refuses others)."""
        used = used_parameters(self.query)
        return {name: value for name, value in self.parameters.items() if name in used}


def used_parameters(query: str) -> set[str]:
    """Names after ``$`` in the SQL."""
    return set(_PARAMETER.findall(_COMMENT.sub("", query)))
