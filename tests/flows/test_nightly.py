"""Nights: what is new, changed and gone; what is told; and what is left after a kill."""

from __future__ import annotations

import io
import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from batch_workers import start_cold
from databases import running_postgres
from sqlalchemy import create_engine, select, text

from flows import nightly, plan, pool
from flows.config import Expected, Inbox, Nightly, config_of, read_config, read_schools
from flows.errors import AddressError, BatchBusyError, DigestError, PlaceError
from flows.lock import locked
from flows.log import start_log
from flows.news import missing_schools
from flows.nightly import run_nightly
from flows.notify import send
from pipeline.changes import Holding, SchoolRef
from pipeline.errors import ConfigError
from pipeline.report.digest import Rendered
from pipeline.store import read
from pipeline.store import tables as t
from pipeline.store.open import open_store

MARK = "Zwaluwstaartje"


class Night:
    """Inbox, settings, and what was told."""

    def __init__(self, folder: Path, **more):
        self.inbox = folder / "in"
        self.inbox.mkdir()
        self.told = []
        self.config = Nightly(
            inboxes=(Inbox(name="profielen", at=str(self.inbox)),), out=folder / "uit", store=str(folder / "store.db"),
            notify=("json://nergens",), **more,
        )  # fmt: skip

    def write(self, **documents):
        for name, words in documents.items():
            (self.inbox / f"{name}.docx").write_text(words)

    def pass_by(self, **how):
        return run_nightly(self.config, **{"workers": 1, "checker": "batch_workers:school", "tell": self.tell, **how})

    def tell(self, news, addresses):
        self.told.append(news)
        return len(addresses)

    def held(self):
        store = open_store(self.config.store)
        with store.begin() as connection:
            query = select(t.documents.c.place).join(t.results).where(t.results.c.until_run.is_(None))
            return sorted(str(place) for place in connection.scalars(query))


@pytest.fixture
def night(tmp_path, monkeypatch):
    monkeypatch.setattr(pool, "start_worker", start_cold)
    monkeypatch.setattr(nightly, "_PAUSE_S", 0)
    return Night(tmp_path)


def test_new_changed_and_gone_are_told_once_and_nothing_is_told_of_nothing(night):
    night.write(a="school=Klaver partners=missing oudertevredenheid=met", b="school=Linde partners=met")
    first = night.pass_by()
    assert (first.documents, first.checked, first.removed, first.told) == (2, 2, 0, 1)
    assert "eerste keer, 2 documenten" in first.news.title

    quiet = night.pass_by()
    assert (quiet.documents, quiet.checked, quiet.told, len(night.told)) == (2, 0, 0, 1)
    assert not quiet.news.is_any

    night.write(a="school=Klaver partners=met oudertevredenheid=missing", c="school=Esdoorn partners=met", d="NO")
    (night.inbox / "b.docx").unlink()
    third = night.pass_by()
    assert (third.documents, third.checked, third.removed, third.unreadable) == (3, 3, 1, 1)
    body = night.told[-1].text
    better, worse = body.index("BETER"), body.index("SLECHTER")
    assert "Klaver" in body[better:worse]
    assert "niet gevonden → aangetroffen" in body[better:worse]
    assert "aangetroffen → niet gevonden" in body[worse:]
    assert "Esdoorn (Schoolondersteuningsprofiel): geen hiaten gevonden" in body
    assert "een document in inbox profielen (welk, staat in het overzicht): Beschadigd bestand" in body
    assert "NIET MEER AANWEZIG\n- Linde" in body
    assert night.told[-1].html.count("<h2") == body.count("\n\n") or "Beter geworden" in night.told[-1].html

    assert not night.pass_by().news.is_any
    assert len(night.told) == 2
    assert (night.config.out / "bericht.html").read_text() == night.told[-1].html


def test_only_what_changed_is_checked(night, tmp_path):
    night.write(a="school=A x=met", b="school=B x=met")
    night.pass_by()
    night.write(b="school=B x=missing")
    night.pass_by()
    calls = (night.config.out / "calls.txt").read_text().split()
    assert Counter(calls) == {"a.docx": 1, "b.docx": 2}


def test_what_could_not_be_told_is_told_the_next_time(night):
    def away(_news, _addresses):
        raise DigestError

    night.write(a="school=A x=missing")
    night.pass_by()
    night.write(a="school=A x=met")
    with pytest.raises(DigestError):
        night.pass_by(tell=away)
    night.pass_by()
    assert "niet gevonden → aangetroffen" in night.told[-1].text


