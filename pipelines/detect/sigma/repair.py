"""Puts rules from outside into the sensor's words: numbers of events, values, and habits of writing that never match.

Everything here is general and driven by rules/sigma/mapping.yaml; each change is told in ``notes``, so that whoever imports a
rule can read what was done to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sigma.conditions import ConditionAND, ConditionOR
from sigma.exceptions import SigmaValueError
from sigma.processing.transformations.base import DetectionItemTransformation
from sigma.rule import SigmaDetection, SigmaDetectionItem
from sigma.types import SigmaBool, SigmaNull, SigmaNumber, SigmaRegularExpression, SigmaString, SigmaType, SpecialChars

_MANY: Final = SpecialChars.WILDCARD_MULTI
_EVENT: Final = "EventID"
_ALWAYS: Final = frozenset({"Initiated"})
"""Fields that say that the machine itself opened the connection, which is what ``source`` means."""


@dataclass
class EventNumbers(DetectionItemTransformation):
    """``EventID: 5145`` → the columns that make such an event here."""

    only: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)

    def apply_detection_item(self, detection_item: SigmaDetectionItem) -> SigmaDetection | None:
        """The item's replacement."""
        if detection_item.field != _EVENT:
            return None
        choices = [
            SigmaDetection([SigmaDetectionItem(name, [], _values(value)) for name, value in self.only[number].items()])
            for number in numbers(detection_item.value)
        ]
        return SigmaDetection(choices, item_linking=ConditionOR)  # type: ignore[arg-type]


@dataclass
class Opened(DetectionItemTransformation):
    """``Initiated: true`` holds for every event: the client of a flow opened it."""

    def apply_detection_item(self, detection_item: SigmaDetectionItem) -> SigmaDetectionItem | None:
        """The item's replacement."""
        if detection_item.field not in _ALWAYS:
            return None
        if [str(value).lower() for value in detection_item.value] != ["true"]:
            raise SigmaValueError(
                f"'{detection_item.field}' is false for who is called, and alerts are about who calls"
            )
        return SigmaDetectionItem("source.ip", [], [SigmaString("*")])


@dataclass
class Repair(DetectionItemTransformation):
    """Values as the sensor writes them."""

    repairs: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    bits: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    services: Sequence[str] = ()
    notes: list[str] = field(default_factory=list)

    def apply_detection_item(self, detection_item: SigmaDetectionItem) -> SigmaDetection | SigmaDetectionItem | None:
        """The item's replacement; None where it is right as it is."""
        name = detection_item.field or ""
        if name in self.bits:
            return self._spread(name, detection_item)
        changed: list[SigmaType] = []
        for value in detection_item.value:
            changed += self._value(name, value)
        if len(changed) == len(detection_item.value) and all(
            new is old for new, old in zip(changed, detection_item.value, strict=True)
        ):
            return None
        if detection_item.value_linking is ConditionAND:  # contains|all: each value on its own
            parts = [SigmaDetectionItem(name, [], list(self._value(name, value))) for value in detection_item.value]
            return SigmaDetection(parts)  # type: ignore[arg-type]
        return SigmaDetectionItem(name, [], changed)

    def _value(self, name: str, value: SigmaType) -> list[SigmaType]:
        translated = self._word(name, value)
        if translated is not None:
            return [translated]
        how = self.repairs.get(name)
        if how == "path" and isinstance(value, SigmaRegularExpression):
            return [self._expression(name, value)]
        if how is None or not isinstance(value, SigmaString):
            return [value]
        made = _HOW[how](value, self.services)
        if [list(one.s) for one in made] == [list(value.s)]:
            return [value]
        self.notes.append(f"{name}: {value} → {' | '.join(map(str, made))}")
        return list(made)

    def _expression(self, name: str, value: SigmaRegularExpression) -> SigmaType:
        """A backslash at the front of an expression, like that of a text: the beginning of a name."""
        text = str(value.regexp)
        bare = text.removeprefix("^")
        if not bare.startswith("\\\\"):
            return value
        self.notes.append(f"{name}: {text} → the backslash at the front is the beginning of a name")
        return SigmaRegularExpression("(?:^|\\\\)" + bare.lstrip("\\"), value.flags)

    def _word(self, name: str, value: SigmaType) -> SigmaType | None:
        known = self.words.get(name)
        if known is None or not isinstance(value, SigmaString | SigmaNumber | SigmaBool):
            return None
        plain = [part for part in value.s if isinstance(part, str)] if isinstance(value, SigmaString) else [str(value)]
        text = "".join(plain)
        keys = {_key(key): word for key, word in known.items()}
        if _key(text) not in keys:
            return None
        word = keys[_key(text)]
        return SigmaNull() if word is None else SigmaBool(word) if isinstance(word, bool) else SigmaString(word)

    def _spread(self, name: str, item: SigmaDetectionItem) -> SigmaDetection | None:
        choices = []
        for number in numbers(item.value, otherwise=-1):
            if number < 0:
                return None
            names = [word for bit, word in self.bits[name].items() if number & bit]
            choices.append(SigmaDetection([SigmaDetectionItem(name, [], [SigmaString(word)]) for word in names]))
        return SigmaDetection(choices, item_linking=ConditionOR)  # type: ignore[arg-type]


