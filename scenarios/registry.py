"""The scenarios by name, with their typed parameters."""

from __future__ import annotations

import importlib
import inspect
import ipaddress
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, get_args, get_origin, get_type_hints

from scenarios.clock import moment
from scenarios.scene import Scene

Value = str | int | float | bool | tuple[Any, ...]
PACKAGES = ("scenarios.traffic", "scenarios.office")
"""Where scenarios live: each of their modules registers its own."""


class ScenarioError(Exception):
    """A scenario or a parameter that does not exist or cannot have that value; the message is for the user."""


@dataclass(frozen=True)
class Parameter:
    """One keyword of a scenario."""

    name: str
    kind: type
    items: type | None
    """Type of the items of a list."""
    default: Value
    doc: str

    @property
    def type_name(self) -> str:
        """``int``, ``float``, ``bool``, ``str`` or ``list of …``."""
        return f"list of {self.items.__name__}" if self.items else self.kind.__name__

    def value(self, given: object) -> Value:
        """``given`` (text from the command line, or a value from YAML or JSON) in this parameter's type."""
        try:
            if self.items is None:
                return _converted(given, self.kind)
            parts = given.split(",") if isinstance(given, str) else list(given)  # type: ignore[call-overload]
            return tuple(_converted(part, self.items) for part in parts if part != "")
        except (TypeError, ValueError):
            raise ScenarioError(f"parameter {self.name}: {given!r} is not of type {self.type_name}") from None


COMMON = (
    Parameter("machine", str, None, "10.20.7.31", "address of the machine that acts"),
    Parameter("peers", int, None, 5, "other quiet machines in the background"),
    Parameter("start", str, None, "2026-11-02T01:00:00Z", "time of the first act (ISO 8601)"),
    Parameter("vlans", tuple, int, (), "802.1Q tags of every frame, outermost first"),
)
"""Parameters that every scenario has."""


@dataclass(frozen=True)
class Scenario:
    """One registered generator."""

    name: str
    doc: str
    own: tuple[Parameter, ...]
    common: tuple[Parameter, ...]
    play: Callable[..., None]

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """What can be set: its own parameters, then the common ones."""
        return self.own + self.common

    def values(self, given: Mapping[str, object]) -> dict[str, Value]:
        """Every parameter with its value; raises ScenarioError for what is unknown or of the wrong type."""
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in given:
            if name not in known:
                raise ScenarioError(f"scenario {self.name} has no parameter {name!r}; it has {', '.join(known)}")
        return {name: known[name].value(given[name]) if name in given else known[name].default for name in known}


_scenarios: dict[str, Scenario] = {}


def scenario(name: str, **defaults: Value) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a generator ``f(scene, *, parameter: type = default, …)``; ``defaults`` replace common ones.

    The docstring's first line tells what is played; its lines ``parameter: text`` describe the parameters.
    """

    def register(function: Callable[..., None]) -> Callable[..., None]:
        common = tuple(
            Parameter(p.name, p.kind, p.items, defaults.get(p.name, p.default), p.doc)
            for p in COMMON
        )  # fmt: skip
        lines = inspect.cleandoc(function.__doc__ or "").splitlines()
        docs = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
        hints = get_type_hints(function)
        own = tuple(
            _parameter(key, hints[key], argument.default, docs.get(key, ""))
            for key, argument in inspect.signature(function).parameters.items()
            if argument.kind is argument.KEYWORD_ONLY
        )
        _scenarios[name] = Scenario(name, lines[0] if lines else "", own, common, function)
        return function

    return register


def scenarios() -> dict[str, Scenario]:
    """All of them, by name."""
    for package in PACKAGES:
        for module in pkgutil.iter_modules(importlib.import_module(package).__path__):
            importlib.import_module(f"{package}.{module.name}")
    return dict(sorted(_scenarios.items()))


def find(name: str) -> Scenario:
    """The scenario of that name; raises ScenarioError."""
    known = scenarios()
    if name not in known:
        raise ScenarioError(f"no scenario {name!r}; `python -m scenarios list` shows all")
    return known[name]


def one_of(parameter: str, value: str, choices: Iterable[str]) -> str:
    """``value`` if it is one of ``choices``; raises ScenarioError."""
    if value not in choices:
        raise ScenarioError(f"parameter {parameter}: {value!r} is not one of {', '.join(choices)}")
    return value


def play(name: str, seed: int, given: Mapping[str, object]) -> Scene:
    """Run one scenario in a scene of its own."""
    return play_all([(name, given)], seed)


def play_all(parts: Iterable[tuple[str, Mapping[str, object]]], seed: int) -> Scene:
    """Run several scenarios in one scene; the first one's common parameters hold for all that do not say otherwise."""
    from scenarios.traffic.background import quiet_machines

    scene, peers, agreed = None, 0, dict[str, object]()
    for name, given in parts:
        chosen = find(name)
        values = chosen.values({**agreed, **given})
        machine, count, start, vlans = (values.pop(parameter.name) for parameter in COMMON)
        if scene is None:
            scene = Scene(f"{name}:{seed}", 0.0, actor=_address(machine), vlans=vlans)  # type: ignore[arg-type]
            peers = int(count)  # type: ignore[arg-type]
            agreed = {"machine": machine, "start": start}
        scene.actor = scene.machine(_address(machine))
        scene.start = _moment(str(start))
        chosen.play(scene, **values)
    if scene is None:
        raise ScenarioError("no scenario given")
    if peers:
        quiet_machines(scene, peers)
    return scene


def _address(machine: Value) -> str:
    try:
        return str(ipaddress.IPv4Address(str(machine)))
    except ValueError:
        raise ScenarioError(f"parameter machine: {machine!r} is not an IPv4 address") from None


def _moment(text: str) -> float:
    try:
        return moment(text)
    except ValueError:
        raise ScenarioError(f"parameter start: {text!r} is not a time such as 2026-11-02T01:00:00Z") from None


def _parameter(name: str, hint: Any, default: Value, doc: str) -> Parameter:
    if get_origin(hint) is tuple:
        return Parameter(name, tuple, get_args(hint)[0], default, doc)
    return Parameter(name, hint, None, default, doc)


def _converted(given: object, kind: type) -> Value:
    if kind is bool and isinstance(given, str):
        return {"true": True, "false": False}[given.lower()] if given.lower() in ("true", "false") else _fail()
    if (kind is bool and not isinstance(given, bool)) or (kind is int and isinstance(given, float) and given % 1):
        return _fail()
    return kind(given)  # type: ignore[no-any-return]


def _fail() -> bool:
    raise ValueError