def test_inbox_that_is_away_or_suddenly_empty_loses_nothing(night, tmp_path):
    other = tmp_path / "anders"
    other.mkdir()
    (other / "x.docx").write_text("school=X x=met")
    inboxes = (*night.config.inboxes, Inbox(name="anders", at=str(other)))
    night.config = night.config.model_copy(update={"inboxes": inboxes})
    night.write(a="school=A x=met")
    night.pass_by()

    night.inbox.rename(tmp_path / "weg")
    result = night.pass_by()
    assert [trouble.inbox for trouble in result.troubles] == ["profielen"]
    assert night.held() == ["a.docx", "x.docx"]
    assert "inbox niet bereikbaar" in night.told[-1].title

    night.inbox.mkdir()
    assert [trouble.problem.code for trouble in night.pass_by().troubles] == ["inbox-empty"]
    assert (night.config.out / "profielen/a.docx/report.json").is_file()

    result = night.pass_by(allow_empty=True)
    assert (result.removed, result.troubles, night.held()) == (1, (), ["x.docx"])


def test_share_that_comes_back_in_time_is_no_trouble(night, monkeypatch):
    night.write(a="school=A x=met")
    tries = []
    really = nightly.look_into

    def look(inbox, out):
        tries.append(inbox.name)
        if len(tries) < 3:
            raise nightly.AddressUnreachableError
        return really(inbox, out)

    monkeypatch.setattr(nightly, "look_into", look)
    assert night.pass_by().troubles == ()
    assert len(tries) == 3


def test_inbox_at_an_address_is_fetched_only_where_it_changed(night, monkeypatch):
    night.write(a="school=A x=met", b="school=B x=met")
    (night.inbox / ".verborgen.docx").write_text("school=Nee x=met")
    inbox = Inbox(name="profielen", at=night.inbox.as_uri())
    night.config = night.config.model_copy(update={"inboxes": (inbox,)})
    assert night.pass_by().documents == 2

    fetched = []
    really = plan.remote_digest
    monkeypatch.setattr(plan, "remote_digest", lambda url: fetched.append(url) or really(url))
    night.write(b="school=B x=missing")
    result = night.pass_by()
    assert (result.documents, result.checked, [url.rpartition("/")[2] for url in fetched]) == (2, 1, ["b.docx"])


def test_address_that_is_none_is_told(night):
    inbox = Inbox(name="profielen", at="bestaatniet://iets")
    night.config = night.config.model_copy(update={"inboxes": (inbox,)})
    with pytest.raises(AddressError):
        night.pass_by()


def test_place_that_is_none_is_told(night):
    night.write(a="school=A x=met")
    with pytest.raises(PlaceError):
        night.pass_by(on="wolk")


def test_second_run_at_once_is_refused(night):
    folder = night.config.out / ".dekkend"
    folder.mkdir(parents=True)
    with locked(folder / "nightly.lock"), pytest.raises(BatchBusyError):
        night.pass_by()


def test_nothing_of_pupils_is_told_logged_measured_or_kept(night, tmp_path):
    stream = io.StringIO()
    start_log("json", stream)
    try:
        (night.inbox / f"OPP {MARK}.docx").write_text(f"school={MARK} kind=opp x=met")
        (night.inbox / f"scan {MARK}.docx").write_text("NO")
        night.write(a="school=A x=met")
        night.pass_by()
        (night.inbox / f"OPP {MARK}.docx").write_text(f"school={MARK} kind=opp x=missing")
        (night.inbox / f"scan {MARK}.docx").unlink()
        night.pass_by()
    finally:
        logging.getLogger("dekkend").handlers.clear()
        logging.getLogger("dekkend").propagate = True
    events = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert {"run", "chunk", "unreadable", "finished"} <= {event["event"] for event in events}
    for secret in (MARK, "Dit staat er"):
        assert secret not in stream.getvalue()
        assert secret not in (night.config.out / "metrics.prom").read_text()
        assert all(secret not in news.text + news.html + news.title for news in night.told)
    for file in tmp_path.glob("store.db*"):
        assert MARK.encode() not in file.read_bytes()


def test_metrics_count_documents_and_failures_by_code(night):
    night.write(a="school=A x=met", b="NO", c="NO nog een")
    night.pass_by()
    lines = (night.config.out / "metrics.prom").read_text().splitlines()
    for line in ("dekkend_documents 3.0", "dekkend_unreadable 2.0", 'dekkend_failures{code="corrupt"} 2.0'):
        assert line in lines


