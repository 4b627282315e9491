"""One's own account and the accounts of everybody, through the pages."""

from __future__ import annotations

import re
from html import unescape

import pytest
from browsers import PASSWORD

from pipeline.store import accounts, keys
from pipeline.store.accounts import Role
from pipeline.web.sessions import kind_of_browser, now

OTHER = "groene wolk boven Zwolle"


class TestOwnPassword:
    def change(self, browser, current=PASSWORD, password=OTHER, again=None):
        form = {"current": current, "password": password, "again": again or password}
        return browser.post("/account/wachtwoord", form, page="/account")

    def test_changes_and_ends_the_other_sessions(self, inside, browser_of):
        browser, elsewhere = inside(Role.SCHOOL), browser_of()
        elsewhere.log_in("school@voorbeeld.nl")
        answer = self.change(browser)

        assert "Uw wachtwoord is veranderd" in answer.text
        assert browser.get("/account").status_code == 200
        assert elsewhere.get("/account", follow_redirects=False).status_code == 303
        assert browser_of().log_in("school@voorbeeld.nl", OTHER).url.path == "/account"
        assert browser_of().log_in("school@voorbeeld.nl", PASSWORD).status_code == 401

    @pytest.mark.parametrize(
        ("how", "words"),
        [
            ({"current": "fout"}, "huidige wachtwoord klopt niet"),
            ({"password": "kort"}, "ten minste 12 tekens"),
            ({"again": "anders dan de eerste"}, "niet gelijk"),
            ({"password": "school@voorbeeld.nl1"}, "te makkelijk te raden"),
        ],
    )
    def test_what_will_not_do_is_told_at_the_field(self, inside, browser_of, how, words):
        answer = self.change(inside(Role.SCHOOL), **how)

        assert answer.status_code == 422
        assert re.search(rf'class="error" id="\w+-fout"><b>Let op:</b> [^<]*{words}', unescape(answer.text))
        assert browser_of().log_in("school@voorbeeld.nl").url.path == "/account"

    def test_current_password_can_not_be_guessed_through(self, inside, monkeypatch):
        browser = inside(Role.SCHOOL)
        monkeypatch.setattr("pipeline.web.passwords.matches", lambda *_: False)
        statuses = [self.change(browser).status_code for _ in range(31)]

        assert statuses == [422] * 30 + [429]


class TestSessions:
    def test_others_can_be_ended(self, inside, browser_of):
        browser, elsewhere = inside(Role.SCHOOL), browser_of()
        elsewhere.log_in("school@voorbeeld.nl")
        assert browser.get("/account").text.count('Laatst gebruikt">') == 2
        browser.post("/account/sessies", page="/account")

        assert browser.get("/account").text.count('Laatst gebruikt">') == 1
        assert elsewhere.get("/account", follow_redirects=False).status_code == 303

    def test_those_of_another_account_stay(self, inside):
        other, browser = inside(Role.CONSULENT), inside(Role.SCHOOL)
        browser.post("/account/sessies", page="/account")

        assert other.get("/account").status_code == 200


@pytest.mark.parametrize(
    ("agent", "shown"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) Version/18.0 Safari/605.1.15",
            "Safari, macOS",
        ),
        (
            "Mozilla/5.0 (iPhone; like Mac OS X) CriOS/140.0 Safari/604.1",
            "Chrome, iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 15; K) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("curl/8", ""),
        ("<script>", ""),
    ],
)
def test_of_a_browser_only_its_kind_is_kept(agent, shown):
    assert kind_of_browser(agent) == shown


