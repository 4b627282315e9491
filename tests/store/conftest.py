"""Every test of the store runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest
from databases import running_postgres

from pipeline.store.open import open_store


@pytest.fixture(scope="session")
def postgres():
    with running_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path):
    """The address of a store that is not there yet."""
    if request.param == "sqlite":
        return str(tmp_path / "map" / "dekkend.db")
    return request.getfixturevalue("postgres").new_database()


@pytest.fixture
def store(address):
    engine = open_store(address)
    yield engine
    engine.dispose()