def start_night(folder: Path, *store: str) -> subprocess.Popen:
    # a night brings its own server, not the one of a batch that ran in this process before
    environment = {k: v for k, v in os.environ.items() if k != "PREFECT_API_URL"}
    environment |= {"PYTHONPATH": os.pathsep.join(sys.path)}
    script = Path(__file__).with_name("night.py")
    return subprocess.Popen(
        [sys.executable, script, folder, *store], env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )


def calls_of(folder: Path) -> list[str]:
    path = folder / "uit/calls.txt"
    return path.read_text().split() if path.exists() else []


def wait_for_calls(folder: Path, count: int) -> None:
    end = time.monotonic() + 240
    while len(calls_of(folder)) < count:
        assert time.monotonic() < end, "the run does not get going"
        time.sleep(0.02)


def check_whole(folder: Path, store, count: int) -> None:
    """Every document has its whole report on disk and its one result in the store."""
    labels = [f"{number}.docx" for number in range(count)]
    reports = sorted(path.parent.name for path in (folder / "uit/in").glob("*/report.json"))
    assert reports == sorted(labels)
    for path in (folder / "uit/in").glob("*/report.json"):
        json.loads(path.read_text())
    with store.begin() as connection:
        held = connection.scalars(select(t.documents.c.place).join(t.results).where(t.results.c.until_run.is_(None)))
        assert sorted(held) == sorted(labels)
        assert len(connection.execute(select(t.results)).all()) == count
        assert len(connection.execute(select(t.findings)).all()) == count
    page = (folder / "uit/in/index.html").read_text()
    assert all(f'href="{label}/report.html' in page for label in labels)


def test_night_that_is_killed_goes_on_where_it_was(tmp_path):
    (tmp_path / "in").mkdir()
    for number in range(60):
        (tmp_path / f"in/{number}.docx").write_text(f"school=School{number} x=met")
    for kill_after in (12, 35):
        run = start_night(tmp_path)
        wait_for_calls(tmp_path, kill_after)
        run.send_signal(signal.SIGKILL)
        run.wait()
        time.sleep(0.5)  # its workers see that nobody is there any more
    run = start_night(tmp_path)
    assert run.wait(240) == 0
    store = open_store(str(tmp_path / "store.db"))
    check_whole(tmp_path, store, 60)
    (info,) = read.latest_runs(store)
    assert (info.status, info.documents) == ("completed", 60)
    assert len(calls_of(tmp_path)) < 60 + 2 * 20, "what was done before the kills was not done again, but for a chunk"


def test_database_that_drops_its_connections_costs_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(pool, "start_worker", start_cold)
    (tmp_path / "in").mkdir()
    for number in range(60):
        (tmp_path / f"in/{number}.docx").write_text(f"school=School{number} x=met")
    with running_postgres() as postgres:
        address = postgres.new_database()
        open_store(address).dispose()
        stop = threading.Event()
        killer = threading.Thread(target=_kill_connections, args=(address, stop))
        killer.start()
        try:
            config = config_of([str(tmp_path / "in")], tmp_path / "uit", address)
            run_nightly(config, workers=2, checker="batch_workers:school", tell=lambda *_: 0)
        finally:
            stop.set()
            killer.join()
        check_whole(tmp_path, open_store(address), 60)


