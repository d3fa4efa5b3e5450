"""The migrations give exactly the tables that the models describe."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from pipelines.store import state

MIGRATIONS = Path(state.__file__).with_name("migrations")


@pytest.fixture
def database(tmp_path: Path) -> state.Database:
    database = state.open(f"sqlite:///{tmp_path}/state.sqlite")
    yield database
    database.close()


def test_models_and_migrations_agree(database: state.Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, state.Base.metadata) == []


def test_there_is_one_line_of_migrations_and_files_are_named_by_it() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    assert len(script.get_heads()) == 1
    for revision in script.walk_revisions():
        assert Path(revision.path).name.startswith(f"v{revision.revision}_")
        assert revision.doc


def test_every_migration_can_be_taken_back(database: state.Database) -> None:
    with database.engine.execution_options(writes=True).begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS))
        command.downgrade(config, "base")
        assert set(inspect(connection).get_table_names()) == {"alembic_version"}


def test_opening_twice_changes_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/state.sqlite"
    for _time in range(2):
        state.open(url).close()


def test_a_path_that_cannot_be_used_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(state.StateError, match="check the path") as caught:
        state.open(f"sqlite:///{tmp_path}/file/state.sqlite")
    assert "\n" not in str(caught.value)
