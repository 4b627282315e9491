"""What every answer says to the browser, what it says when something goes wrong, and what the log keeps."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from browsers import ADDRESS
from fastapi import Depends, Request, UploadFile
from starlette.testclient import TestClient

from pipeline.store.accounts import Role
from pipeline.web.app import make_app
from pipeline.web.door import genuine, user
from pipeline.web.settings import Settings

MB = 1024 * 1024
PAGES = (
    "/inloggen",
    "/eerste-keer",
    "/privacy",
    "/toegankelijkheid",
    "/uitnodiging/x",
    "/nergens",
    "/gezond",
    "/account",
)


@pytest.mark.parametrize("path", [*PAGES, "/static/site.css", "/static/nergens.css", "/static/report/base.css"])
def test_every_answer_has_the_security_headers(browser, path):
    headers = browser.get(path, follow_redirects=False).headers

    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert "strict-transport-security" not in headers
    assert headers["cache-control"] == (
        "public, max-age=3600" if path.endswith(("site.css", "base.css")) else "no-store"
    )


def test_https_is_remembered_where_there_is_https(tmp_path, engine):
    app = make_app(Settings(key_file=tmp_path / "web.key", url="https://dekkend.voorbeeld.nl"), engine)
    answer = TestClient(app, base_url="https://dekkend.voorbeeld.nl").get("/inloggen")

    assert answer.headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize("host", ["kwaad.voorbeeld", "127.0.0.1.kwaad.voorbeeld", ""])
def test_page_under_another_name_is_refused(app, host):
    answer = TestClient(app, base_url=ADDRESS).get("/inloggen", headers={"Host": host})

    assert answer.status_code == 400
    assert "x-frame-options" in answer.headers


class Inline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags = 0

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        self.tags += 1
        if tag == "style" or (tag == "script" and "src" not in named):
            self.found.append(tag)
        self.found += [name for name in named if name.startswith("on") or name == "style"]
        self.found += [value for value in named.values() if value and value.lower().startswith("javascript:")]


@pytest.mark.parametrize("path", [*PAGES[:-2], "/account", "/beheer/accounts", "/beheer/accounts/1"])
def test_pages_have_nothing_that_the_policy_forbids(inside, browser, path):
    page = Inline()
    opened = inside(Role.BEHEERDER) if path.startswith(("/account", "/beheer")) else browser
    page.feed(opened.get(path).text)

    assert page.tags > 20
    assert page.found == []


def test_our_own_templates_escape_everything():
    files = list(Path(__file__).parents[2].glob("templates/web/**/*.j2"))

    assert len(files) > 10
    assert [file.name for file in files if re.search(r"\|\s*safe\b|autoescape|Markup", file.read_text("utf-8"))] == []


SECRET = "Jan Jansen, groep 7, BSN 123456782"


@pytest.fixture
def broken(app):
    """The app with routes that go wrong in every way."""

    def crash() -> None:
        raise ValueError(SECRET)

    async def take(request: Request):
        form = await request.form()
        return {"size": form["bestand"].size}

    def take_typed(bestand: UploadFile):
        return {"size": bestand.size}

    def need(number: int) -> int:
        return number

    app.add_api_route("/stuk", crash)
    app.add_api_route("/api/stuk", crash)
    app.add_api_route("/getal", need)
    app.add_api_route("/api/getal", need)
    guarded = [Depends(user), Depends(genuine)]
    app.add_api_route("/opsturen", take, methods=["POST"], dependencies=guarded)
    app.add_api_route("/opsturen-getypeerd", take_typed, methods=["POST"], dependencies=guarded)
    return app


class TestFaults:
    @pytest.mark.parametrize(
        ("path", "status", "words"),
        [
            ("/nergens", 404, "Deze pagina is er niet"),
            ("/uitloggen", 405, "Dit kan hier niet"),
            ("/stuk", 500, "Er ging iets mis bij ons"),
            ("/getal?number=" + SECRET, 422, "Er ontbreekt iets"),
        ],
    )
    def test_are_told_in_dutch_without_details(self, broken, browser, path, status, words):
        answer = browser.get(path)

        assert answer.status_code == status
        assert words in answer.text
        assert "Uitloggen" not in answer.text
        assert 'lang="nl"' in answer.text
        for detail in (SECRET, "Traceback", "ValueError", "pydantic", "int_parsing"):
            assert detail not in answer.text

    @pytest.mark.parametrize(("path", "status"), [("/api/nergens", 404), ("/api/stuk", 500), ("/api/getal", 422)])
    def test_are_problem_json_below_api(self, broken, browser, path, status):
        answer = browser.get(path)

        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert set(answer.json()) == {"type", "title", "status", "detail"}

    def test_log_says_where_and_never_what(self, broken, browser, caplog):
        caplog.set_level("DEBUG")
        browser.get("/stuk")
        (fault,) = [record for record in caplog.records if record.message == "fault"]
        everything = caplog.text + "".join(str(vars(record)) for record in caplog.records)

        assert fault.error == "ValueError"
        assert any("test_headers.py" in place for place in fault.at)
        assert SECRET not in everything

    def test_log_names_the_route_and_not_the_address(self, browser, caplog):
        caplog.set_level("INFO")
        browser.get("/uitnodiging/een-geheime-sleutel")
        (request,) = [vars(record) for record in caplog.records if record.message == "request"]

        assert (request["route"], request["status"]) == ("/uitnodiging/{key}", 404)
        assert "een-geheime-sleutel" not in str(request)


class TestSize:
    def send(self, browser, size: int, path="/opsturen", **named):
        token = browser.token("/account")
        return browser.client.post(path, data={"_csrf": token}, files={"bestand": ("a.docx", b"x" * size)}, **named)

    @pytest.mark.parametrize("path", ["/opsturen", "/opsturen-getypeerd"])
    def test_upload_up_to_the_limit_comes_in(self, broken, inside, path):
        answer = self.send(inside(Role.SCHOOL), 50 * MB, path)

        assert (answer.status_code, answer.json()) == (200, {"size": 50 * MB})

    def test_larger_is_refused_before_it_is_read(self, broken, inside):
        answer = self.send(inside(Role.SCHOOL), 52 * MB)

        assert answer.status_code == 413
        assert "Dit bestand is te groot" in answer.text

    @pytest.mark.parametrize("path", ["/opsturen", "/opsturen-getypeerd"])
    def test_larger_than_it_says_is_refused_while_it_comes(self, broken, inside, path):
        browser, sent = inside(Role.SCHOOL), 0
        head = b'--grens\r\nContent-Disposition: form-data; name="bestand"; filename="a.docx"\r\n\r\n'

        def body():
            nonlocal sent
            yield head
            while sent < 200:
                sent += 1
                yield b"x" * MB

        headers = {"Content-Type": "multipart/form-data; boundary=grens", "X-CSRF-Token": browser.token("/account")}
        answer = browser.client.post(path, content=body(), headers=headers)

        assert answer.status_code == 413
        assert "Dit bestand is te groot" in answer.text

    @pytest.mark.parametrize("length", ["-1", "abc", "1e9"])
    def test_length_that_is_none_is_refused(self, broken, inside, length):
        browser = inside(Role.SCHOOL)

        assert browser.client.post("/opsturen", headers={"Content-Length": length}).status_code == 413

    def test_who_is_not_logged_in_can_send_little(self, broken, browser):
        token = browser.token("/inloggen")
        answer = browser.client.post("/inloggen", data={"_csrf": token, "login": "x" * 100_000})

        assert answer.status_code == 413


def test_health_tells_when_the_store_is_away(browser, engine, monkeypatch):
    from sqlalchemy.exc import OperationalError  # noqa: PLC0415

    assert browser.get("/gezond").json() == {"status": "ok"}

    def away(*_: object) -> None:
        raise OperationalError("select 1", {}, Exception("weg"))

    monkeypatch.setattr("pipeline.web.routes.help.reading", away)
    answer = browser.get("/gezond")

    assert (answer.status_code, answer.json()) == (503, {"status": "store-unreachable"})


def test_only_style_sheets_of_reports_are_served(browser):
    assert browser.get("/static/report/base.css").headers["content-type"].startswith("text/css")
    for path in ("/static/report/labels.css", "/static/report/..%2Fbase.css", "/static/../web/messages.yaml"):
        assert browser.get(path).status_code in {404, 422}