def _kill_connections(address, stop):
    engine = create_engine(address.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT")
    which = "datname = current_database() and pid <> pg_backend_pid()"
    while not stop.wait(1):
        with engine.connect() as connection:
            connection.execute(text(f"select pg_terminate_backend(pid) from pg_stat_activity where {which}"))
    engine.dispose()


class TestConfig:
    GOOD = "inboxes:\n  - name: profielen\n    at: in\nout: uit\n"

    def read(self, tmp_path, words):
        (tmp_path / "nightly.yaml").write_text(words)
        return read_config(tmp_path / "nightly.yaml")

    def test_places_are_below_the_folder_of_the_file(self, tmp_path, monkeypatch):
        monkeypatch.setenv("WACHTWOORD", "geheim")
        config = self.read(
            tmp_path, self.GOOD + "store: postgresql://a:${WACHTWOORD}@db/x\nschools: s.csv\nat: 3:30\nsomething: 1\n"
            .replace("something: 1\n", "")
        )  # fmt: skip
        assert config.inboxes[0].at == str(tmp_path / "in")
        assert (config.out, config.schools) == (tmp_path / "uit", tmp_path / "s.csv")
        assert config.store == "postgresql://a:geheim@db/x"

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            ("inboxes: []\nout: uit\n", r"nightly.yaml:1: inboxes: hier hoort ten minste één waarde"),
            (GOOD + "uot: x\n", r"nightly.yaml:5: uot: dit veld bestaat niet"),
            ("inboxes:\n  - name: a/b\n    at: in\nout: x\n", r"nightly.yaml:2: inboxes.1.name: deze waarde kan niet"),
            (GOOD + "at: '25:00'\n", r"nightly.yaml:5: at: deze waarde kan niet"),
            (GOOD.replace("out: uit\n", ""), r"out: dit veld ontbreekt"),
            (GOOD + "out: nog een\n", r"nightly.yaml:5: veld 'out' staat er twee keer"),
            ("- x\n", r"nightly.yaml:1: .*hier horen velden"),
        ],
    )
    def test_mistake_is_told_with_its_line(self, tmp_path, words, message):
        with pytest.raises(ConfigError, match=message):
            self.read(tmp_path, words)

    def test_two_inboxes_may_not_share_a_name(self, tmp_path):
        with pytest.raises(ConfigError, match="dezelfde naam"):
            config_of([str(tmp_path / "a/in"), str(tmp_path / "b/in")], tmp_path / "uit", None)

    @pytest.mark.parametrize(
        ("words", "schools"),
        [
            ("naam;brin\nDe Klaver;12ab\n", [("12AB", "De Klaver")]),
            ("brin,naam\n,De Linde\n", [(None, "De Linde")]),
            ("INSTELLINGSCODE;VESTIGINGSCODE;VESTIGINGSNAAM\n12AB;12AB01;De Klaver\n", [("12AB01", "De Klaver")]),
        ],
    )
    def test_schools_come_from_a_list_of_ones_own_or_of_duo(self, tmp_path, words, schools):
        (tmp_path / "s.csv").write_text(words)
        assert [(one.code, one.name) for one in read_schools(tmp_path / "s.csv")] == schools

    def test_list_without_names_is_told(self, tmp_path):
        (tmp_path / "s.csv").write_text("a;b\n1;2\n")
        with pytest.raises(ConfigError, match="geen kolom met namen"):
            read_schools(tmp_path / "s.csv")


@pytest.mark.parametrize(
    ("expected", "missing"),
    [
        ([("12AB", "Klaver")], []),
        ([("99ZZ", "de  KLAVER")], []),
        ([("99ZZ", "Esdoorn")], ["Esdoorn"]),
        ([("12AB01", "Hoofdgebouw")], []),
        ([("12AB01", "Een"), ("12AB02", "Twee")], ["Een", "Twee"]),
    ],
)
def test_school_sent_nothing_unless_known_by_code_or_name(expected, missing):
    school = SchoolRef(key="12AB", name="De Klaver", brin="12AB")
    unknown = dict.fromkeys(("school_year", "sha256", "norm", "error"))
    holding = Holding(result=1, school=school, kind="sop", place="a", findings={}, **unknown)
    schools = [Expected(code=code, name=name) for code, name in expected]
    assert missing_schools(schools, {("12AB", "sop"): holding}, ["sop"]) == missing


class TestNotify:
    NEWS = Rendered(title="titel", html="<p>bladzijde</p>", text="tekst", is_any=True)

    def test_page_goes_where_pages_are_read_and_text_elsewhere(self, monkeypatch):
        from apprise import Apprise  # noqa: PLC0415

        sent = []
        monkeypatch.setattr(
            Apprise, "notify", lambda self, body, title, body_format: sent.append((body, body_format)) or True
        )
        assert send(self.NEWS, ["mailto://a:b@voorbeeld.nl", "json://voorbeeld.nl"]) == 2
        assert [body for body, _ in sent] == ["<p>bladzijde</p>", "tekst"]

    def test_nobody_told_is_an_error_and_some_told_is_not(self, monkeypatch):
        from apprise import Apprise  # noqa: PLC0415

        answers = iter([False, True, False])
        monkeypatch.setattr(Apprise, "notify", lambda *_, **__: next(answers))
        assert send(self.NEWS, ["json://een", "json://twee"]) == 1
        with pytest.raises(DigestError):
            send(self.NEWS, ["json://drie"])

    def test_address_that_is_none_is_told_without_it(self):
        with pytest.raises(DigestError) as problem:
            send(self.NEWS, ["geheim"])
        assert "geheim" not in problem.value.message + problem.value.hint

    def test_without_addresses_nobody_is_told(self):
        assert send(self.NEWS, []) == 0
