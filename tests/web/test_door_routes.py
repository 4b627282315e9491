"""Every route of the app, whoever wrote it: closed unless it stands in the list, and no form without its token."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.routing import BaseRoute, Mount, Route

from pipeline.store.accounts import Role
from pipeline.web.app import make_app
from pipeline.web.settings import Settings

OPEN = {
    ("GET", "/api/openapi.json"),
    ("GET", "/eerste-keer"),
    ("POST", "/eerste-keer"),
    ("GET", "/gezond"),
    ("GET", "/inloggen"),
    ("POST", "/inloggen"),
    ("GET", "/inloggen/aanbieder"),
    ("GET", "/inloggen/terug"),
    ("GET", "/privacy"),
    ("GET", "/static/report/{name}.css"),
    ("GET", "/toegankelijkheid"),
    ("GET", "/uitnodiging/{key}"),
    ("POST", "/uitnodiging/{key}"),
}
FOR_STAFF = ("/team", "/besluiten")
FOR_MANAGERS = ("/beheer",)


def walk(routes: list[BaseRoute]) -> Iterator[BaseRoute]:
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is None:
            yield route
        else:
            yield from walk(inner.routes)


@pytest.fixture(scope="module")
def routes(tmp_path_factory) -> list[tuple[str, str]]:
    """Method and path of everything that can be asked for."""
    from sqlalchemy import create_engine  # noqa: PLC0415

    app = make_app(Settings(key_file=tmp_path_factory.mktemp("key") / "web.key"), create_engine("sqlite://"))
    found = list(walk(app.routes))
    assert [route.path for route in found if isinstance(route, Mount)] == ["/static"]
    assert all(isinstance(route, Mount | Route) for route in found), "a kind of route that this test does not know"
    return sorted(
        (method, route.path)
        for route in found
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD", "OPTIONS"}
    )


def filled(path: str) -> str:
    """The path with something that fits in each of its places."""
    for place, value in (("{name}", "base"), ("{deed}", "blokkeren")):
        path = path.replace(place, value)
    return re.sub(r"\{\w+(:\w+)?\}", "1", path)


def is_api(path: str) -> bool:
    return path.startswith("/api/")


def test_the_walk_finds_what_there_is(routes):
    assert len(routes) >= 25
    assert set(routes) >= OPEN | {("GET", "/account"), ("POST", "/beheer/accounts/{number}/{deed}")}


def wrongly_open(browser, routes) -> dict[tuple[str, str], int]:
    # a right token for the form: what keeps the visitor out must be the login
    token, wrong = browser.token("/inloggen"), {}
    for method, path in routes:
        if (method, path) in OPEN:
            continue
        answer = browser.client.request(method, filled(path), headers={"X-CSRF-Token": token}, follow_redirects=False)
        to_login = answer.status_code == 303 and answer.headers["location"].startswith("/inloggen?naar=")
        if not (answer.status_code == 401 if is_api(path) else to_login):
            wrong[method, path] = answer.status_code
    return wrong


def test_nobody_comes_in_without_a_login(routes, browser):
    assert wrongly_open(browser, routes) == {}


def test_an_open_door_is_noticed(app: FastAPI, browser):
    app.add_api_route("/open", lambda: "", methods=["GET", "POST"])
    app.add_api_route("/api/open", lambda: "", methods=["POST"])
    made = [("GET", "/open"), ("POST", "/open"), ("POST", "/api/open"), ("GET", "/account")]

    assert set(wrongly_open(browser, made)) == set(made) - {("GET", "/account")}


def test_a_session_is_no_key_to_the_api(routes, inside):
    browser = inside(Role.BEHEERDER)
    closed = [(method, path) for method, path in routes if is_api(path) and (method, path) not in OPEN]
    answers = {one: browser.client.request(one[0], filled(one[1])).status_code for one in closed}

    assert {one: status for one, status in answers.items() if status != 401} == {}


@pytest.mark.parametrize("form", [{}, {"_csrf": ""}, {"_csrf": "x.y"}], ids=["none", "empty", "made up"])
def test_no_form_without_its_token(routes, inside, form):
    browser = inside(Role.BEHEERDER)
    forms = [path for method, path in routes if method != "GET" and not is_api(path)]
    answers = {path: browser.client.post(filled(path), data=form, follow_redirects=False) for path in forms}

    assert len(forms) >= 12
    assert {path: one.status_code for path, one in answers.items() if one.status_code != 403} == {}
    assert all("Deze pagina stond te lang open" in one.text for one in answers.values())


def test_token_of_somebody_else_is_no_token(inside, people):
    other, mine = inside(Role.CONSULENT), inside(Role.BEHEERDER)
    answer = mine.client.post("/account/sessies", data={"_csrf": other.token("/account")}, follow_redirects=False)

    assert answer.status_code == 403


def test_form_from_another_site_is_refused_even_with_a_token(inside):
    browser = inside(Role.SCHOOL)
    answer = browser.post("/account/sessies", page="/account", headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("role", "closed"),
    [(Role.SCHOOL, FOR_STAFF + FOR_MANAGERS), (Role.CONSULENT, FOR_MANAGERS)],
    ids=["school", "consulent"],
)
def test_what_is_not_for_a_role_stays_closed(routes, inside, role, closed):
    browser = inside(role)
    token = browser.token("/account")
    answers = {
        (method, path): browser.client.request(
            method, filled(path), headers={"X-CSRF-Token": token}, follow_redirects=False
        ).status_code
        for method, path in routes
        if path.startswith(closed)
    }

    assert len(answers) >= 6
    assert {one: status for one, status in answers.items() if status != 403} == {}
