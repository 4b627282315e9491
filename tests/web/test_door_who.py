"""Who asks: the user of a session, of a token, and of a reverse proxy; and what is believed of whom."""

from __future__ import annotations

import datetime as dt
from ipaddress import ip_network
from typing import Annotated

import pytest
from browsers import ADDRESS, Browser
from fastapi import Depends, FastAPI
from sqlalchemy import update
from starlette.testclient import TestClient

from pipeline.store import accounts, keys
from pipeline.store import tables as t
from pipeline.store.accounts import Role
from pipeline.web.app import make_app
from pipeline.web.door import User, api_user, staff, user
from pipeline.web.sessions import now
from pipeline.web.settings import Proxy


def with_questions(app: FastAPI) -> FastAPI:
    """Routes that tell who asks."""

    def who_of_page(who: Annotated[User, Depends(user)]) -> User:
        return who

    def who_of_staff(who: Annotated[User, Depends(staff)]) -> User:
        return who

    def who_of_api(who: Annotated[User, Depends(api_user)]) -> User:
        return who

    app.add_api_route("/wie", who_of_page)
    app.add_api_route("/wie/team", who_of_staff)
    app.add_api_route("/api/wie", who_of_api)
    return app


SCHOOL = {"name": "School", "role": "school", "schools": ["12AB"]}


def told(answer) -> dict:
    assert answer.status_code == 200, answer.text
    return {name: value for name, value in answer.json().items() if name != "id"}


class TestSession:
    def test_school_is_its_schools(self, app, inside):
        with_questions(app)
        assert told(inside(Role.SCHOOL).get("/wie")) == SCHOOL

    def test_staff_is_of_all_schools(self, app, inside):
        with_questions(app)
        assert told(inside(Role.CONSULENT).get("/wie/team"))["schools"] == []

    def test_school_is_no_staff(self, app, inside):
        with_questions(app)
        assert inside(Role.SCHOOL).get("/wie/team").status_code == 403

    def test_page_remembers_where_one_wanted_to_go(self, app, browser):
        with_questions(app)
        answer = browser.get("/wie?geheim=1", follow_redirects=False)

        assert answer.headers["location"] == "/inloggen?naar=/wie"


class TestToken:
    @pytest.fixture
    def token(self, engine, people) -> str:
        return keys.make_token(engine, people[Role.SCHOOL].id, name="lvs", days=30, now=now())

    def ask(self, app, browser, header: str | None, path: str = "/api/wie"):
        with_questions(app)
        return browser.get(path, headers={"Authorization": header} if header else {}, follow_redirects=False)

    @pytest.mark.parametrize("word", ["Bearer", "bearer"])
    def test_holder_is_known_by_it(self, app, browser, token, word):
        assert told(self.ask(app, browser, f"{word} {token}")) == SCHOOL

    @pytest.mark.parametrize("header", [None, "Bearer", "Bearer ", "Bearer dekkend_x", "Basic {token}", "{token}"])
    def test_anything_else_is_refused_as_problem_json(self, app, browser, token, header):
        answer = self.ask(app, browser, header and header.format(token=token))

        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == 401

    def test_opens_no_page(self, app, browser, token):
        assert self.ask(app, browser, f"Bearer {token}", "/wie").status_code == 303

    def test_expires(self, app, browser, token, engine):
        with engine.begin() as connection:
            connection.execute(update(t.api_tokens).values(expires=now() - dt.timedelta(seconds=1)))

        assert self.ask(app, browser, f"Bearer {token}").status_code == 401

    def test_goes_with_a_block(self, app, browser, token, engine, people):
        accounts.block_account(engine, people[Role.SCHOOL].id, now())

        assert self.ask(app, browser, f"Bearer {token}").status_code == 401

    def test_too_many_calls_have_to_wait(self, app, browser, token):
        with_questions(app)
        statuses = [
            browser.get("/api/wie", headers={"Authorization": f"Bearer {token}"}).status_code for _ in range(121)
        ]

        assert (statuses[:120], statuses[120]) == ([200] * 120, 429)

    def test_last_use_is_noted(self, app, browser, token, engine, people):
        self.ask(app, browser, f"Bearer {token}")
        (one,) = keys.tokens_of(engine, people[Role.SCHOOL].id, now())

        assert one.last_used is not None


