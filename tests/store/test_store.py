"""Results over time, on both databases: nothing lost, nothing twice, nothing of pupils."""

from __future__ import annotations

import datetime as dt
import threading
import time
from dataclasses import replace

import pytest
from reports import MARK, kept, report
from sqlalchemy import create_engine, inspect, select, text

from pipeline.changes import Cause, Turn
from pipeline.result import Verdict
from pipeline.store import decisions, read, record
from pipeline.store import tables as t
from pipeline.store.errors import (
    DecisionError,
    StoreAddressError,
    StoreNewerError,
    StoreUnreachableError,
    UnknownRunError,
    UnknownSchoolError,
)
from pipeline.store.open import alembic_config, open_store, store_url

NOW = dt.datetime(2026, 3, 1, 2, tzinfo=dt.UTC)


def run(store, *reports, gone=(), inbox="profielen", finish=True):
    """A run that meets these documents; returns its number."""
    begun = record.begin_run(store, what="nightly", inboxes=[inbox], program="1", now=NOW)
    record.keep_reports(store, begun.id, inbox, reports)
    if gone:
        current = {row.place for row in _documents(store)} - {None}
        record.end_missing(store, begun.id, inbox, current - set(gone))
    if finish:
        record.finish_run(store, begun.id, now=NOW, documents=len(reports), checked=0, removed=0, unreadable=0)
    return begun.id


def _documents(store):
    with store.begin() as connection:
        return connection.execute(select(t.documents)).all()


def everything(store) -> str:
    """All that stands in the store, as text."""
    with store.begin() as connection:
        return "\n".join(str(row) for table in t.metadata.sorted_tables for row in connection.execute(select(table)))


