"""The register keeps the past, refuses what makes no tree, and changes nothing then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from pipelines.settings import Unit
from pipelines.store import state
from pipelines.units import register
from tests.units.test_tree import PROVINCE, REFORM, unit


@pytest.fixture
def database(tmp_path: Path) -> Iterator[state.Database]:
    database = state.open(f"sqlite:///{tmp_path}/state.sqlite")
    yield database
    database.close()


def test_what_is_written_is_read(database: state.Database) -> None:
    with database.transaction() as session:
        register.replace(session, PROVINCE)
    with database.session() as session:
        assert set(register.read(session).versions) == set(PROVINCE)


def test_units_of_the_settings_fill_an_empty_register_only(database: state.Database) -> None:
    with database.transaction() as session:
        assert register.begin(session, PROVINCE[:1])
        assert not register.begin(session, PROVINCE)
        assert [one.id for one in register.read(session).versions] == ["tinh"]


def test_a_change_ends_the_version_before_it(database: state.Database) -> None:
    with database.transaction() as session:
        register.replace(session, [unit("tinh", None, "10.0.0.0/8")])
        before = register.stamp(session)
        register.change(session, unit("tinh", None, "10.0.0.0/9"), REFORM)
        tree = register.read(session)
        assert register.stamp(session) != before
    assert [str(tree.at(day)["tinh"].networks[0]) for day in (date(2025, 6, 30), REFORM)] == [
        "10.0.0.0/8",
        "10.0.0.0/9",
    ]


def test_a_refused_change_leaves_everything_as_it_was(database: state.Database) -> None:
    with database.transaction() as session:
        register.replace(session, PROVINCE)
    wrong = pytest.raises(register.UnitError, match=r"10\.20\.1\.0/25 of xa-c overlaps 10\.20\.1\.0/24 of xa-a")
    with wrong, database.transaction() as session:
        register.change(session, unit("xa-c", "tinh", "10.20.1.0/25"), REFORM)
    with database.session() as session:
        assert set(register.read(session).versions) == set(PROVINCE)


def test_a_unit_with_others_below_cannot_end(database: state.Database) -> None:
    with database.transaction() as session:
        register.replace(session, PROVINCE)
        with pytest.raises(register.UnitError, match="its parent tinh does not exist"):
            register.close(session, "tinh", date(2026, 1, 1))
        register.close(session, "xa-a", date(2026, 1, 1))
        assert "xa-a" not in register.read(session).at(date(2026, 1, 1))
        assert "xa-a" in register.read(session).at(REFORM)


def test_contacts_and_levels_survive(database: state.Database) -> None:
    whole = Unit.model_validate(
        {
            "id": "tinh",
            "name": "Văn phòng Tỉnh ủy",
            "level": 3,
            "vlans": [20],
            "contacts": [{"name": "Trần Văn Minh", "phones": ["0987"], "email": "minh@vp"}],
        }
    )
    with database.transaction() as session:
        register.replace(session, [whole])
        assert register.read(session).versions == (whole,)
