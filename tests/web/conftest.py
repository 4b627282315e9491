"""An app with a store of its own in a temporary folder, and browsers without a browser: they keep cookies and forms."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from browsers import ADDRESS, PASSWORD, Browser
from fastapi import FastAPI
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import sync_playwright
from portal import Portal, Served, running_portal, serving_portal
from sqlalchemy import Engine
from starlette.testclient import TestClient

from pipeline.store import accounts
from pipeline.store.accounts import Account, Role
from pipeline.store.open import open_store
from pipeline.web import passwords
from pipeline.web.app import make_app
from pipeline.web.sessions import now
from pipeline.web.settings import Settings


@pytest.fixture(scope="session", autouse=True)
def real_hasher() -> Iterator[PasswordHasher]:
    """What hashes outside tests; a light one takes its place, since hundreds of logins would take minutes."""
    real = passwords._hasher
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=1024)
    yield real
    passwords._hasher = real


@pytest.fixture(scope="session")
def password_hash() -> str:
    return passwords.hashed(PASSWORD)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(store=str(tmp_path / "dekkend.db"), key_file=tmp_path / "web.key", contact="hulp@voorbeeld.nl")


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    store = open_store(settings.store)
    yield store
    store.dispose()


@pytest.fixture
def app(settings: Settings, engine: Engine) -> FastAPI:
    return make_app(settings, engine)


@pytest.fixture
def browser_of(app: FastAPI):
    """A function that opens another browser; ``address`` is where it comes from."""

    def open_browser(address: str = "203.0.113.7") -> Browser:
        client = TestClient(app, base_url=ADDRESS, client=(address, 50000), raise_server_exceptions=False)
        return Browser(client)

    return open_browser


@pytest.fixture
def browser(browser_of) -> Browser:
    return browser_of()


@pytest.fixture
def add(engine: Engine, password_hash: str):
    """A function that makes an account that can log in."""

    def add_account(login: str, role: Role = Role.SCHOOL, schools: tuple[str, ...] = ("12AB",), **named) -> Account:
        chosen = schools if role is Role.SCHOOL else ()
        return accounts.add_account(
            engine, login=login, name=named.pop("name", login.partition("@")[0].title()), role=role, schools=chosen,
            now=now(), password=named.pop("password", password_hash),
        )  # fmt: skip

    return add_account


@pytest.fixture
def people(add) -> dict[Role, Account]:
    """One of each role: school@, consulent@ and beheerder@voorbeeld.nl."""
    return {role: add(f"{role.value}@voorbeeld.nl", role) for role in Role}


@pytest.fixture
def inside(browser_of, people):
    """A function that gives a browser in which somebody of a role is logged in."""

    def browser(role: Role) -> Browser:
        opened = browser_of()
        assert opened.log_in(f"{role.value}@voorbeeld.nl", follow_redirects=False).status_code == 303
        return opened

    return browser


@pytest.fixture(scope="session")
def portal(tmp_path_factory) -> Iterator[Portal]:
    """A portal that checks for real."""
    with running_portal(tmp_path_factory.mktemp("portal")) as running:
        yield running


@pytest.fixture
def noor(portal: Portal):
    """Somebody of the school 12AB, whose drafts go with the test."""
    yield portal.person("noor")
    portal.clear("noor")


@pytest.fixture
def zuid(portal: Portal):
    """Somebody of the school 34CD, whose drafts go with the test."""
    yield portal.person("zuid")
    portal.clear("zuid")


@pytest.fixture(scope="session")
def served(tmp_path_factory) -> Iterator[Served]:
    """A portal that listens on a port, for what needs a real connection."""
    with serving_portal(tmp_path_factory.mktemp("served")) as listening:
        yield listening


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    """The Chromium of this machine."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.skip("geen Chromium op deze machine (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
        )
        yield browser
        browser.close()
