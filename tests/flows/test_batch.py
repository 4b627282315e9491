"""Whole batches through the Prefect flow, on documents that go wrong in every way."""

import datetime as dt
import json
import logging
import os
import re
import signal
from pathlib import Path
from urllib.parse import unquote

import docx
import pytest
from batch_workers import dies_at_start, start_cold

from extractors.document import ReadCode
from flows import batch, pool
from flows.batch import run_batch
from flows.errors import BatchBusyError, WorkersError
from flows.pool import CheckPool, Lost
from flows.settings import prepare_environment
from flows.worker import Job, Target
from pipeline import steps
from pipeline.errors import NormError

MARK = "Zwaluwstaartje"  # in a document, in a pupil's name and in an exception
QUICK = "batch_workers:quick"


class Recorder:
    def __init__(self):
        self.total, self.seen, self.finished = 0, [], 0

    def start(self, total):
        self.total = total

    def advance(self, name, outcome):
        self.seen.append((name, outcome))

    def finish(self):
        self.finished += 1


def write_docx(path: Path, *paragraphs: str) -> None:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text, style="Heading 1" if len(text) < 40 else None)
    document.save(path)


@pytest.fixture
def cold(monkeypatch):
    monkeypatch.setattr(pool, "start_worker", start_cold)


def calls(folder: Path) -> list[str]:
    return sorted((folder.parent / "calls.txt").read_text().splitlines())


def json_of(out: Path, name: str):
    (report,) = json.loads((out / name / "report.json").read_text(encoding="utf-8"))
    return report


@pytest.fixture(scope="module")
def disaster(tmp_path_factory):
    """A batch with everything that can go wrong, run once."""
    folder = tmp_path_factory.mktemp("ramp") / "in"
    (folder / "leerlingen").mkdir(parents=True)
    write_docx(
        folder / "sop 1.docx",
        "Schoolondersteuningsprofiel 2025-2026",
        "Onze school",
        f"Wij werken samen met de GGD en leerplicht van de gemeente Almere, zegt {MARK} in dit ondersteuningsprofiel.",
    )
    (folder / "kopie.docx").write_bytes((folder / "sop 1.docx").read_bytes())
    write_docx(
        folder / f"leerlingen/OPP {MARK} de Vries.docx",
        "Ontwikkelingsperspectief",
        f"Naam leerling: {MARK} de Vries, geboren op 3 maart 2016, groep 6 van de Zonnewijzer.",
    )
    for name in ("DIES", "EATS", "HANGS", f"RAISES {MARK}"):
        (folder / f"{name}.docx").write_text(f"{name} {MARK}")
    (folder / "kapot.docx").write_bytes(b"PK\x03\x04" + MARK.encode())
    (folder / "leeg.pdf").write_bytes(b"")
    return folder


@pytest.fixture(scope="module")
def ran(disaster, prefect_home):
    recorder, handler = Recorder(), _Keep()
    prepare_environment()
    import flows.flow  # noqa: F401, PLC0415  (Prefect sets up logging at import and would drop the handler)

    for logger in ("", "prefect", "dekkend"):
        logging.getLogger(logger).addHandler(handler)
    try:
        result = run_batch(
            disaster,
            disaster.parent / "out",
            checker=QUICK,
            workers=2,
            timeout_s=8,
            progress=recorder,
            today=dt.date(2026, 3, 1),
        )
    finally:
        for logger in ("", "prefect", "dekkend"):
            logging.getLogger(logger).removeHandler(handler)
    return result, recorder, handler.records


class _Keep(logging.Handler):
    def __init__(self):
        super().__init__(logging.DEBUG)
        self.records = []

    def emit(self, record):
        self.records.append(record)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("DIES.docx", "internal"),
        ("EATS.docx", "too-large"),
        ("HANGS.docx", "timeout"),
        (f"RAISES {MARK}.docx", "internal"),
        ("kapot.docx", "corrupt"),
        ("leeg.pdf", "empty-file"),
    ],
)
def test_a_document_that_goes_wrong_has_a_report_that_says_so(ran, name, code):
    result, recorder, _ = ran
    report = json_of(result.out, name)
    assert report["error"]["code"] == code
    assert report["document"]["path"] == name
    assert re.fullmatch("[0-9a-f]{64}", report["document"]["sha256"])
    assert (name, code) in recorder.seen
    assert (result.out / name / "report.html").is_file()


