"""Playbooks: what to do, step by step, for each behaviour and family; data for people who are no security specialists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from pipelines.cases.workflow import Words
from schema import behaviours, load_yaml

HERE: Final = Path(__file__).parent
Phase = Literal["contain", "keep", "find", "remove", "protect", "check"]
PHASES: Final[tuple[Phase, ...]] = ("contain", "keep", "find", "remove", "protect", "check")
STANDS_FOR: Final = {"unplug": "unplug-at-once", "scan": "scan-offline"}
"""Step → the stricter one that makes it superfluous."""


class PlaybookError(Exception):
    """The playbooks cannot be used: file, place, what to do; one line each."""


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Step(_Data):
    """One thing to do."""

    phase: Phase
    who: Literal["unit", "centre"]
    proof: Literal["none", "photo", "file", "answer"]
    minutes: int
    do: Words
    check: Words
    show: Words | None = None
    """What to upload or write."""

    @model_validator(mode="after")
    def _told(self) -> Step:
        if (self.proof == "none") != (self.show is None):
            raise ValueError("`show` says what to upload or write, and stands there where `proof` is not none")
        return self


class Playbook(_Data):
    """Steps of some behaviours."""

    behaviours: tuple[str, ...]
    first: Words
    must: tuple[str, ...]
    may: tuple[str, ...] = ()


class Family(_Data):
    """What a family of malware adds."""

    words: tuple[str, ...]
    about: Words
    must: tuple[str, ...] = ()


class _File(_Data):
    steps: dict[str, Step]
    playbooks: dict[str, Playbook]
    families: dict[str, Family]

    @model_validator(mode="after")
    def _whole(self) -> _File:
        named: dict[str, str] = {}
        for name, book in self.playbooks.items():
            for step in (*book.must, *book.may):
                if step not in self.steps:
                    raise ValueError(f"playbooks.{name}: no such step: {step}")
            for behaviour in book.behaviours:
                if behaviour not in behaviours():
                    raise ValueError(f"playbooks.{name}: no such behaviour: {behaviour}")
                if behaviour in named:
                    raise ValueError(f"playbooks.{name}: {behaviour} stands in {named[behaviour]} already")
                named[behaviour] = name
        if missing := set(behaviours()) - set(named):
            raise ValueError(f"playbooks: no playbook names {', '.join(sorted(missing))}")
        for name, family in self.families.items():
            if strange := set(family.must) - set(self.steps):
                raise ValueError(f"families.{name}: no such step: {min(strange)}")
        return self


@dataclass(frozen=True, slots=True)
class Sign:
    """What an alert says, as far as playbooks look at it."""

    behaviour: str
    words: str
    """Rule, title and facts as one text, to find the family in."""


@dataclass(frozen=True, slots=True)
class Task:
    """A step as it stands in the list of one case."""

    id: str
    step: Step
    required: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything to do about one case."""

    first: tuple[Words, ...]
    """The gravest first."""
    families: dict[str, Words]
    tasks: tuple[Task, ...]

    @property
    def required(self) -> set[str]:
        """Steps without which nobody may say "cleaned"."""
        return {task.id for task in self.tasks if task.required}


def read(folder: Path) -> _File:
    """The playbooks of a folder; PlaybookError says every mistake with its place."""
    try:
        content: dict[str, Any] = {**load_yaml(folder / "steps.yaml"), **load_yaml(folder / "playbooks.yaml")}
        return _File.model_validate(content)
    except ValidationError as error:
        lines = [f"{folder}: {'.'.join(map(str, one['loc'])) or 'playbooks'}: {one['msg']}" for one in error.errors()]
        raise PlaybookError("\n".join(lines)) from error


@cache
def shipped() -> _File:
    """The playbooks that the product works by."""
    return read(HERE)


@cache
def _book_of(behaviour: str) -> tuple[int, Playbook]:
    books = list(shipped().playbooks.values())
    return next((at, book) for at, book in enumerate(books) if behaviour in book.behaviours)


def plan(signs: Sequence[Sign]) -> Plan:
    """The list of a case: the steps of all its behaviours and families, each once, in order of phases."""
    file = shipped()
    books = sorted({_book_of(sign.behaviour) for sign in signs}, key=lambda one: _gravity(one[1]), reverse=True)
    known = _families(file, (sign.words for sign in signs))
    must = dict.fromkeys(
        [*(step for _, book in books for step in book.must), *(s for f in known.values() for s in f.must)]
    )
    may = dict.fromkeys(step for _, book in books for step in book.may)
    chosen = {step: step in must for step in (*must, *may)}
    for light, strict in STANDS_FOR.items():
        if chosen.get(strict):
            chosen.pop(light, None)
    tasks = [Task(step, file.steps[step], required) for step, required in chosen.items()]
    tasks.sort(key=lambda task: PHASES.index(task.step.phase))
    return Plan(
        tuple(dict.fromkeys(book.first for _, book in books)),
        {name: family.about for name, family in known.items()},
        tuple(tasks),
    )


def _gravity(book: Playbook) -> tuple[bool, bool, int]:
    return ("unplug-at-once" in book.must, "unplug" in book.must, len(book.must))


def _families(file: _File, texts: Iterable[str]) -> dict[str, Family]:
    text = "\n".join(texts).lower()
    return {
        name: family
        for name, family in file.families.items()
        if any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) for word in family.words)
    }
