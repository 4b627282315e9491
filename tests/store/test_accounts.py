"""Accounts, sessions, invitations and tokens in the store, on SQLite and on PostgreSQL."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from pipeline.store import accounts, keys
from pipeline.store import tables as t
from pipeline.store.accounts import Role
from pipeline.store.errors import AccountError
from pipeline.store.open import reading

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
QUARTER = dt.timedelta(minutes=15)


@pytest.fixture
def school(store):
    return accounts.add_account(
        store, login=" IB@Voorbeeld.nl", name="I. B.", role=Role.SCHOOL, schools=["34CD", "12AB"], now=NOW, password="h"
    )


def count(store, table) -> int:
    with store.begin() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


class TestAccounts:
    def test_is_found_again_by_number_login_and_person(self, store, school):
        accounts.link_account(store, school.id, issuer="https://a", subject="1")
        found = accounts.account_by_id(store, school.id)

        assert found is not None
        assert (found.login, found.schools, found.created) == ("ib@voorbeeld.nl", {"12AB", "34CD"}, NOW)
        assert accounts.account_by_login(store, "ib@VOORBEELD.nl ") == found
        assert accounts.account_by_subject(store, issuer="https://a", subject="1") == found
        assert accounts.account_by_subject(store, issuer="https://b", subject="1") is None

    def test_login_and_person_belong_to_one(self, store, school):
        with pytest.raises(AccountError, match="al een account"):
            accounts.add_account(store, login="ib@voorbeeld.nl", name="X", role=Role.CONSULENT, now=NOW)
        other = accounts.add_account(store, login="x", name="X", role=Role.CONSULENT, now=NOW)
        accounts.link_account(store, school.id, issuer="https://a", subject="1")
        with pytest.raises(AccountError, match="al een ander account"):
            accounts.link_account(store, other.id, issuer="https://a", subject="1")

    def test_number_is_never_used_again(self, store, school):
        manager = accounts.add_account(store, login="b", name="B", role=Role.BEHEERDER, now=NOW, password="h")
        newest = accounts.add_account(store, login="x", name="X", role=Role.CONSULENT, now=NOW)
        accounts.remove_account(store, newest.id)
        again = accounts.add_account(store, login="x", name="X", role=Role.CONSULENT, now=NOW)

        assert manager.id < newest.id < again.id

    def test_what_hangs_on_an_account_goes_with_it(self, store, school):
        accounts.add_account(store, login="b", name="B", role=Role.BEHEERDER, now=NOW, password="h")
        keys.open_session(store, school, agent="x", now=NOW)
        keys.invite(store, school.id, NOW)
        keys.make_token(store, school.id, name="x", days=1, now=NOW)
        accounts.remove_account(store, school.id)

        for table in (t.sessions, t.invitations, t.api_tokens, t.account_schools):
            assert count(store, table) == 0

    def test_password_does_not_show(self, school):
        assert "password" not in repr(school)

    def test_there_is_always_a_beheerder(self, store, school):
        boss = accounts.add_account(store, login="b", name="B", role=Role.BEHEERDER, now=NOW, password="h")
        accounts.add_account(store, login="c", name="C", role=Role.BEHEERDER, now=NOW)  # invited, never came
        for end in (
            lambda: accounts.remove_account(store, boss.id),
            lambda: accounts.block_account(store, boss.id, NOW),
            lambda: accounts.change_account(store, boss.id, name="B", role=Role.CONSULENT),
        ):
            with pytest.raises(AccountError, match="Er moet één beheerder overblijven"):
                end()
        assert accounts.account_by_id(store, boss.id) == boss

    @pytest.mark.parametrize(
        ("word", "key"),
        [("12ab", "12AB"), ("12AB 03", "12AB"), ("12AB03", "12AB"), (" De Vlieger ", "naam:de vlieger"),
         ("12ABC", "naam:12abc"), ("Ébène", "naam:ebene")],
    )  # fmt: skip
    def test_school_is_known_by_brin_or_name(self, store, word, key):
        assert accounts.keys_of_schools(store, [word, "  "]) == {key}


class TestFailures:
    def test_count_those_in_a_row(self, store, school):
        counts = [
            accounts.note_failure(store, "ib@voorbeeld.nl", NOW + n * HOUR / 60, within=QUARTER) for n in range(3)
        ]

        assert counts == [1, 2, 3]
        assert accounts.failures(store, "IB@voorbeeld.nl", NOW + QUARTER, within=QUARTER) == 3
        assert accounts.failures(store, "ib@voorbeeld.nl", NOW + HOUR, within=QUARTER) == 0
        assert accounts.failures(store, "x", NOW, within=QUARTER) == 0

    def test_login_forgets_them(self, store, school):
        accounts.note_failure(store, school.login, NOW, within=QUARTER)
        accounts.note_login(store, school, NOW)

        assert accounts.failures(store, school.login, NOW, within=QUARTER) == 0

    def test_old_ones_go(self, store):
        for n in range(5):
            accounts.note_failure(store, f"naam {n}", NOW, within=QUARTER)
        accounts.note_failure(store, "later", NOW + 25 * HOUR, within=QUARTER)

        assert count(store, t.login_failures) == 1


class TestKeys:
    def test_session_is_found_by_its_key_alone(self, store, school):
        key = keys.open_session(store, school, agent="Firefox", now=NOW)
        found = keys.session_with(store, key, NOW)

        assert found is not None
        assert (found.account.id, found.agent) == (school.id, "Firefox")
        assert keys.session_with(store, key[:-1], NOW) is None
        assert keys.session_with(store, keys.digest_of(key), NOW) is None

    def test_session_lives_by_use_and_not_for_ever(self, store, school):
        key = keys.open_session(store, school, agent="", now=NOW)
        alive = [hours for hours in range(1, 15) if keys.session_with(store, key, NOW + hours * HOUR)]

        assert alive == list(range(1, 13))

    def test_sessions_that_are_over_go(self, store, school):
        keys.open_session(store, school, agent="", now=NOW)
        keys.open_session(store, school, agent="", now=NOW + 5 * HOUR)

        assert count(store, t.sessions) == 1

    def test_invitation_is_used_by_one_of_many(self, store, school):
        key = keys.invite(store, school.id, NOW)
        with ThreadPoolExecutor(6) as pool:
            used = list(pool.map(lambda _: keys.use_invitation(store, key, NOW), range(6)))

        assert sorted(used) == [False] * 5 + [True]

    def test_invitation_expires(self, store, school):
        key = keys.invite(store, school.id, NOW)

        assert keys.invited(store, key, NOW + keys.INVITED) == school
        assert keys.invited(store, key, NOW + keys.INVITED + HOUR) is None
        assert not keys.use_invitation(store, key, NOW + keys.INVITED + HOUR)

    def test_token_is_of_its_holder_until_it_ends(self, store, school):
        key = keys.make_token(store, school.id, name="lvs", days=30, now=NOW)

        assert key.startswith("dekkend_")
        assert keys.token_holder(store, key, NOW + dt.timedelta(days=30)) == school
        assert keys.token_holder(store, key, NOW + dt.timedelta(days=31)) is None

    def test_no_key_stands_in_the_store(self, store, school):
        made = [
            keys.open_session(store, school, agent="", now=NOW),
            keys.invite(store, school.id, NOW),
            keys.make_token(store, school.id, name="x", days=1, now=NOW),
        ]
        with store.begin() as connection:
            kept = "".join(str(row) for table in t.metadata.sorted_tables for row in connection.execute(select(table)))

        assert [key for key in made if key in kept or key.removeprefix("dekkend_") in kept] == []
        assert all(keys.digest_of(key) in kept for key in made)


def test_who_reads_waits_for_no_writer(store, school):
    with store.begin() as writer:
        writer.execute(t.accounts.update().values(name="intussen"))
        with reading(store).begin() as reader:
            assert reader.execute(select(t.accounts.c.name)).scalar_one() == "I. B."