def test_the_others_are_checked_and_counted(ran):
    result, recorder, _ = ran
    assert json_of(result.out, "sop 1.docx")["norm"]["id"] == "anb"
    first, copy = json_of(result.out, "sop 1.docx"), json_of(result.out, "kopie.docx")
    assert first.pop("document") | {"path": ""} == copy.pop("document") | {"path": ""}
    assert first == copy
    assert (result.reports, result.unreadable, result.skipped) == (9, 6 + _unread_pupil(result), 0)
    assert result.read + result.partly + result.unreadable == result.reports
    assert result.gaps
    assert (recorder.total, len(recorder.seen), recorder.finished) == (9, 9, 1)


def _unread_pupil(result) -> int:
    return json_of(result.out, f"leerlingen/OPP {MARK} de Vries.docx")["error"] is not None


def test_equal_bytes_are_checked_once_and_what_a_crash_may_have_cost_twice(ran, disaster):
    once = ("kopie.docx", "EATS.docx", f"RAISES {MARK}.docx", "kapot.docx", "leeg.pdf")
    pupil = f"leerlingen/OPP {MARK} de Vries.docx"
    assert calls(disaster) == sorted([*once, pupil, *("DIES.docx", "HANGS.docx") * 2])


def test_overview_links_to_every_report(ran):
    result, _, _ = ran
    page = result.index.read_text(encoding="utf-8")
    links = {unquote(href.split("#")[0]) for href in re.findall(r'href="([^"]+report\.html[^"]*)"', page)}
    assert links == {str(p.relative_to(result.out)) for p in result.out.rglob("report.html")}
    assert 'href="sop%201.docx/report.html' in page
    assert "1 maart 2026" in page
    assert result.overview.read_bytes().startswith(b"PK")


def test_nothing_of_a_document_or_its_name_reaches_the_orchestrator_or_a_log(ran, prefect_home, disaster):
    _, _, records = ran
    files = [path for path in Path(prefect_home).rglob("*") if path.is_file()]
    assert any(path.name.startswith("prefect.db") for path in files)
    for secret in (MARK, "Vries", "kapot.docx", disaster.parent.name):
        for path in files:
            assert secret.encode() not in path.read_bytes(), path
        for record in records:
            assert secret not in record.getMessage() + (
                logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
            )
    assert any("ValueError" in record.getMessage() for record in records), "the trace without the message is kept"


def test_second_run_does_what_changed_and_nothing_else(tmp_path, monkeypatch, capfd, cold):
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for name in ("a.docx", "b.docx", f"{MARK}.docx"):
        (folder / name).write_text(name)

    def run(**options):
        before = calls(folder) if (tmp_path / "calls.txt").exists() else []
        result = run_batch(folder, out, checker=QUICK, workers=1, **options)
        after = calls(folder)
        return result, len(after) - len(before)

    assert run()[1] == 3
    pages = {
        p: (p.stat().st_mtime_ns, p.read_bytes())
        for p in out.rglob("*")
        if p.suffix in (".html", ".json", ".xlsx") and p.name != "state.json"
    }

    result, done = run()
    assert (done, result.skipped, result.reports) == (0, 3, 3)
    assert {p: p.stat().st_mtime_ns for p in pages} == {p: mtime for p, (mtime, _) in pages.items()}

    assert run(force=True)[1] == 3
    assert {p: p.read_bytes() for p in pages} == {p: data for p, (_, data) in pages.items()}

    (folder / "a.docx").write_text("anders")
    (folder / f"{MARK}.docx").unlink()
    result, done = run()
    assert (done, result.skipped, result.reports) == (1, 1, 2)
    assert not (out / f"{MARK}.docx").exists()
    assert MARK not in result.index.read_text(encoding="utf-8")
    assert MARK not in (out / ".dekkend/state.json").read_text(encoding="utf-8")

    monkeypatch.setattr(steps, "version_key", lambda *_: "een nieuwe norm")
    assert run()[1] == 2
    assert not list(out.rglob("*.part"))
    streams = capfd.readouterr()
    assert streams.out == ""
    assert MARK not in streams.err