class TestTokens:
    def make(self, browser, name="leerlingvolgsysteem", days="30"):
        return browser.post("/account/sleutels", {"name": name, "days": days}, page="/account")

    def test_is_shown_once_and_works(self, inside, engine, people):
        browser = inside(Role.SCHOOL)
        (token,) = re.findall(r'value="(dekkend_[\w-]{43})"', self.make(browser).text)
        holder = keys.token_holder(engine, token, now())

        assert holder is not None
        assert holder.id == people[Role.SCHOOL].id
        assert "leerlingvolgsysteem" in browser.get("/account").text
        assert token not in browser.get("/account").text

    def test_can_be_withdrawn(self, inside, engine):
        browser = inside(Role.SCHOOL)
        (token,) = re.findall(r'value="(dekkend_[\w-]{43})"', self.make(browser).text)
        (action,) = re.findall(r'action="(/account/sleutels/\d+/intrekken)"', browser.get("/account").text)

        assert "ingetrokken" in browser.post(action, page="/account").text
        assert keys.token_holder(engine, token, now()) is None

    def test_of_another_can_not_be_withdrawn(self, inside, engine, people):
        token = keys.make_token(engine, people[Role.CONSULENT].id, name="van een ander", days=30, now=now())
        (one,) = keys.tokens_of(engine, people[Role.CONSULENT].id, now())
        answer = inside(Role.SCHOOL).post(f"/account/sleutels/{one.id}/intrekken", page="/account")

        assert answer.status_code == 404
        assert keys.token_holder(engine, token, now()) is not None

    @pytest.mark.parametrize(("name", "days"), [("", "30"), ("x", "36500"), ("x", "-1")])
    def test_needs_a_name_and_an_end(self, inside, engine, people, name, days):
        assert self.make(inside(Role.SCHOOL), name, days).status_code == 422
        assert keys.tokens_of(engine, people[Role.SCHOOL].id, now()) == ()

    def test_there_is_a_most(self, inside, engine, people):
        for n in range(20):
            keys.make_token(engine, people[Role.SCHOOL].id, name=f"{n}", days=30, now=now())

        assert "te veel sleutels" in self.make(inside(Role.SCHOOL)).text