class TestProxy:
    @pytest.fixture
    def proxied(self, settings, engine, people):
        """A function that opens a browser which reaches the app from an address, and asks who it is."""
        proxy = Proxy(addresses=(ip_network("10.0.0.0/29"),), user_header="X-Remote-User")
        app = with_questions(make_app(settings.model_copy(update={"proxy": proxy}), engine))

        def ask(address: str, *headers: tuple[str, str], path: str = "/wie"):
            client = TestClient(app, base_url=ADDRESS, client=(address, 1), raise_server_exceptions=False)
            return client.get(path, headers=list(headers), follow_redirects=False)

        ask.app = app
        return ask

    def test_who_logged_in_at_the_proxy_is_inside(self, proxied):
        assert told(proxied("10.0.0.2", ("X-Remote-User", "School@voorbeeld.nl"))) == SCHOOL

    @pytest.mark.parametrize("address", ["10.0.0.9", "203.0.113.7", "127.0.0.1", "::1", "testclient"])
    def test_header_from_elsewhere_is_nothing(self, proxied, address):
        assert proxied(address, ("X-Remote-User", "beheerder@voorbeeld.nl")).status_code == 303

    def test_forwarded_address_makes_no_proxy(self, proxied):
        headers = (("X-Remote-User", "beheerder@voorbeeld.nl"), ("X-Forwarded-For", "10.0.0.2"))

        assert proxied("203.0.113.7", *headers).status_code == 303

    @pytest.mark.parametrize("name", ["niemand@voorbeeld.nl", "", " "])
    def test_unknown_name_is_nobody(self, proxied, name):
        assert proxied("10.0.0.2", ("X-Remote-User", name)).status_code == 303

    def test_two_headers_are_none(self, proxied):
        headers = [("X-Remote-User", f"{role}@voorbeeld.nl") for role in ("beheerder", "school")]

        assert proxied("10.0.0.2", *headers).status_code == 303

    def test_blocked_account_stays_out(self, proxied, engine, people):
        accounts.block_account(engine, people[Role.SCHOOL].id, now())

        assert proxied("10.0.0.2", ("X-Remote-User", "school@voorbeeld.nl")).status_code == 303

    def test_opens_no_api(self, proxied):
        assert proxied("10.0.0.2", ("X-Remote-User", "school@voorbeeld.nl"), path="/api/wie").status_code == 401

    def test_form_still_needs_its_token(self, proxied):
        client = TestClient(proxied.app, base_url=ADDRESS, client=("10.0.0.2", 1))
        client.headers["X-Remote-User"] = "school@voorbeeld.nl"
        refused = client.post("/account/sleutels", data={"name": "lvs"})
        made = Browser(client).post("/account/sleutels", {"name": "lvs"}, page="/account")

        assert refused.status_code == 403
        assert "Uw nieuwe API-sleutel" in made.text

    def test_without_a_header_setting_the_header_is_nothing(self, settings, engine, people):
        proxy = Proxy(addresses=(ip_network("10.0.0.0/29"),))
        app = with_questions(make_app(settings.model_copy(update={"proxy": proxy}), engine))
        client = TestClient(app, base_url=ADDRESS, client=("10.0.0.2", 1))
        answer = client.get("/wie", headers={"X-Remote-User": "school@voorbeeld.nl"}, follow_redirects=False)

        assert answer.status_code == 303

    def test_limits_count_for_the_visitor_and_not_for_the_proxy(self, proxied, monkeypatch):
        monkeypatch.setattr("pipeline.web.passwords.matches", lambda *_: False)

        def wrong(visitor: str, n: int) -> int:
            client = TestClient(proxied.app, base_url=ADDRESS, client=("10.0.0.2", 1))
            client.headers["X-Forwarded-For"] = visitor
            form = {"login": f"naam{n}", "password": "fout"}
            return Browser(client).post("/inloggen", form, page="/inloggen").status_code

        assert [wrong("203.0.113.7", n) for n in range(31)] == [401] * 30 + [429]
        assert wrong("203.0.113.8", 99) == 401