class TestMigrations:
    def test_tables_are_those_that_the_program_knows(self, store):
        from alembic.autogenerate import compare_metadata  # noqa: PLC0415
        from alembic.migration import MigrationContext  # noqa: PLC0415

        with store.begin() as connection:
            assert compare_metadata(MigrationContext.configure(connection), t.metadata) == []

    def test_store_of_before_keeps_what_it_has(self, address, store):
        run(store, kept(partners="met"))
        again = open_store(address)
        assert len(_documents(again)) == 1
        again.dispose()

    def test_way_back_leaves_nothing(self, store):
        from alembic import command  # noqa: PLC0415

        with store.begin() as connection:
            command.downgrade(alembic_config(connection), "base")
        assert set(inspect(store).get_table_names()) <= {"alembic_version"}

    def test_newer_store_is_refused(self, address, store):
        with store.begin() as connection:
            connection.execute(text("update alembic_version set version_num = '9999'"))
        with pytest.raises(StoreNewerError):
            open_store(address)

    def test_two_that_open_a_new_store_at_once_make_it_once(self, address):
        problems = []

        def open_it():
            try:
                open_store(address).dispose()
            except Exception as problem:  # noqa: BLE001
                problems.append(problem)

        threads = [threading.Thread(target=open_it) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert problems == []


class TestAddress:
    @pytest.mark.parametrize(
        ("address", "shown"),
        [
            ("postgresql://a:geheim@db/x", "postgresql+psycopg://a:***@db/x"),
            ("postgres://db/x", "postgresql+psycopg://db/x"),
            ("sqlite:////elders/x.db", "sqlite:////elders/x.db"),
            ("/elders/x.db", "sqlite:////elders/x.db"),
        ],
    )
    def test_is_understood(self, address, shown):
        assert str(store_url(address, {})) == shown

    @pytest.mark.parametrize("address", ["mysql://db/x", "http://x", "sqlite://", "://"])
    def test_of_something_else_is_refused_without_its_password(self, address):
        with pytest.raises(StoreAddressError):
            store_url(address, {})

    def test_comes_from_the_setting_else_lies_among_the_data(self):
        assert str(store_url(None, {"DEKKEND_STORE": "postgresql://db/x"})).startswith("postgresql")
        assert store_url(None, {"XDG_DATA_HOME": "/data"}).database == "/data/dekkend/dekkend.db"
        assert store_url(None, {"DEKKEND_HOME": "/thuis"}).database == "/thuis/dekkend.db"

    def test_that_nobody_answers_at_is_told_without_password(self):
        with pytest.raises(StoreUnreachableError) as problem:
            open_store("postgresql://dekkend:geheim@127.0.0.1:1/x")
        assert "geheim" not in problem.value.message
        assert "127.0.0.1" in problem.value.message

    def test_file_is_for_its_owner_alone(self, tmp_path):
        open_store(str(tmp_path / "a/b.db")).dispose()
        assert (tmp_path / "a/b.db").stat().st_mode & 0o077 == 0


class TestRuns:
    def test_unfinished_run_is_gone_on_with(self, store):
        first = record.begin_run(store, what="nightly", inboxes=["a", "b"], program="1", now=NOW)
        assert not first.resumed
        again = record.begin_run(store, what="nightly", inboxes=["b", "a"], program="1", now=NOW)
        assert (again.id, again.resumed) == (first.id, True)
        assert record.begin_run(store, what="nightly", inboxes=["a"], program="1", now=NOW).id != first.id

    def test_same_report_twice_is_there_once(self, store):
        one = run(store, kept(partners="missing"), finish=False)
        assert record.keep_reports(store, one, "profielen", [kept(partners="missing")]) == 0
        run(store, kept(partners="missing"))
        run(store, kept(partners="missing"))
        with store.begin() as connection:
            assert len(connection.execute(select(t.results)).all()) == 1
            assert len(connection.execute(select(t.findings)).all()) == 1

    def test_document_that_changes_twice_in_one_run_has_one_result(self, store):
        first = run(store, kept(partners="missing"))
        second = run(store, kept(partners="partial", sha="2"), finish=False)
        record.keep_reports(store, second, "profielen", [kept(partners="met", sha="3")])
        with store.begin() as connection:
            rows = connection.execute(select(t.results.c.from_run, t.results.c.until_run)).all()
        assert sorted(rows, key=lambda row: row.from_run) == [(first, second), (second, None)]

    def test_all_of_a_chunk_or_nothing(self, store, monkeypatch):
        def fail_at_second(connection, result, report):
            if report.document.path == "b.docx":
                raise MemoryError

        begun = record.begin_run(store, what="nightly", inboxes=["profielen"], program="1", now=NOW)
        monkeypatch.setattr(record, "_details", fail_at_second)
        with pytest.raises(MemoryError):
            record.keep_reports(store, begun.id, "profielen", [kept("a.docx"), kept("b.docx")])
        assert record.reports_held(store, "profielen") == {}

    def test_is_found_by_number_and_by_word(self, store):
        first, second = run(store), run(store)
        assert [read.find_run(store, word).id for word in (str(first), "vorige", "laatste")] == [first, first, second]
        for word in ("99", "x", "-1"):
            with pytest.raises(UnknownRunError):
                read.find_run(store, word)
        assert [info.id for info in read.latest_runs(store)] == [second, first]

    def test_news_is_counted_from_the_last_run_that_was_told(self, store):
        numbers = [run(store), run(store), run(store)]
        assert read.last_told(store, numbers[2]) is None
        record.mark_told(store, numbers[0], NOW)
        run(store, inbox="elders")
        assert read.last_told(store, numbers[2]) == numbers[0]


class TestComparison:
    def test_solved_new_and_unchanged_by_school(self, store):
        before = run(
            store,
            kept(partners="missing", zat="met", doel="partial", wens="missing", mr="review", plan="met"),
            kept("b.docx", school="De Klaver", partners="missing"),
        )
        after = run(
            store,
            kept(sha="2", partners="met", zat="missing", doel="missing", wens="partial", mr="missing", plan="met"),
        )
        comparison = read.compare_runs(store, before, after)
        mine = [change for change in comparison.changes if change.school.name == "De Zonnewijzer"]
        assert {change.requirement.removeprefix("anb."): str(change.turn) for change in mine} == {
            "partners": "solved",
            "zat": "new",
            "doel": "worse",
            "wens": "better",
            "mr": "changed",
        }
        assert [(c.school.name, c.turn) for c in comparison.changes if c.requirement == "anb.partners"] == [
            ("De Klaver", Turn.UNCHANGED),
            ("De Zonnewijzer", Turn.SOLVED),
        ]
        changed = read.compare_runs(store, before, after, same=False)
        assert changed == replace(comparison, changes=tuple(mine))

    def test_without_what_stayed_the_same_who_came_and_went_is_told_as_well(self, store):
        before = run(store, kept(partners="missing"), kept("b.docx", school="De Klaver", partners="missing"))
        after = run(
            store,
            kept("b.docx", error="corrupt"),
            kept("c.docx", school="De Linde", partners="met"),
            gone=["zonnewijzer.docx"],
        )
        assert read.compare_runs(store, before, after, same=False) == read.compare_runs(store, before, after)

    def test_documents_alone_are_those_that_count(self, store):
        number = run(store, kept(partners="missing"), kept("b.docx", school="De Klaver", error="corrupt"))
        whole, bare = read.standing_at(store, number), read.standing_at(store, number, verdicts=False)
        assert bare == {key: replace(holding, findings={}) for key, holding in whole.items()}

    @pytest.mark.parametrize(
        ("after", "cause"),
        [
            ({"sha": "2"}, Cause.DOCUMENT),
            ({"version": "2026-01"}, Cause.NORM),
            ({}, Cause.RECOGNITION),
        ],
    )
    def test_says_whether_school_norm_or_program_made_the_change(self, store, after, cause):
        before = run(store, kept(partners="met"))
        now = run(store, kept(partners="missing", **after))
        (change,) = read.compare_runs(store, before, now).changes
        assert (change.turn, change.cause) == (Turn.NEW, cause)

    def test_document_that_went_or_can_not_be_read_solved_nothing(self, store):
        before = run(store, kept(partners="missing"), kept("b.docx", school="De Klaver", partners="missing"))
        after = run(store, kept("b.docx", error="corrupt"), gone=["zonnewijzer.docx"])
        comparison = read.compare_runs(store, before, after)
        assert comparison.changes == ()
        assert [holding.school.name for holding in comparison.gone] == ["De Zonnewijzer"]
        assert [holding.school.name for holding in comparison.unread] == ["De Klaver"]
        (unread,) = read.unread_at(store, after)
        assert (unread.place, unread.school, unread.code, unread.since) == ("b.docx", "De Klaver", "corrupt", after)

    def test_document_that_was_moved_or_renamed_changed_nothing(self, store):
        before = run(store, kept("oud/a.docx", partners="missing"))
        after = run(store, kept("nieuw/b.docx", partners="missing"), gone=["oud/a.docx"])
        assert [str(c.turn) for c in read.compare_runs(store, before, after).changes] == ["unchanged"]

    def test_latest_profile_that_can_be_read_counts(self, store):
        number = run(
            store,
            kept("oud.docx", year="2023-2024", partners="missing"),
            kept("nieuw.docx", year="2025-2026", partners="met"),
        )
        ((key, holding),) = read.standing_at(store, number).items()
        assert (key, holding.place) == (("naam:de zonnewijzer", "sop"), "nieuw.docx")

    def test_school_is_one_by_brin_also_when_a_document_names_it_only(self, store):
        run(store, kept(partners="missing"))
        number = run(
            store,
            kept(brin="12AB", partners="missing", sha="2"),
            kept("gids.docx", kind="schoolgids", school="de zonnewijzer", partners="met"),
        )
        assert set(read.standing_at(store, number)) == {("12AB", "sop"), ("12AB", "schoolgids")}

    def test_document_without_a_school_stands_for_itself(self, store):
        number = run(
            store, kept("a.docx", school=None, partners="missing"), kept("b.docx", school=None, partners="met")
        )
        assert sorted(h.school.name for h in read.standing_at(store, number).values()) == ["a.docx", "b.docx"]

    def test_only_inboxes_that_both_runs_saw_are_compared(self, store):
        before = run(store, kept(partners="missing"), inbox="a")
        after = run(store, kept(partners="missing"), inbox="b")
        assert read.compare_runs(store, before, after).gone == ()


class TestHistory:
    def test_tells_what_each_run_changed_and_leaves_out_the_rest(self, store):
        first = run(store, kept(partners="missing"))
        run(store, kept(partners="missing"))
        run(store, kept("b.docx", school="De Klaver", partners="met"))
        third = run(store, kept(partners="met", sha="2"))
        last = run(store, gone=["zonnewijzer.docx"])
        steps = read.history(store, read.find_school(store, "zonnewijzer"))
        assert [step.run for step in steps] == [first, third, last]
        assert [[str(c.turn) for c in step.comparison.changes] for step in steps] == [["new"], ["solved"], []]
        assert len(steps[2].comparison.gone) == 1

    def test_school_is_found_by_brin_name_or_part(self, store):
        run(store, kept(brin="12AB"), kept("b.docx", school="De Zonnewende"), kept("c.docx", school="Één"))
        assert read.find_school(store, "12ab").name == "De Zonnewijzer"
        assert read.find_school(store, "wende").name == "De Zonnewende"
        assert read.find_school(store, "een").name == "Één"
        with pytest.raises(UnknownSchoolError, match=r"past bij 2 scholen: De Zonnewende; De Zonnewijzer 12AB"):
            read.find_school(store, "zonne")
        with pytest.raises(UnknownSchoolError):
            read.find_school(store, "Klaver")


class TestDecisions:
    @pytest.fixture
    def school(self, store):
        run(store, kept(partners="partial", zat="missing", quotes={"partners": "Wij kennen de GGD."}))
        return read.find_school(store, "zonnewijzer").key

    def decide(self, store, school, **how):
        return decisions.decide(
            store,
            **{"school": school, "kind": "sop", "requirement": "anb.partners", "verdict": Verdict.MET,
               "reason": "Ik belde de school.", "author": "T. Fictief", "now": NOW, **how},
        )  # fmt: skip

    def test_stays_while_the_passage_stays(self, store, school):
        made = self.decide(store, school)
        assert (made.seen, made.verdict, made.holds, made.confirms) == (Verdict.PARTIAL, Verdict.MET, True, False)
        run(store, kept(sha="2", partners="partial", zat="met", quotes={"partners": "Wij  kennen de GGD."}))
        assert [one.holds for one in decisions.decisions_on(store, school)] == [True]
        run(store, kept(sha="3", partners="partial", quotes={"partners": "Wij kennen niemand."}))
        assert [one.holds for one in decisions.decisions_on(store, school)] == [False]

    def test_on_what_has_no_quote_lapses_with_the_document(self, store, school):
        self.decide(store, school, requirement="anb.zat", verdict=Verdict.MISSING)
        assert [(one.confirms, one.holds) for one in decisions.decisions_on(store, school)] == [(True, True)]
        run(store, kept(sha="2", zat="missing"))
        assert [one.holds for one in decisions.decisions_on(store, school)] == [False]

    def test_later_one_takes_the_place_of_an_earlier_and_both_are_kept(self, store, school):
        self.decide(store, school)
        second = self.decide(store, school, verdict=Verdict.NOT_APPLICABLE)
        assert [one.id for one in decisions.decisions_on(store, school)] == [second.id]
        assert decisions.withdraw(store, second.id, author="T. Fictief", now=NOW)
        assert not decisions.withdraw(store, second.id, author="T. Fictief", now=NOW)
        assert decisions.decisions_on(store, school) == ()
        with store.begin() as connection:
            assert len(connection.execute(select(t.decisions)).all()) == 2

    @pytest.mark.parametrize(
        "how",
        [
            {"reason": " "},
            {"author": ""},
            {"requirement": "anb.bestaat-niet"},
            {"kind": "schoolgids"},
            {"verdict": Verdict.REVIEW},
            {"passage": "wat er eerder stond"},
        ],
    )
    def test_that_can_not_be_is_refused(self, store, school, how):
        with pytest.raises(DecisionError):
            self.decide(store, school, **how)
        assert decisions.decisions_on(store, school) == ()


class TestPrivacy:
    @pytest.mark.parametrize("kind", ["opp", "abc", "okr", "deskundigenrapportage", "unknown", None])
    def test_of_documents_about_pupils_no_name_quote_place_or_verdict_is_kept(self, store, kind):
        number = run(
            store,
            kept(
                f"{MARK}/OPP {MARK}.docx", kind=kind, school=MARK, year=None, partners="met", quotes={"partners": MARK}
            ),
            kept(f"OPP {MARK}.pdf", error="no-text"),
        )
        assert MARK not in everything(store)
        assert report(sha="1").document.sha256 not in everything(store)
        assert [one.place for one in read.unread_at(store, number)] == [None]

    def test_of_a_pupils_document_that_is_gone_nothing_is_left(self, store):
        run(store, kept("OPP.docx", kind="opp", partners="met"), kept(partners="met"))
        second = record.begin_run(store, what="nightly", inboxes=["profielen"], program="1", now=NOW)
        assert record.end_missing(store, second.id, "profielen", ["zonnewijzer.docx"]) == 1
        assert [row.place for row in _documents(store)] == ["zonnewijzer.docx"]

    def test_document_that_turns_out_to_be_about_a_pupil_loses_its_place(self, store):
        run(store, kept(f"{MARK}.docx", partners="met", quotes={"partners": MARK}))
        assert MARK in everything(store)
        run(store, kept(f"{MARK}.docx", kind="opp", school=None, partners="met", quotes={"partners": MARK}, sha="2"))
        assert MARK not in everything(store)

    def test_quotes_from_blocks_with_personal_data_are_left_out(self, store):
        run(store, kept(private=[3, 7], partners="met", quotes={"partners": MARK}))
        assert MARK not in everything(store)
        assert "Onze rekencoördinator" not in everything(store)

    def test_message_of_an_error_is_not_kept(self, store):
        run(store, kept(partners="met"))
        run(store, kept(error="corrupt"))
        assert MARK not in everything(store)


def test_characters_that_a_database_refuses_do_not_stop_a_run(store):
    run(store, kept(partners="met", quotes={"partners": "nul \x00 hier"}, school="De \x00 School"))
    assert "nul \ufffd hier" in everything(store)


def test_connection_that_is_killed_costs_nothing(postgres):
    address = postgres.new_database()
    store = open_store(address)
    begun = record.begin_run(store, what="nightly", inboxes=["profielen"], program="1", now=NOW)
    killer = threading.Thread(target=kill_connections, args=(address, 4))
    killer.start()
    labels = []
    while killer.is_alive():
        chunk = [f"{len(labels) + number}.docx" for number in range(5)]
        reports = [kept(label, school=f"School {label}", partners="met") for label in chunk]
        record.keep_reports(store, begun.id, "profielen", reports)
        labels += chunk
    assert sorted(row.place for row in _documents(store)) == sorted(labels)
    with store.begin() as connection:
        assert len(connection.execute(select(t.results)).all()) == len(labels)
        assert len(connection.execute(select(t.findings)).all()) == len(labels)
    store.dispose()


def kill_connections(address, times):
    """End all other connections to a database, several times."""
    other = create_engine(address.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT")
    which = "datname = current_database() and pid <> pg_backend_pid()"
    for _ in range(times):
        time.sleep(0.7)
        with other.connect() as connection:
            connection.execute(text(f"select pg_terminate_backend(pid) from pg_stat_activity where {which}"))
    other.dispose()
