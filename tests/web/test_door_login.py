"""Coming in and going out: passwords, lock-out, sessions, invitations, the first run."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape

import pytest
from browsers import ADDRESS, PASSWORD, Browser
from sqlalchemy import select, update
from starlette.testclient import TestClient

from pipeline.store import accounts, keys
from pipeline.store import tables as t
from pipeline.store.accounts import Role
from pipeline.store.open import open_store
from pipeline.web.app import make_app
from pipeline.web.routes.login import MOST_FAILURES, local
from pipeline.web.sessions import now
from pipeline.web.settings import Settings

SCHOOL = "school@voorbeeld.nl"


def stored(engine) -> str:
    with engine.begin() as connection:
        return "\n".join(str(row) for table in t.metadata.sorted_tables for row in connection.execute(select(table)))


class TestPassword:
    def test_who_logged_in_can_log_out(self, inside):
        browser = inside(Role.SCHOOL)

        assert "Uitloggen" in browser.get("/account").text
        assert "U bent uitgelogd" in browser.post("/uitloggen", page="/account").text
        assert browser.get("/account", follow_redirects=False).status_code == 303

    def test_login_is_read_without_regard_to_case_and_spaces(self, browser, people):
        assert browser.log_in(" School@Voorbeeld.NL ").url.path == "/account"

    @pytest.mark.parametrize(
        ("login", "password"),
        [(SCHOOL, "paars fietspad onder Regen"), ("niemand@voorbeeld.nl", PASSWORD), (SCHOOL, PASSWORD + "x")],
    )
    def test_wrong_is_told_in_the_same_words(self, browser, people, login, password):
        answer = browser.log_in(login, password)

        assert answer.status_code == 401
        assert "Inlognaam of wachtwoord klopt niet" in answer.text

    def test_empty_is_told(self, browser, people):
        assert browser.log_in("", "").status_code == 422

    def test_what_was_typed_comes_back_escaped_and_the_password_not(self, browser, people):
        answer = browser.log_in('"><script>alert(1)</script>', "geheim-en-fout")

        assert "&lt;script&gt;" in answer.text
        assert "<script>alert" not in answer.text
        assert "geheim-en-fout" not in answer.text

    def test_blocked_account_is_kept_out_and_thrown_out(self, engine, inside, people, browser_of):
        browser = inside(Role.SCHOOL)
        accounts.block_account(engine, people[Role.SCHOOL].id, now())

        assert browser.get("/account", follow_redirects=False).status_code == 303
        assert browser_of().log_in(SCHOOL).status_code == 401

    def test_account_without_password_can_not_log_in(self, browser, add):
        add("nieuw@voorbeeld.nl", password=None)

        assert browser.log_in("nieuw@voorbeeld.nl", "").status_code == 422
        assert browser.log_in("nieuw@voorbeeld.nl", "None").status_code == 401

    @pytest.mark.parametrize(
        ("onward", "goes"),
        [
            ("/account", "/account"),
            ("//kwaad.voorbeeld", "/"),
            ("https://kwaad.voorbeeld", "/"),
            ("/\\kwaad.voorbeeld", "/"),
            ("/\tx", "/"),
            ("javascript:alert(1)", "/"),
            ("", "/"),
        ],
    )
    def test_login_leads_nowhere_else(self, browser, people, onward, goes):
        answer = browser.post(
            "/inloggen", {"login": SCHOOL, "password": PASSWORD, "naar": onward}, follow_redirects=False
        )

        assert answer.headers["location"] == goes == local(onward)

    def test_login_page_of_who_is_logged_in_leads_on(self, inside):
        answer = inside(Role.SCHOOL).get("/inloggen?naar=/account", follow_redirects=False)

        assert (answer.status_code, answer.headers["location"]) == (303, "/account")


class TestLockOut:
    @pytest.mark.parametrize("login", [SCHOOL, "niemand@voorbeeld.nl"], ids=["known", "unknown"])
    def test_too_often_wrong_locks_the_name_from_everywhere(self, browser_of, people, login):
        statuses = [browser_of().log_in(login, "fout").status_code for _ in range(MOST_FAILURES)]
        answer = browser_of("198.51.100.9").log_in(login)

        assert statuses == [401] * MOST_FAILURES
        assert answer.status_code == 429
        assert "te vaak een verkeerd wachtwoord" in answer.text

    def test_lock_opens_by_itself(self, browser, people, engine):
        for _ in range(MOST_FAILURES):
            browser.log_in(SCHOOL, "fout")
        with engine.begin() as connection:
            connection.execute(update(t.login_failures).values(latest=now() - dt.timedelta(minutes=16)))

        assert browser.log_in(SCHOOL).url.path == "/account"

    def test_right_password_starts_the_count_again(self, browser, browser_of, people):
        for _ in range(3):
            for _ in range(MOST_FAILURES - 1):
                browser.log_in(SCHOOL, "fout")
            assert browser_of().log_in(SCHOOL).url.path == "/account"

    def test_new_link_opens_the_lock(self, browser_of, inside, people):
        for _ in range(MOST_FAILURES):
            browser_of().log_in(SCHOOL, "fout")
        inside(Role.BEHEERDER).post(f"/beheer/accounts/{people[Role.SCHOOL].id}/uitnodiging", page="/account")

        assert browser_of().log_in(SCHOOL).url.path == "/account"

    def test_one_address_may_not_guess_through_all_names(self, browser_of, people, monkeypatch):
        monkeypatch.setattr("pipeline.web.passwords.matches", lambda *_: False)
        statuses = [browser_of().log_in(f"naam{n}@voorbeeld.nl", "fout").status_code for n in range(31)]
        answer = browser_of().log_in("nog-een@voorbeeld.nl", "fout")

        assert statuses[:30] == [401] * 30
        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) > 0
        assert "Even wachten" in answer.text
        assert browser_of("198.51.100.9").log_in("naam@voorbeeld.nl", "fout").status_code == 401


class TestSession:
    def test_cookie_is_out_of_reach_of_scripts_and_other_sites(self, browser, people):
        header = browser.log_in(SCHOOL, follow_redirects=False).headers.get_list("set-cookie")[0]

        assert re.fullmatch(r"dekkend=[\w-]{43}; HttpOnly; Path=/; SameSite=lax", header)

    def test_cookie_is_for_https_only_where_the_address_is(self, tmp_path, engine, people):
        settings = Settings(key_file=tmp_path / "web.key", url="https://dekkend.voorbeeld.nl")
        client = TestClient(make_app(settings, engine), base_url="https://dekkend.voorbeeld.nl")
        header = Browser(client).log_in(SCHOOL, follow_redirects=False).headers.get_list("set-cookie")[0]

        assert re.fullmatch(r"__Host-dekkend=[\w-]{43}; HttpOnly; Path=/; SameSite=lax; Secure", header)

    def test_store_and_log_know_neither_password_nor_key(self, browser, people, engine, caplog):
        caplog.set_level("DEBUG")
        browser.log_in(SCHOOL)
        browser.log_in(SCHOOL, "een-fout-wachtwoord")
        key = browser.client.cookies["dekkend"]
        said = stored(engine) + caplog.text + "".join(str(vars(record)) for record in caplog.records)

        assert keys.digest_of(key) in said
        assert key not in said
        assert PASSWORD not in said
        assert "een-fout-wachtwoord" not in said

    def test_every_login_has_a_new_key(self, browser, people):
        browser.client.cookies.set("dekkend", "door-een-ander-gekozen", domain="127.0.0.1")
        browser.log_in(SCHOOL)
        values = [cookie.value for cookie in browser.client.cookies.jar if cookie.name == "dekkend"]

        assert "door-een-ander-gekozen" not in values

    @pytest.mark.parametrize(("column", "age"), [("seen", keys.IDLE), ("created", keys.LONGEST)])
    def test_session_ends_by_itself(self, inside, engine, column, age):
        browser = inside(Role.SCHOOL)
        with engine.begin() as connection:
            connection.execute(update(t.sessions).values({column: now() - age - dt.timedelta(seconds=1)}))

        assert browser.get("/account", follow_redirects=False).status_code == 303

    def test_use_keeps_a_session_going(self, inside, engine):
        browser = inside(Role.SCHOOL)
        with engine.begin() as connection:
            connection.execute(update(t.sessions).values(seen=now() - keys.IDLE + dt.timedelta(minutes=1)))
        browser.get("/account")
        with engine.begin() as connection:
            seen = connection.execute(select(t.sessions.c.seen)).scalar_one()

        assert now() - seen < dt.timedelta(minutes=1)


class TestInvitation:
    @pytest.fixture
    def invited(self, add, engine):
        account = add("nieuw@voorbeeld.nl", password=None)
        return account, f"/uitnodiging/{keys.invite(engine, account.id, now())}"

    def test_password_of_ones_own_and_inside_at_once(self, browser, browser_of, invited):
        _, path = invited
        assert "nieuw@voorbeeld.nl" in browser.get(path).text
        browser.post(path, {"password": PASSWORD, "again": PASSWORD}, page=path)

        assert browser.get("/account").status_code == 200
        assert browser_of().log_in("nieuw@voorbeeld.nl").url.path == "/account"

    def test_works_once(self, browser, browser_of, invited):
        _, path = invited
        browser.post(path, {"password": PASSWORD, "again": PASSWORD}, page=path)
        again = browser_of()
        answer = again.post(path, {"password": "een heel ander wachtwoord", "again": "een heel ander wachtwoord"})

        assert answer.status_code == 404
        assert "Deze link werkt niet meer" in answer.text
        assert browser_of().log_in("nieuw@voorbeeld.nl").url.path == "/account"

    @pytest.mark.parametrize("made", [dt.timedelta(days=7, seconds=1)])
    def test_expires(self, browser, invited, engine, made):
        _, path = invited
        with engine.begin() as connection:
            connection.execute(update(t.invitations).values(expires=now() - made + keys.INVITED))

        assert browser.get(path).status_code == 404

    def test_newer_link_makes_the_older_worthless(self, browser, invited, engine):
        account, path = invited
        keys.invite(engine, account.id, now())

        assert browser.get(path).status_code == 404

    def test_made_up_link_is_none(self, browser, people):
        assert browser.get("/uitnodiging/abc").status_code == 404

    @pytest.mark.parametrize(
        ("password", "again", "words"),
        [
            ("kort", "kort", "ten minste 12 tekens"),
            ("wachtwoord123", "wachtwoord123", "te makkelijk te raden"),
            ("aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "te makkelijk te raden"),
            ("nieuw@voorbeeld.nl", "nieuw@voorbeeld.nl", "te makkelijk te raden"),
            ("p" * 130, "p" * 130, "hoogstens 128 tekens"),
            (PASSWORD, PASSWORD + "!", "niet gelijk"),
        ],
    )
    def test_password_that_will_not_do_is_told_and_the_link_stays(self, browser, invited, password, again, words):
        _, path = invited
        answer = browser.post(path, {"password": password, "again": again}, page=path)

        assert answer.status_code == 422
        assert words in answer.text
        assert password not in unescape(answer.text).replace("nieuw@voorbeeld.nl", "")
        assert browser.get(path).status_code == 200

    def test_link_for_who_had_a_password_ends_the_sessions(self, inside, browser_of, people, engine):
        browser = inside(Role.SCHOOL)
        path = f"/uitnodiging/{keys.invite(engine, people[Role.SCHOOL].id, now())}"
        other = browser_of()
        other.post(path, {"password": "groene wolk boven Zwolle", "again": "groene wolk boven Zwolle"}, page=path)

        assert other.get("/account").status_code == 200
        assert browser.get("/account", follow_redirects=False).status_code == 303
        assert browser_of().log_in(SCHOOL).status_code == 401


FIRST = {"login": "b@voorbeeld.nl", "name": "B. Heer", "password": PASSWORD, "again": PASSWORD}


class TestFirstRun:
    def test_code_of_the_terminal_makes_the_first_account(self, app, browser):
        answer = browser.post("/eerste-keer", {**FIRST, "code": app.state.first_code.shown}, page="/eerste-keer")

        assert answer.url.path == "/beheer/accounts"
        assert "Uw account is gemaakt" in answer.text

    def test_code_may_be_typed_as_people_type(self, app, browser):
        typed = " " + app.state.first_code.shown.lower().replace("-", " ")

        assert browser.post("/eerste-keer", {**FIRST, "code": typed}).url.path == "/beheer/accounts"

    @pytest.mark.parametrize("code", ["", "AAAA-AAAA-AAAA"])
    def test_without_the_code_nothing_is_made(self, browser, engine, code):
        answer = browser.post("/eerste-keer", {**FIRST, "code": code})

        assert answer.status_code == 422
        assert "Deze code klopt niet" in answer.text
        assert accounts.all_accounts(engine) == ()

    def test_code_can_not_be_guessed_through(self, app, browser):
        statuses = {browser.post("/eerste-keer", {**FIRST, "code": f"poging {n}"}).status_code for n in range(30)}
        answer = browser.post("/eerste-keer", {**FIRST, "code": app.state.first_code.shown})

        assert statuses == {422}
        assert answer.status_code == 429

    def test_each_start_has_another_code(self, settings, engine):
        codes = {make_app(settings, engine).state.first_code.shown for _ in range(5)}

        assert len(codes) == 5

    def test_page_is_gone_once_there_is_an_account(self, app, browser, people):
        assert browser.get("/eerste-keer").status_code == 404
        answer = browser.post("/eerste-keer", {**FIRST, "code": app.state.first_code.shown})
        assert answer.status_code == 404

    def test_two_at_once_make_one(self, engine):
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

        from pipeline.store.errors import AccountError  # noqa: PLC0415

        def make(n: int) -> bool:
            try:
                accounts.add_account(
                    engine, login=f"a{n}", name="A", role=Role.BEHEERDER, now=now(), only_first=True, password="x"
                )
            except AccountError:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(make, range(8))) == 1


def test_restart_keeps_sessions_and_forms(settings, engine, inside):
    browser = inside(Role.SCHOOL)
    token = browser.token("/account")
    second = make_app(settings, open_store(settings.store))
    client = TestClient(second, base_url=ADDRESS, cookies=dict(browser.client.cookies))

    assert client.post("/account/sessies", data={"_csrf": token}, follow_redirects=False).status_code == 303
