"""pySigma backend that writes DuckDB predicates over one dataset.

Text matches case-insensitively, as Sigma asks; a field that is absent never matches, so that ``not`` finds such events; a
list column matches when one of its elements does.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final, cast

import pyarrow as pa
from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.conversion.base import TextQueryBackend
from sigma.conversion.state import ConversionState
from sigma.exceptions import SigmaValueError
from sigma.types import (
    SigmaBool,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaFieldReference,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaRegularExpressionFlag,
    SigmaString,
    SpecialChars,
)

from pipelines.detect.matching.columns import addressed, lower, lowered, network_range, schema_of
from schema import TYPES

_OPERATORS: Final = {"LT": "<", "LTE": "<=", "GT": ">", "GTE": ">=", "EQ": "=", "NEQ": "<>"}
_MANY, _ONE = SpecialChars.WILDCARD_MULTI, SpecialChars.WILDCARD_SINGLE


class NoFieldError(SigmaValueError):
    """The rule asks for something that the dataset does not have."""


class DuckDBBackend(TextQueryBackend):
    """Converts rules about one dataset; collects in ``needs`` the columns (derived ones too) that their predicates read."""

    name: ClassVar[str] = "DuckDB predicates over Vọng Gác events"
    formats: ClassVar[dict[str, str]] = {"default": "SQL predicates"}
    requires_pipeline: ClassVar[bool] = False
    precedence: ClassVar[Any] = (ConditionNOT, ConditionAND, ConditionOR)
    group_expression: ClassVar[str | None] = "({expr})"
    parenthesize = True
    or_token: ClassVar[str] = "OR"
    and_token: ClassVar[str] = "AND"
    not_token: ClassVar[str] = "NOT"
    eq_token: ClassVar[str] = "="

    def __init__(self, dataset: str, keywords: tuple[str, ...]) -> None:
        """``keywords``: text columns in which a value without a field is looked for."""
        super().__init__()
        self.needs: set[str] = set()
        self._dataset = dataset
        self._schema = schema_of(dataset)
        self._keywords = keywords

    # -- values bound to a field

    def convert_condition_field_eq_val_str(
        self, cond: ConditionFieldEqualsValueExpression, state: ConversionState
    ) -> Any:
        """Equality and wildcards, whatever the case."""
        return self._text(cond.field, cast(SigmaString, cond.value), cased=False)

    def convert_condition_field_eq_val_str_case_sensitive(
        self, cond: ConditionFieldEqualsValueExpression, state: ConversionState
    ) -> Any:
        """Equality and wildcards, case as written."""
        return self._text(cond.field, cast(SigmaString, cond.value), cased=True)

    def convert_condition_field_eq_val_num(
        self, cond: ConditionFieldEqualsValueExpression, state: ConversionState
    ) -> Any:
        """A number; in a text column it is text."""
        number = cast(SigmaNumber, cond.value).number
        if self._is_text(cond.field):
            return self._text(cond.field, SigmaString(str(number)), cased=False)
        return self._any(cond.field, f"{{x}} = {number}")

    def convert_condition_field_eq_val_bool(
        self, cond: ConditionFieldEqualsValueExpression, state: ConversionState
    ) -> Any:
        """True or false."""
        value = str(bool(cast(SigmaBool, cond.value))).lower()
        return self._any(cond.field, f"CAST({{x}} AS VARCHAR) = '{value}'")

    def convert_condition_field_eq_val_re(
        self, cond: ConditionFieldEqualsValueExpression, state: ConversionState
    ) -> Any:
        """A regular expression of RE2, found anywhere in the value."""
        return self._any(cond.field, _regex(cast(SigmaRegularExpression, cond.value)))

    def convert_condition_field_eq_val_cidr(
        self, cond: ConditionFieldEqualsValueExpression, state: ConversionState
    ) -> Any:
        """A network, as a range of comparable addresses."""
        if TYPES.get(cond.field, "").removesuffix("[]") != "ip":
            raise SigmaValueError(f"{cond.field} is no address, a network cannot be compared with it")
        first, last = network_range(cast(SigmaCIDRExpression, cond.value).cidr)
        return self._any(cond.field, f"{{x}} BETWEEN '{first}' AND '{last}'", addressed(cond.field))

    def convert_condition_field_compare_op_val(
        self, cond: ConditionFieldEqualsValueExpression, state: ConversionState
    ) -> Any:
        """Less, greater and so on; text that is no number never matches."""
        value = cast(SigmaCompareExpression, cond.value)
        return self._any(cond.field, f"TRY_CAST({{x}} AS DOUBLE) {_OPERATORS[value.op.name]} {value.number.number}")

    def convert_condition_field_eq_field(
        self, cond: ConditionFieldEqualsValueExpression, state: ConversionState
    ) -> Any:
        """Two fields of one event."""
        value = cast(SigmaFieldReference, cond.value)
        other = self._column(value.field, lowered(value.field) if self._is_text(value.field) else value.field)
        own = lowered(cond.field) if self._is_text(cond.field) else cond.field
        if value.starts_with or value.ends_with:
            function = "starts_with" if value.starts_with else "suffix"
            return self._any(cond.field, f"{function}({{x}}, {other})", own)
        return self._any(cond.field, f"{{x}} = {other}", own)

    def convert_condition_field_eq_val_null(
        self, cond: ConditionFieldEqualsValueExpression, state: ConversionState
    ) -> Any:
        """The event has no such value."""
        return f"NOT {self._present(cond.field)}"

    def convert_condition_field_exists(self, cond: ConditionFieldEqualsValueExpression, state: ConversionState) -> Any:
        """The event has such a value."""
        return self._present(cond.field)

    # -- values without a field

    def convert_condition_val_str(self, cond: ConditionValueExpression, state: ConversionState) -> Any:
        """A keyword: found in one of the dataset's telling columns."""
        value = cast(SigmaString, cond.value)
        around = SigmaString("")
        around.s = [_MANY, *value.s, _MANY]
        return self._or([self._text(field, around, cased=False) for field in self._keywords])

    def convert_condition_val_num(self, cond: ConditionValueExpression, state: ConversionState) -> Any:
        """A number as a keyword."""
        text = ConditionValueExpression(SigmaString(str(cast(SigmaNumber, cond.value).number)))
        return self.convert_condition_val_str(text, state)

    def convert_condition_val_re(self, cond: ConditionValueExpression, state: ConversionState) -> Any:
        """A regular expression in one of the dataset's telling columns."""
        expression = _regex(cast(SigmaRegularExpression, cond.value))
        return self._or([self._any(field, expression) for field in self._keywords])

    # -- building blocks

    def _text(self, field: str, value: SigmaString, cased: bool) -> str:
        test = pattern(value, cased)
        if not self._is_text(field):
            return self._any(field, test.replace("{x}", "CAST({x} AS VARCHAR)"))
        return self._any(field, test, field if cased else lowered(field))

    def _any(self, field: str, test: str, column: str | None = None) -> str:
        """``test`` with {x} replaced by the value, or by each element of a list; absent values give false."""
        name = self._column(field, column or field)
        if pa.types.is_list(self._schema.field(field).type):
            return f"coalesce(len(list_filter({name}, lambda x: coalesce({_put(test, 'x')}, false))) > 0, false)"
        return f"coalesce({_put(test, name)}, false)"

    def _present(self, field: str) -> str:
        name = self._column(field, field)
        listed = pa.types.is_list(self._schema.field(field).type)
        return f"coalesce(len({name}) > 0, false)" if listed else f"({name} IS NOT NULL)"

    def _or(self, tests: list[str]) -> str:
        if not tests:
            raise SigmaValueError(
                f"a value without a field has no column to be looked for in among {self._dataset} events"
            )
        return "(" + " OR ".join(tests) + ")"

    def _column(self, field: str, column: str) -> str:
        if field not in self._schema.names:
            raise NoFieldError(f"{self._dataset} events have no field {field!r}: see docs/reference/fields.md")
        self.needs.add(column)
        return '"' + column.replace('"', '""') + '"'

    def _is_text(self, field: str) -> bool:
        return TYPES.get(field, "keyword").removesuffix("[]") in ("keyword", "ip")


