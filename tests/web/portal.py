"""A portal that checks for real, and people who use it; one for all tests, since workers take seconds to warm."""

from __future__ import annotations

import io
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import uvicorn
from docx import Document
from fastapi import FastAPI
from httpx import Response
from sqlalchemy import Engine
from starlette.testclient import TestClient

from pipeline.store import accounts, keys
from pipeline.store.accounts import Account, Role
from pipeline.store.open import open_store
from pipeline.web import cookies, passwords
from pipeline.web.app import make_app
from pipeline.web.sessions import now
from pipeline.web.settings import Settings

ROOT = Path(__file__).parents[2]
PROFILE = ROOT / "sample_docs" / "sop-po-zevensteek" / "sop-po-zevensteek.docx"
PDF = ROOT / "sample_docs" / "sop-po-sporenlinde" / "sop-po-sporenlinde.pdf"
DOSSIER = ROOT / "sample_docs" / "dossiers" / "jorrit" / "documents"
PASSWORD = "paars fietspad onder regen"
ADDRESS = "http://127.0.0.1:8420"
LIMIT_MB = 2
PATIENCE_S = 90

Files = list[tuple[str, tuple[str, bytes, str]]]


@dataclass
class Portal:
    """A running app with its store; ``people`` by login."""

    app: FastAPI
    engine: Engine
    people: dict[str, Account]
    server: TestClient

    def client(self) -> TestClient:
        """A browser that knows nobody yet; all talk to the same event loop, as with a real server."""
        client = TestClient(self.app, base_url=ADDRESS, raise_server_exceptions=False)
        client.portal = self.server.portal
        return client

    def person(self, login: str) -> Person:
        """Somebody who is logged in."""
        client = self.client()
        # not by the form: so many tests would soon have logged in too often
        key = keys.open_session(self.engine, self.people[login], agent="", now=now())
        client.cookies.set(cookies.full_name(cookies.SESSION, secure=False), key)
        return Person(client)

    def clear(self, login: str) -> None:
        """Delete all drafts of somebody."""
        desk = self.app.state.desk
        for draft in desk.mine(self.people[login].id):
            self.server.portal.call(desk.remove, draft)

    def token(self, login: str) -> str:
        """A key to the API."""
        return keys.make_token(self.engine, self.people[login].id, name="test", days=1, now=now())


@dataclass
class Person:
    client: TestClient

    def csrf(self, page: str = "/") -> str:
        found = re.search(r'name="_csrf" value="([^"]+)"', self.client.get(page).text)
        assert found is not None, page
        return unescape(found[1])

    def get(self, path: str, **named) -> Response:
        return self.client.get(path, **named)

    def post(self, path: str, data: dict | None = None, *, page: str = "/", **named) -> Response:
        return self.client.post(path, data={"_csrf": self.csrf(page), **(data or {})}, **named)

    def send(self, *files: tuple[str, bytes] | Path, to: str = "/concept", **fields: str) -> Response:
        """Upload files, and stop where the answer leads: at the page of the draft, or at why it was refused."""
        named = [(one.name, one.read_bytes()) if isinstance(one, Path) else one for one in files]
        parts: Files = [("files", (name, data, "application/octet-stream")) for name, data in named]
        return self.client.post(to, data={"_csrf": self.csrf(), **fields}, files=parts, follow_redirects=False)

    def feedback(self, *files: tuple[str, bytes] | Path, **fields: str) -> tuple[str, str]:
        """Upload one file and wait: address and page of its feedback."""
        answer = self.send(*files, **fields)
        assert answer.status_code == 303, answer.text
        return self.when_done(answer.headers["location"])

    def when_done(self, address: str) -> tuple[str, str]:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            answer = self.client.get(address)
            if "refresh" not in answer.headers:
                return address, answer.text
        raise AssertionError(f"not done in {PATIENCE_S} s")


def make_portal(folder: Path, **settings) -> tuple[FastAPI, Engine, dict[str, Account]]:
    """An app with two schools, a consulent and a beheerder in its store."""
    chosen = Settings(
        store=str(folder / "dekkend.db"), key_file=folder / "web.key", contact="hulp@voorbeeld.nl",
        **{"workers": 1, "max_upload_mb": LIMIT_MB, **settings},
    )  # fmt: skip
    engine = open_store(chosen.store)
    word = passwords.hashed(PASSWORD)
    wanted = (
        ("noor", Role.SCHOOL, "12AB"),
        ("zuid", Role.SCHOOL, "34CD"),
        ("consulent", Role.CONSULENT, ""),
        ("beheerder", Role.BEHEERDER, ""),
    )
    people = {
        name: accounts.add_account(
            engine, login=name, name=name.title(), role=role, schools=(key,) if key else (), now=now(), password=word
        )
        for name, role, key in wanted
    }
    return make_app(chosen, engine), engine, people


@contextmanager
def running_portal(folder: Path, **settings) -> Iterator[Portal]:
    """A portal without a network."""
    app, engine, people = make_portal(folder, **settings)
    with TestClient(app, base_url=ADDRESS) as server:
        yield Portal(app, engine, people, server)


@dataclass
class Served:
    """A portal that listens; ``address`` is where."""

    address: str
    app: FastAPI
    engine: Engine
    people: dict[str, Account]


@contextmanager
def serving_portal(folder: Path, **settings) -> Iterator[Served]:
    """A portal that browsers can reach, on a port that was free."""
    app, engine, people = make_portal(folder, **settings)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="on"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            while not server.started:
                assert thread.is_alive(), "the server did not start"
                time.sleep(0.05)
            yield Served(f"http://127.0.0.1:{listening.getsockname()[1]}", app, engine, people)
        finally:
            server.should_exit = True
            thread.join(30)


def word_file(*paragraphs: str, heading: str = "Schoolondersteuningsprofiel OBS De Zilvermeeuw") -> bytes:
    """A Word document with these paragraphs."""
    document = Document()
    document.add_heading(heading, 0)
    for text in paragraphs:
        document.add_paragraph(text)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()
