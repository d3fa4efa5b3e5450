"""Reads the files of one behaviour rule and tells what is wrong with them, with the line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from pipelines.detect.behaviour.rule import BehaviourRule, Definition, Number, used_parameters
from pipelines.detect.behaviour.text import names
from pipelines.detect.engine import RuleError

_BOUNDS: Final = frozenset({"from", "to"})
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C one reads all rules in a tenth of a second less, which every start of the program has to wait for."""


def read(folder: Path, parameters: Mapping[str, Any], rehearsed: bool) -> tuple[BehaviourRule | None, list[RuleError]]:
    """The rule in ``folder`` with the site's ``parameters``; whatever is wrong comes with its line."""
    path, name = folder / "rule.yaml", folder.name
    try:
        text = path.read_text(encoding="utf-8")
        query = (folder / "query.sql").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        wrong = Path(getattr(error, "filename", None) or path)
        return None, [RuleError(name, wrong, None, f"cannot be read ({error}); a rule is rule.yaml and query.sql")]
    data, lines, problem = _yaml(text)
    if problem is not None:
        return None, [RuleError(name, path, problem[0], problem[1])]
    try:
        definition = Definition.model_validate(data)
    except ValidationError as error:
        return None, [RuleError(name, path, line, message) for line, message in _problems(error, lines)]
    errors = [
        RuleError(definition.id, path, line, message) for line, message in _mismatches(definition, folder, query, lines)
    ]
    values: dict[str, Number] = {key: parameter.default for key, parameter in definition.parameters.items()}
    for key, value in parameters.items():
        try:
            if key not in definition.parameters:
                raise ValueError(f"there is none; it has {', '.join(definition.parameters) or 'no parameters'}")
            values[key] = definition.parameters[key].checked(value)
        except ValueError as error:
            errors.append(
                RuleError(definition.id, path, lines.get(("parameters",)), f"parameter {key} of the site: {error}")
            )
    return (None if errors else BehaviourRule(definition, folder, query, values, rehearsed)), errors


def _mismatches(
    definition: Definition, folder: Path, query: str, lines: Mapping[tuple[Any, ...], int]
) -> Iterator[tuple[int | None, str]]:
    if definition.id != folder.name:
        yield lines.get(("id",)), f"id {definition.id!r} and folder {folder.name!r} must be the same"
    used = used_parameters(query) - _BOUNDS
    for name in sorted(used - set(definition.parameters)):
        yield lines.get(("parameters",)), f"query.sql uses ${name}, which parameters does not define"
    for name in sorted(set(definition.parameters) - used):
        yield lines.get(("parameters", name)), f"parameter {name} is not used by query.sql"
    if names(definition.explain.vi) != names(definition.explain.en):
        yield lines.get(("explain",)), "explain: vi and en must use the same {names}"


def _yaml(text: str) -> tuple[Any, dict[tuple[Any, ...], int], tuple[int, str] | None]:
    """Content, line of every key path, and (line, message) when it is no YAML."""
    try:
        node = yaml.compose(text, Loader=_LOADER)
        data = yaml.load(text, Loader=_LOADER)  # noqa: S506 - one of the two safe loaders
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return None, {}, (mark.line + 1 if mark else 1, f"is not YAML: {getattr(error, 'problem', None) or error}")
    if not isinstance(data, dict) or node is None:
        return None, {}, (1, "a list of keys and values is expected")
    return data, dict(_lines(node, ())), None


def _lines(node: yaml.Node, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], int]]:
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield (*path, key.value), key.start_mark.line + 1
            yield from ((p, n) for p, n in _lines(value, (*path, key.value)) if p != (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for place, value in enumerate(node.value):
            yield from _lines(value, (*path, place))


def _problems(error: ValidationError, lines: Mapping[tuple[Any, ...], int]) -> Iterator[tuple[int, str]]:
    for problem in error.errors():
        where: Sequence[Any] = problem["loc"]
        message = str(problem["msg"]).removeprefix("Value error, ")
        if problem["type"] == "extra_forbidden":
            message = "is not a key of a rule"
        key = ".".join(str(part) for part in where)
        place = tuple(where) or (message.partition(":")[0],)
        while place and place not in lines:
            place = place[:-1]
        yield lines.get(place, 1), f"{key}: {message}" if key else message