def pattern(value: SigmaString, cased: bool) -> str:
    """The test on ``{x}`` for text with wildcards. Raises SigmaValueError for what SQL text cannot hold."""
    parts = list(value.s)
    if not all(isinstance(part, str) or part in (_MANY, _ONE) for part in parts):
        raise SigmaValueError("placeholders are not supported: write the values into the rule")
    front = bool(parts) and parts[0] is _MANY
    back = len(parts) > 1 and parts[-1] is _MANY
    inner = parts[front : len(parts) - back]
    text = "".join(part for part in inner if isinstance(part, str))
    if any(not isinstance(part, str) for part in inner):
        return f"{{x}} LIKE {_like(parts, cased)} ESCAPE '\\'"
    if front and not inner:
        return "{x} IS NOT NULL"
    literal = _literal(text if cased else lower(text))
    if front and back:
        return f"contains({{x}}, {literal})"
    if front or back:
        return f"{'suffix' if front else 'starts_with'}({{x}}, {literal})"
    return f"{{x}} = {literal}"


def _like(parts: list[Any], cased: bool) -> str:
    out = ""
    for part in parts:
        if isinstance(part, str):
            text = part if cased else lower(part)
            out += text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        else:
            out += "%" if part is _MANY else "_"
    return _literal(out)


def _literal(text: str) -> str:
    if "\0" in text:
        raise SigmaValueError("a NUL character cannot be looked for")
    return "'" + text.replace("'", "''") + "'"


def _put(test: str, value: str) -> str:
    """Not ``str.format``: literals may hold braces, and only the marks in front of the first literal are ours."""
    head, quote, tail = test.partition("'")
    return head.replace("{x}", value) + quote + tail


def _regex(value: SigmaRegularExpression) -> str:
    flags = {
        SigmaRegularExpressionFlag.IGNORECASE: "i",
        SigmaRegularExpressionFlag.MULTILINE: "m",
        SigmaRegularExpressionFlag.DOTALL: "s",
    }
    chosen = "c" + "".join(flags[flag] for flag in sorted(value.flags, key=lambda flag: flag.name))
    return f"regexp_matches(CAST({{x}} AS VARCHAR), {_literal(str(value.regexp))}, '{chosen}')"