class TestManaging:
    NEW = ("ib@voorbeeld.nl", "I. Begeleider", "school", "12ab\nObs De Vlieger\n")

    def add(self, browser, login=NEW[0], name=NEW[1], role=NEW[2], schools=NEW[3]):
        form = {"login": login, "name": name, "role": role, "schools": schools}
        return browser.post("/beheer/accounts", form, page="/account")

    def test_invited_person_comes_in_by_the_link(self, inside, browser_of, engine):
        answer = self.add(inside(Role.BEHEERDER))
        (path,) = re.findall(r'value="http://127.0.0.1:8420(/uitnodiging/[\w-]+)"', answer.text)
        invited = browser_of()
        invited.post(path, {"password": PASSWORD, "again": PASSWORD}, page=path)
        account = accounts.account_by_login(engine, "ib@voorbeeld.nl")

        assert account is not None
        assert account.schools == {"12AB", "naam:obs de vlieger"}
        assert "I. Begeleider" in invited.get("/account").text

    @pytest.mark.parametrize(
        ("how", "words"),
        [
            ({"login": ""}, "Vul een inlognaam in"),
            ({"name": " "}, "heeft een naam nodig"),
            ({"role": "directeur"}, "Kies een rol"),
            ({"schools": " \n"}, "Kies ten minste één school"),
            ({"login": "SCHOOL@voorbeeld.nl"}, "is er al een account"),
        ],
    )
    def test_what_lacks_is_told_and_the_rest_stays_filled_in(self, inside, engine, how, words):
        answer = self.add(inside(Role.BEHEERDER), **how)

        assert answer.status_code == 422
        assert words in answer.text
        assert ("I. Begeleider" in answer.text) == ("name" not in how)
        assert len(accounts.all_accounts(engine)) == 3

    def test_staff_belongs_to_no_school(self, inside, engine):
        self.add(inside(Role.BEHEERDER), role="consulent")
        account = accounts.account_by_login(engine, "ib@voorbeeld.nl")

        assert account is not None
        assert (account.role, account.schools) == (Role.CONSULENT, frozenset())

    def test_name_of_a_school_that_the_store_knows_becomes_its_key(self, inside, engine):
        from sqlalchemy import insert  # noqa: PLC0415

        from pipeline.store import tables as t  # noqa: PLC0415

        with engine.begin() as connection:
            connection.execute(insert(t.schools).values(key="34CD", brin="34CD", name="De Vlieger"))
        browser = inside(Role.BEHEERDER)
        self.add(browser, schools="de vlieger")
        account = accounts.account_by_login(engine, "ib@voorbeeld.nl")

        assert account is not None
        assert account.schools == {"34CD"}
        assert "De Vlieger: 34CD" in browser.get("/beheer/accounts").text

    def test_change_is_kept_and_holds_at_once(self, inside, engine, people):
        school, browser = inside(Role.SCHOOL), inside(Role.BEHEERDER)
        form = {"name": "Nieuwe Naam", "role": "consulent", "schools": "12AB"}
        answer = browser.post(f"/beheer/accounts/{people[Role.SCHOOL].id}", form, page="/account")

        assert "De wijzigingen zijn bewaard" in answer.text
        assert "Consulent" in school.get("/account").text

    def deed(self, browser, account, deed):
        return browser.post(f"/beheer/accounts/{account.id}/{deed}", page="/account")

    def test_block_and_unblock(self, inside, browser_of, people):
        school, browser = inside(Role.SCHOOL), inside(Role.BEHEERDER)

        assert "geblokkeerd" in self.deed(browser, people[Role.SCHOOL], "blokkeren").text
        assert school.get("/account", follow_redirects=False).status_code == 303
        assert browser_of().log_in("school@voorbeeld.nl").status_code == 401
        assert "weer inloggen" in self.deed(browser, people[Role.SCHOOL], "deblokkeren").text
        assert browser_of().log_in("school@voorbeeld.nl").url.path == "/account"

    def test_blocked_account_gets_no_link(self, inside, people):
        browser = inside(Role.BEHEERDER)
        self.deed(browser, people[Role.SCHOOL], "blokkeren")

        assert self.deed(browser, people[Role.SCHOOL], "uitnodiging").status_code == 404

    def test_remove(self, inside, engine, people):
        school, browser = inside(Role.SCHOOL), inside(Role.BEHEERDER)
        token = keys.make_token(engine, people[Role.SCHOOL].id, name="x", days=30, now=now())

        assert "Het account is verwijderd" in self.deed(browser, people[Role.SCHOOL], "verwijderen").text
        assert school.get("/account", follow_redirects=False).status_code == 303
        assert keys.token_holder(engine, token, now()) is None

    @pytest.mark.parametrize("deed", ["blokkeren", "verwijderen"])
    def test_last_beheerder_stays(self, inside, engine, people, deed):
        browser = inside(Role.BEHEERDER)
        answer = self.deed(browser, people[Role.BEHEERDER], deed)

        assert answer.status_code == 422
        assert "Er moet één beheerder overblijven" in answer.text
        assert browser.get("/beheer/accounts").status_code == 200

    def test_last_beheerder_can_not_step_down(self, inside, people):
        form = {"name": "B", "role": "school", "schools": "12AB"}
        answer = inside(Role.BEHEERDER).post(f"/beheer/accounts/{people[Role.BEHEERDER].id}", form, page="/account")

        assert answer.status_code == 422

    def test_invited_beheerder_does_not_count_as_one_who_is_left(self, inside, people):
        browser = inside(Role.BEHEERDER)
        self.add(browser, role="beheerder")

        assert self.deed(browser, people[Role.BEHEERDER], "verwijderen").status_code == 422

    def test_unknown_account_is_not_there(self, inside):
        browser = inside(Role.BEHEERDER)

        assert browser.get("/beheer/accounts/999").status_code == 404
        assert browser.get("/beheer/accounts/abc").status_code == 422
        assert browser.post("/beheer/accounts/999/blokkeren", page="/account").status_code == 404

    def test_names_are_escaped(self, inside):
        answer = self.add(inside(Role.BEHEERDER), name="<img src=x onerror=alert(1)>")

        assert "<img" not in answer.text
        assert "&lt;img" in answer.text
