"""Logging in with OpenID Connect: a provider of our own over real HTTP, redirects followed as a browser does."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import httpx2
import oidc_provider_mock
import pytest
from browsers import ADDRESS, Browser
from provider import CLIENT_ID, CLIENT_SECRET, new_key, running_provider
from starlette.testclient import TestClient

from pipeline.store import accounts, keys
from pipeline.store.accounts import Role
from pipeline.web.app import make_app
from pipeline.web.sessions import now
from pipeline.web.settings import Oidc


@pytest.fixture
def provider():
    with running_provider() as running:
        yield running


@pytest.fixture
def open_browser(settings, engine, provider):
    """A function that opens a browser on an app that knows the provider."""

    def open_one(**oidc) -> Browser:
        given = {"issuer": provider.address, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, **oidc}
        app = make_app(settings.model_copy(update={"oidc": Oidc(**given)}), engine)
        return Browser(TestClient(app, base_url=ADDRESS, raise_server_exceptions=False))

    return open_one


def go(browser: Browser, query: str = "", *, tamper=lambda url: url):
    """The whole way there and back, up to the last page."""
    away = browser.get(f"/inloggen/aanbieder{query}", follow_redirects=False)
    if away.status_code != 302:
        return away
    with httpx2.Client() as elsewhere:
        back = elsewhere.get(away.headers["location"])
    assert back.status_code == 302, back.text
    return browser.get(tamper(back.headers["location"].removeprefix(ADDRESS)))


@pytest.fixture
def linked(engine, people, provider):
    """A school account that the provider knows."""
    account = people[Role.SCHOOL]
    accounts.link_account(engine, account.id, issuer=provider.address, subject="4711")
    return account


class TestKnownPerson:
    def test_is_inside_where_they_wanted_to_be(self, open_browser, linked):
        answer = go(open_browser(), "?naar=/account")

        assert (answer.status_code, answer.url.path) == (200, "/account")
        assert "Via uw organisatie" in answer.text

    def test_each_way_has_its_own_state_nonce_and_challenge(self, open_browser, linked, provider):
        for _ in range(2):
            go(open_browser())

        for name in ("state", "nonce", "code_challenge"):
            one, other = (asked[name] for asked in provider.asked)
            assert one != other
            assert len(one) >= 20

    def test_goes_nowhere_else_afterwards(self, open_browser, linked):
        assert go(open_browser(), "?naar=https://kwaad.voorbeeld").url.path == "/"

    def test_blocked_account_stays_out(self, open_browser, linked, engine):
        accounts.block_account(engine, linked.id, now())

        assert go(open_browser()).status_code == 403

    def test_login_page_offers_it(self, open_browser):
        assert "Inloggen met het schoolaccount" in open_browser(name="het schoolaccount").get("/inloggen").text

    def test_password_goes_on_working_beside_it(self, open_browser, linked):
        assert open_browser().log_in("school@voorbeeld.nl").url.path == "/account"


@pytest.mark.parametrize(
    ("trick", "error"),
    [
        ("wrong signature", "bad_signature"),
        ("changed afterwards", "bad_signature"),
        ("none", "unsupported_algorithm"),
        ("shared secret", "unsupported_algorithm"),
        ("wrong nonce", "invalid_claim"),
        ("no nonce", "missing_claim"),
        ("wrong audience", "invalid_claim"),
        ("more audiences", "other-audience"),
        ("no audience", "missing_claim"),
        ("wrong issuer", "invalid_claim"),
        ("expired", "expired_token"),
        ("no subject", "missing_claim"),
        ("no id token", "no-id-token"),
        ("refused", "access_denied"),
    ],
)
def test_crooked_answer_opens_nothing(open_browser, linked, provider, caplog, trick, error):
    provider.trick = trick
    browser = open_browser()
    answer = go(browser)
    (said,) = [record.error for record in caplog.records if record.message == "provider"]

    assert said == error
    assert answer.status_code == 401
    assert "Inloggen via uw organisatie is niet gelukt" in answer.text
    assert "<b>nee</b>" not in answer.text
    assert browser.get("/account", follow_redirects=False).status_code == 303


def test_provider_that_says_to_be_another_is_not_gone_to(open_browser, linked, provider):
    provider.trick = "other issuer in discovery"

    assert go(open_browser()).status_code == 503


def test_provider_that_is_away_is_told(open_browser, linked):
    answer = go(open_browser(issuer="http://127.0.0.1:9"))

    assert answer.status_code == 503
    assert "lukt nu niet" in answer.text


class TestWayBack:
    def test_state_of_another_is_refused(self, open_browser, linked):
        assert go(open_browser(), tamper=lambda url: url.replace("state=", "state=x")).status_code == 401

    def test_answer_in_another_browser_is_refused(self, open_browser, linked):
        """Somebody who lets you open the end of their own login must not log you in as them."""
        mine, theirs = open_browser(), open_browser()
        caught = []
        go(theirs, tamper=lambda url: caught.append(url) or "/privacy")

        assert mine.get(caught[0]).status_code == 401

    def test_answer_works_once(self, open_browser, linked):
        browser, caught = open_browser(), []
        go(browser, tamper=lambda url: caught.append(url) or url)

        assert browser.get(caught[0]).status_code == 401

    def test_code_of_another_login_is_refused(self, open_browser, linked, provider):
        """The provider holds the code against the challenge of its own login."""
        caught = []
        go(open_browser(), tamper=lambda url: caught.append(url) or "/privacy")
        (stolen,) = parse_qs(urlsplit(caught[0]).query)["code"]

        def exchange(url: str) -> str:
            (own,) = parse_qs(urlsplit(url).query)["code"]
            return url.replace(own, stolen)

        assert go(open_browser(), tamper=exchange).status_code == 401

    def test_without_a_beginning_there_is_no_end(self, open_browser, linked):
        assert open_browser().get("/inloggen/terug?code=x&state=y").status_code == 401

    def test_keys_that_the_provider_renewed_are_fetched(self, open_browser, linked, provider):
        browser = open_browser()
        go(browser, "?naar=/account")
        provider.key = new_key("een-nieuwe")
        browser.post("/uitloggen", page="/privacy")

        assert go(browser, "?naar=/account").url.path == "/account"


class TestNewPerson:
    def test_stranger_gets_no_account(self, open_browser, people, engine):
        answer = go(open_browser())

        assert answer.status_code == 403
        assert "Vraag de beheerder om een uitnodiging" in answer.text
        assert len(accounts.all_accounts(engine)) == 3

    def test_invitation_ties_the_account_to_the_person(self, open_browser, add, engine, provider):
        account = add("ib@voorbeeld.nl", password=None)
        key = keys.invite(engine, account.id, now())
        provider.claims = {"sub": "nieuw"}
        browser = open_browser()

        assert f"/inloggen/aanbieder?uitnodiging={key}" in browser.get(f"/uitnodiging/{key}").text
        go(browser, f"?uitnodiging={key}")
        assert "ib@voorbeeld.nl" in browser.get("/account").text
        assert browser.get(f"/uitnodiging/{key}").status_code == 404
        assert go(open_browser(), "?naar=/account").url.path == "/account"

    def test_invitation_of_who_is_tied_does_not_change_hands(self, open_browser, linked, engine, provider):
        key = keys.invite(engine, linked.id, now())
        provider.claims = {"sub": "een ander"}

        assert go(open_browser(), f"?uitnodiging={key}").status_code == 403

    @pytest.mark.parametrize(
        ("link_by", "claims", "status"),
        [
            ("invitation", {"email": "school@voorbeeld.nl", "email_verified": True}, 403),
            ("email", {"email": "School@voorbeeld.nl", "email_verified": True}, 200),
            ("email", {"email": "school@voorbeeld.nl"}, 403),
            ("email", {"email": "school@voorbeeld.nl", "email_verified": "true"}, 403),
            ("email", {"preferred_username": "school@voorbeeld.nl", "email_verified": True}, 403),
            ("preferred_username", {"preferred_username": "school@voorbeeld.nl"}, 200),
            ("preferred_username", {"email": "school@voorbeeld.nl", "email_verified": True}, 403),
        ],
    )
    def test_only_what_the_settings_allow_ties(self, open_browser, people, provider, link_by, claims, status):
        provider.claims = {"sub": "4711", **claims}

        assert go(open_browser(link_by=link_by), "?naar=/account").status_code == status

    def test_same_subject_at_another_provider_is_another_person(self, open_browser, people, engine):
        accounts.link_account(engine, people[Role.SCHOOL].id, issuer="https://een.ander", subject="4711")

        assert go(open_browser()).status_code == 403


def test_without_a_provider_there_is_no_such_page(browser):
    assert browser.get("/inloggen/aanbieder").status_code == 404
    assert browser.get("/inloggen/terug").status_code == 404


def test_error_of_a_provider_is_a_word_in_the_log_or_nothing(open_browser, caplog):
    browser = open_browser()
    browser.get("/inloggen/terug?error=Jan%20Jansen%0Agroep%207&error_description=geheim")
    said = [record.error for record in caplog.records if record.message == "provider"]

    assert said == ["OAuthError"]


def test_provider_that_others_wrote(settings, engine, people):
    """Discovery, login form, code, tokens and keys of oidc-provider-mock, which is built on Authlib's server side."""
    claims = {"email": "school@voorbeeld.nl", "email_verified": True}
    with oidc_provider_mock.run_server_in_thread(
        user_claims=[oidc_provider_mock.User(sub="9", claims=claims)], require_nonce=True
    ) as server:
        oidc = Oidc(
            issuer=f"http://localhost:{server.server_port}", client_id="x", client_secret=CLIENT_SECRET, link_by="email"
        )
        client = TestClient(make_app(settings.model_copy(update={"oidc": oidc}), engine), base_url=ADDRESS)
        away = client.get("/inloggen/aanbieder?naar=/account", follow_redirects=False).headers["location"]
        with httpx2.Client() as elsewhere:
            elsewhere.put(f"{oidc.issuer}/users/9", json=claims).raise_for_status()
            assert "form" in elsewhere.get(away).text
            back = elsewhere.post(away, data={"sub": "9"}).headers["location"]
        answer = client.get(back.removeprefix(ADDRESS))

    assert (answer.status_code, answer.url.path) == (200, "/account")
    assert accounts.account_by_subject(engine, issuer=oidc.issuer, subject="9") is not None