def test_interrupted_run_keeps_what_was_done_and_the_next_goes_on(tmp_path, cold):
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for number in range(8):
        (folder / f"{number}.docx").write_text(f"{number}" if number < 4 else f"HANGS {number}")

    class Impatient(Recorder):
        def advance(self, name, outcome):
            super().advance(name, outcome)
            if len(self.seen) == 4:
                os.kill(os.getpid(), signal.SIGINT)

    recorder = Impatient()
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores Ctrl-C
    try:
        with pytest.raises(KeyboardInterrupt):
            run_batch(folder, out, checker=QUICK, workers=1, progress=recorder)
    finally:
        signal.signal(signal.SIGINT, before)
    assert recorder.finished == 1
    for number in range(4, 8):
        (folder / f"{number}.docx").write_text(f"{number}")
    result = run_batch(folder, out, checker=QUICK, workers=1)
    assert (result.reports, result.skipped) == (8, 4)
    assert len(calls(folder)) - 5 in (4, 3), "four before the interruption, perhaps one that hung, four after"


def test_worker_that_died_by_accident_costs_nothing(tmp_path, cold):
    (tmp_path / "in").mkdir()
    for number in range(3):
        (tmp_path / f"in/{number}.docx").write_text(str(number))
    result = run_batch(tmp_path / "in", tmp_path / "out", checker="batch_workers:dies_once", workers=2)
    assert (result.reports, result.read) == (3, 3)


def test_wrong_use_is_told_before_anything_is_written(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.docx").write_text("a")
    with pytest.raises(NormError):
        run_batch(tmp_path / "in", tmp_path / "out", norm="bestaat-niet")
    assert not (tmp_path / "out").exists()


def test_second_batch_at_once_is_refused(tmp_path, monkeypatch):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.docx").write_text("a")

    def meanwhile(*_, **__):
        run_batch(tmp_path / "in", tmp_path / "out", checker=QUICK)

    monkeypatch.setattr(batch, "make_plan", meanwhile)
    with pytest.raises(BatchBusyError):
        run_batch(tmp_path / "in", tmp_path / "out", checker=QUICK)


def test_workers_are_replaced_after_some_documents(tmp_path, cold):
    for number in range(9):
        (tmp_path / f"{number}.docx").write_text(f"{number}")
    out = tmp_path / "out"
    out.mkdir()
    jobs = [
        Job(
            path=tmp_path / name,
            targets=(Target(label=name, folder=name),),
            out=out,
            norm=None,
            sector=None,
            sha256=None,
        )
        for name in (f"{number}.docx" for number in range(9))
    ]
    checks = CheckPool(workers=2, timeout_s=5, checker=QUICK, norm=None, max_tasks=2)
    results = [result for _, result in checks.check(jobs)]
    checks.stop()
    assert [result.error for result in results] == [None] * 9


@pytest.mark.parametrize(("neighbour", "code"), [("DIES", None), ("b", ReadCode.TIMEOUT)])
def test_time_that_ran_out_beside_a_worker_that_died_is_given_again(tmp_path, cold, neighbour, code):
    (tmp_path / "a.docx").write_text("a")
    (tmp_path / "n.docx").write_text(neighbour)
    out = tmp_path / "out"
    out.mkdir()
    jobs = [
        Job(path=tmp_path / n, targets=(Target(label=n, folder=n),), out=out, norm=None, sector=None, sha256=None)
        for n in ("a.docx", "n.docx")
    ]
    checks = CheckPool(workers=2, timeout_s=4, checker="batch_workers:hangs_once", norm=None)
    result = checks.check_all(jobs)[jobs[0]]
    checks.stop()
    assert (result.code if isinstance(result, Lost) else result.error) == code


def test_workers_that_never_start_end_the_batch(tmp_path, monkeypatch):
    monkeypatch.setattr(pool, "start_worker", dies_at_start)
    target = Target(label="a.docx", folder="a.docx")
    job = Job(path=tmp_path, targets=(target,), out=tmp_path, norm=None, sector=None, sha256=None)
    checks = CheckPool(workers=2, timeout_s=5, checker=QUICK, norm=None)

    def check_five():
        for _ in range(5):
            list(checks.check([job]))

    with pytest.raises(WorkersError):
        check_five()
    checks.stop()


def test_state_that_lost_its_data_costs_no_batch(tmp_path, monkeypatch, cold):
    """As Prefect reads it back from a database that was locked for a moment."""
    folder = tmp_path / "in"
    folder.mkdir()
    write_docx(folder / "a.docx", "Schoolondersteuningsprofiel", "Wij werken samen met de GGD.")
    prepare_environment()
    from flows import flow  # noqa: PLC0415  (Prefect reads its settings when it is imported)

    without_data = flow.Completed
    monkeypatch.setattr(flow, "Completed", lambda message, data: without_data(message=message))
    result = run_batch(folder, tmp_path / "out", checker=QUICK)
    assert result.reports == 1
