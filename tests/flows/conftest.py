"""One Prefect home for all runs: a database that is there already starts 4 s faster than a new one."""

import os

import pytest


@pytest.fixture(scope="session", autouse=True)
def prefect_home(tmp_path_factory):
    """Before any import of Prefect, which reads its settings once."""
    chosen = os.environ.get("DEKKEND_TEST_PREFECT_HOME")
    home = chosen or str(tmp_path_factory.mktemp("prefect-home"))
    os.environ["PREFECT_HOME"] = home
    return home
