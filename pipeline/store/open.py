"""From an address to a store that is ready: SQLite in a file, or PostgreSQL, brought up to date by alembic."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from pipeline.folders import data_folder
from pipeline.store.errors import StoreAddressError, StoreNewerError, StoreUnreachableError

SETTING = "DEKKEND_STORE"
_LOCK = 7243_1104  # any number, the same for every dekkend: two that migrate wait for each other
_PATIENCE_S = 30
_READS = "dekkend_reads"


def open_store(address: str | None = None, *, environment: Mapping[str, str] = os.environ) -> Engine:
    """Open the store, made or brought up to date where needed.

    Args:
        address: A file, or a URL of SQLite or PostgreSQL; default ``DEKKEND_STORE``, else a file among the user's data.
        environment: Where the setting is looked up.

    Returns:
        The engine; every connection of it is checked before use, so that a database that was restarted is no problem.

    Raises:
        StoreAddressError, StoreUnreachableError, StoreNewerError: It can't be used.
    """
    url = store_url(address, environment)
    engine = _engine(url)
    try:
        with engine.begin() as connection:
            _upgrade(connection)
    except (DBAPIError, OSError) as problem:
        engine.dispose()
        # `from None`: the message of a driver may hold the whole address
        raise StoreUnreachableError(f"De opslag {shown(url)} is niet bereikbaar ({_word(problem)}).") from None
    return engine


def store_url(address: str | None, environment: Mapping[str, str] = os.environ) -> URL:
    """Where the store is.

    Raises:
        StoreAddressError: The address is none, or of another kind of database.
    """
    chosen = address or environment.get(SETTING) or str(data_folder(environment) / "dekkend.db")
    if "://" not in chosen:
        return URL.create("sqlite", database=str(Path(chosen).expanduser().absolute()))
    try:
        url = make_url(chosen)
    except ArgumentError:
        raise StoreAddressError from None
    if url.get_backend_name() == "sqlite" and url.database:
        return url
    if url.get_backend_name() in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    raise StoreAddressError(f"Het adres van de opslag klopt niet: {shown(url)}.")


def shown(url: URL) -> str:
    """The address for people, without the password."""
    return url.database or "" if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    _make_private(Path(str(url.database)))
    engine = create_engine(url, connect_args={"timeout": _PATIENCE_S})
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _make_private(file: Path) -> None:
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as problem:
        raise StoreUnreachableError(f"De opslag {file} kan niet worden gemaakt ({_word(problem)}).") from None


def _configure(connection: Any, _: object) -> None:
    connection.isolation_level = None  # the driver would begin by itself, and only at the first change
    connection.execute("pragma foreign_keys = on")
    connection.execute("pragma journal_mode = wal")  # readers never wait for the run that writes
    connection.execute("pragma synchronous = normal")


def reading(engine: Engine) -> Engine:
    """The same store for a transaction that only reads: on SQLite it then waits for no writer."""
    return engine.execution_options(**{_READS: True})


def _begin(connection: Connection) -> None:
    # at once as a writer: one that reads first and then writes is refused when another wrote in between
    connection.exec_driver_sql("begin" if connection.get_execution_options().get(_READS) else "begin immediate")


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = alembic_config(connection)
    script = ScriptDirectory.from_config(config)
    now = MigrationContext.configure(connection).get_current_revision()
    if now == script.get_current_head():
        return
    if now is not None and now not in {revision.revision for revision in script.walk_revisions()}:
        raise StoreNewerError
    command.upgrade(config, "head")


def alembic_config(connection: Connection) -> Config:
    """How alembic finds the migrations, for this connection."""
    config = Config()
    config.set_main_option("script_location", "pipeline.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _word(problem: Exception) -> str:
    return type(problem.orig if isinstance(problem, DBAPIError) and problem.orig else problem).__name__
