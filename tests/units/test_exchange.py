"""Units as spreadsheets: what goes out comes in again, and what is wrong is told by its row."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook

from pipelines.settings import Unit
from pipelines.units import Tree, exchange
from pipelines.units.register import UnitError
from tests.units.test_tree import PROVINCE

WHOLE = Unit.model_validate(
    {
        "id": "vp",
        "name": "Văn phòng Tỉnh ủy",
        "parent": "tinh",
        "since": "2025-07-01",
        "level": 3,
        "networks": ["10.30.0.0/16", "2001:db8::/32"],
        "vlans": [20, 30],
        "contacts": [
            {"name": "Trần Văn Minh", "title": "Phó Chánh văn phòng", "phones": ["0987", "0251"], "email": "minh@vp"},
            {"name": "Lê Thị Hoa"},
        ],
    }
)
TREE = Tree([*PROVINCE, WHOLE])


def test_both_formats_come_back_as_they_went_out() -> None:
    assert set(exchange.read(exchange.to_csv(TREE).encode())) == set(TREE.versions)
    assert set(exchange.read(exchange.to_xlsx(TREE))) == set(TREE.versions)


def test_nothing_that_an_office_program_would_run() -> None:
    hostile = Unit(id="a", name="=cmd|' /C calc'!A1")
    text = exchange.to_csv(Tree([hostile]))
    assert ",'=cmd" in text
    assert exchange.read(text.encode()) == [hostile]


def test_days_and_numbers_as_an_office_program_writes_them() -> None:
    book = Workbook()
    book.active.append(["id", "name", "since", "level"])
    book.active.append(["xa", "Xã A", date(2025, 7, 1), 3.0])
    out = io.BytesIO()
    book.save(out)
    (unit,) = exchange.read(out.getvalue())
    assert (unit.since, unit.level) == (date(2025, 7, 1), 3)


def test_semicolons_as_vietnamese_office_programs_use_them() -> None:
    (unit,) = exchange.read("id;name;networks\nxa;Xã A;10.1.0.0/16 10.2.0.0/16\n".encode())
    assert [str(one) for one in unit.networks] == ["10.1.0.0/16", "10.2.0.0/16"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id,name,networks\na,A,10.0.0.0/8\nb,B,10.0.0.300/8\n", "row 3: networks.0"),
        ("id,name,level\na,A,9\n", "row 2: level"),
        ("id,name,colour\na,A,red\n", "column 'colour' is unknown"),
        ("name\nA\n", "columns id and name are missing"),
        ("id,name,networks\na,A,10.0.0.0/8\nb,B,10.1.0.0/16\n", "10.1.0.0/16 of b overlaps 10.0.0.0/8 of a"),
    ],
)
def test_what_is_wrong_is_told_by_its_row(text: str, words: str) -> None:
    with pytest.raises(UnitError) as caught:
        exchange.read(text.encode())
    assert words in str(caught.value)


def test_files_that_are_no_table_are_refused() -> None:
    for content in (b"\xff\xfe\x00", b"PK\x03\x04rubbish"):
        with pytest.raises(UnitError):
            exchange.read(content)


def test_a_bomb_is_refused_by_its_directory() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b"\0" * (exchange.UNPACKED_MOST + 1))
    with pytest.raises(UnitError, match="unpacks to more than"):
        exchange.read(out.getvalue())


def test_every_difference_is_shown() -> None:
    after = [one for one in PROVINCE if one.id != "xa-b"]
    after[0] = after[0].model_copy(update={"name": "Tỉnh", "level": 4})
    changes = exchange.compare(PROVINCE, [*after, WHOLE])
    assert [(one.kind, one.unit) for one in changes] == [("changed", "tinh"), ("added", "vp"), ("removed", "xa-b")]
    assert changes[0].differences == (("name", "tinh", "Tỉnh"), ("level", "", "4"))
    assert exchange.compare(PROVINCE, PROVINCE) == []