def straighten(detections: Iterable[SigmaDetection], pairs: Mapping[str, str], known: Iterable[str]) -> Iterator[str]:
    """Exchange two fields of one selection whose values stand the wrong way round; tells what was exchanged."""
    names = {name.lower() for name in known}
    for detection in detections:
        items = {item.field: item for item in detection.detection_items if isinstance(item, SigmaDetectionItem)}
        for first, second in pairs.items():
            one, other = items.get(first), items.get(second)
            if one is None or other is None:
                continue
            swapped = all(str(value).lower() in names for value in one.value)
            if swapped and not any(str(value).lower() in names for value in other.value):
                one.value, other.value = other.value, one.value
                yield f"{first} and {second} stood the wrong way round: {other.value[0]}, {one.value[0]}"
        nested = [item for item in detection.detection_items if isinstance(item, SigmaDetection)]
        yield from straighten(nested, pairs, known)


def numbers(values: Iterable[SigmaType], otherwise: int | None = None) -> list[int]:
    """Values as numbers, decimal or hexadecimal; ``otherwise`` for what is none, else ValueError."""
    found = []
    for value in values:
        try:
            found.append(int(str(value), 0))
        except ValueError:
            if otherwise is None:
                raise SigmaValueError(f"'{_EVENT}' is a number, not {value}") from None
            found.append(otherwise)
    return found


def event_numbers(detection: SigmaDetection) -> set[int]:
    """All numbers of Windows events that a detection names."""
    found: set[int] = set()
    for item in detection.detection_items:
        if isinstance(item, SigmaDetection):
            found |= event_numbers(item)
        elif item.field == _EVENT:
            found |= set(numbers(item.value))
    return found


def _serial(value: SigmaString, _: Sequence[str]) -> list[SigmaString]:
    text = str(value).replace(":", "").replace(" ", "").upper().removeprefix("0X")
    if not text or any(letter not in "0123456789ABCDEF" for letter in text):
        return [value]
    text = text.rjust(len(text) + len(text) % 2, "0")
    return [value] if [text] == list(value.s) else [SigmaString(text)]


def _path(value: SigmaString, _: Sequence[str]) -> list[SigmaString]:
    """A backslash at the front is the beginning of a name: of the whole one, or behind another backslash."""
    parts = list(value.s)
    front = bool(parts) and parts[0] is _MANY
    at = int(front)
    if at >= len(parts) or not isinstance(parts[at], str) or not str(parts[at]).startswith("\\"):
        return [value]
    rest: list[Any] = [str(parts[at]).lstrip("\\"), *parts[at + 1 :]]
    rest = [part for part in rest if part != ""]
    if not rest:
        return [value]
    if isinstance(rest[-1], str) and rest[-1].endswith("\\"):
        rest.append(_MANY)  # a name does not end in a backslash: what lies below is meant
    below = ["\\" + rest[0], *rest[1:]] if isinstance(rest[0], str) else ["\\", *rest]
    return [_string(rest), _string([_MANY, *below])]


def _share(value: SigmaString, _: Sequence[str]) -> list[SigmaString]:
    """No host and no share has an asterisk in its name: it stands for any, and one for all backslashes before it."""
    parts: list[Any] = []
    for part in value.s:
        if isinstance(part, str) and "*" in part:
            pieces = part.split("*")
            for place, piece in enumerate(pieces):
                parts += ([_MANY] if place else []) + ([piece] if piece else [])
        else:
            parts.append(part)
    if parts and isinstance(parts[0], str) and parts[0].startswith("\\\\\\"):
        parts[0] = "\\\\" + parts[0].lstrip("\\")
    if parts == list(value.s):
        return [value]
    return [_string(parts)]


def _account(value: SigmaString, services: Sequence[str]) -> list[SigmaString]:
    return [_string([_MANY, "$"])] if list(value.s) == ["$", _MANY] else [value]


def _service(value: SigmaString, services: Sequence[str]) -> list[SigmaString]:
    value = _account(value, services)[0]
    own = [SigmaString(f"{service}/*") for service in services]
    return [value, *own] if list(value.s) == [_MANY, "$"] else [value]


_HOW: Final = {"serial": _serial, "path": _path, "share": _share, "account": _account, "service": _service}


def _string(parts: Sequence[Any]) -> SigmaString:
    made = SigmaString("")
    made.s = list(parts)
    return made


def _values(value: Any) -> list[SigmaType]:
    return [SigmaString(str(one)) for one in (value if isinstance(value, list) else [value])]


def _key(value: object) -> str:
    try:
        return str(int(str(value), 0))
    except ValueError:
        return str(value).lower()
