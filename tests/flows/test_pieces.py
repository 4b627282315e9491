"""State, plan, lock, output, settings and progress, without a flow."""

import datetime as dt
import io
import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from batch_workers import report

from flows.archives import with_members
from flows.batch import BatchResult, in_dutch
from flows.discovery import Found
from flows.errors import BatchBusyError, OrchestratorError, OutUnwritableError
from flows.lock import locked
from flows.output import read_report, remove_reports, write_report
from flows.plan import Basis, chunked, make_plan
from flows.progress import LineProgress, progress_for
from flows.settings import prepare_environment
from flows.state import Record, State, read_state, write_state
from flows.worker import Job, Target
from pipeline.folders import cache_folder

BASIS = Basis(version_key="k1", norm=None, sector=None)


def job(label: str = "a.docx", out: Path = Path("out")) -> Job:
    target = Target(label=label, folder=label)
    return Job(path=Path(label), targets=(target,), out=out, norm=None, sector=None, sha256="0" * 64)


@pytest.mark.parametrize(
    ("count", "workers", "sizes"),
    [
        (1, 2, [1]),
        (7, 2, [1] * 7),
        (20, 2, [3, 3, 3, 3, 3, 3, 2]),
        (200, 2, [25] * 8),
        (1000, 2, [50] * 20),
        (1000, 16, [16] * 62 + [8]),
    ],
)
def test_chunks_keep_all_workers_busy_and_stay_small(count, workers, sizes):
    chunks = chunked([job()] * count, workers)
    assert [len(chunk) for chunk in chunks] == sizes


class TestPlan:
    @pytest.fixture
    def world(self, tmp_path):
        """A file that was checked before, with its report and state."""
        (tmp_path / "a.docx").write_bytes(b"een")
        files = [Found(path=tmp_path / "a.docx", label="a.docx")]
        out = tmp_path / "out"
        (first,) = make_plan(files, out, BASIS, State(), force=False).jobs
        digest = write_report(out, "a.docx", report(first), None)
        record = BASIS.record(first.sha256, "a.docx").model_copy(update={"report": digest})
        state = State(documents={"a.docx": record})
        return files, out, state

    def test_same_bytes_on_the_same_basis_are_left_alone(self, world):
        files, out, state = world
        plan = make_plan(files, out, BASIS, state, force=False)
        assert not plan.jobs
        assert plan.reused == {"a.docx"}

    @pytest.mark.parametrize(
        "basis",
        [
            Basis(version_key="k2", norm=None, sector=None),
            Basis(version_key="k1", norm="opp", sector=None),
            Basis(version_key="k1", norm=None, sector="vo"),
        ],
    )
    def test_another_basis_is_checked_again(self, world, basis):
        files, out, state = world
        assert make_plan(files, out, basis, state, force=False).jobs

    @pytest.mark.parametrize("damage", ["bytes", "json", "page", "force", "state", "name"])
    def test_what_does_not_fit_is_checked_again(self, world, damage):
        files, out, state = world
        match damage:
            case "bytes":
                files[0].path.write_bytes(b"twee")
            case "json":
                (out / "a.docx/report.json").write_text("[{}]")
            case "page":
                (out / "a.docx/report.html").unlink()
            case "state":
                state = State()
            case "name":
                write_report(out, "a.docx", report(job("b.docx")), None)
        assert make_plan(files, out, BASIS, state, force=damage == "force").jobs

    @pytest.mark.parametrize(("code", "again"), [("timeout", True), ("internal", True), ("corrupt", False)])
    def test_an_error_that_may_pass_is_tried_again(self, world, code, again):
        files, out, state = world
        state.documents["a.docx"] = state.documents["a.docx"].model_copy(update={"error": code})
        assert bool(make_plan(files, out, BASIS, state, force=False).jobs) is again

    def test_equal_bytes_are_one_job_with_all_names(self, tmp_path):
        for name in ("a.docx", "b.docx", "c.docx"):
            (tmp_path / name).write_bytes(b"een" if name != "b.docx" else b"twee")
        files = [Found(path=tmp_path / name, label=name) for name in ("a.docx", "b.docx", "c.docx")]
        jobs = make_plan(files, tmp_path / "out", BASIS, State(), force=False).jobs
        assert [[target.label for target in one.targets] for one in jobs] == [["a.docx", "c.docx"], ["b.docx"]]

    def test_equal_bytes_whose_names_tell_other_years_are_two_documents(self, tmp_path):
        names = ("SOP 2024-2025.docx", "SOP 2025-2026.docx", "kopie.docx", "nog een.docx")
        for name in names:
            (tmp_path / name).write_bytes(b"een")
        files = [Found(path=tmp_path / name, label=name) for name in names]
        jobs = make_plan(files, tmp_path / "out", BASIS, State(), force=False).jobs
        assert [[target.label for target in one.targets] for one in jobs] == [[names[0]], [names[1]], [*names[2:]]]

    def test_files_in_an_archive_are_jobs_with_the_digest_of_the_file(self, tmp_path):
        path = tmp_path / "map.zip"
        with ZipFile(path, "w") as archive:
            archive.writestr("sub/a.docx", b"een")
            archive.writestr("../b.docx", b"twee")
        (tmp_path / "c.docx").write_bytes(b"een")
        files = with_members([Found(path=tmp_path / name, label=name) for name in ("map.zip", "c.docx")])
        plan = make_plan(files, tmp_path / "out", BASIS, State(), force=False)
        assert plan.folders == {name: name for name in ("map.zip/sub/a.docx", "map.zip/b.docx", "c.docx")}
        assert [[target.label for target in job.targets] for job in plan.jobs] == [
            ["map.zip/sub/a.docx", "c.docx"],
            ["map.zip/b.docx"],
        ]
        assert [job.inside for job in plan.jobs] == [(0,), (1,)]

    def test_files_that_cannot_be_read_are_jobs_of_their_own(self, tmp_path):
        files = [Found(path=tmp_path / name, label=name) for name in ("weg.docx", "ook weg.docx")]
        assert len(make_plan(files, tmp_path / "out", BASIS, State(), force=False).jobs) == 2


def test_state_comes_back_as_it_was(tmp_path):
    record = Record(sha256="0", version_key="k", norm=None, sector="po", folder="f")
    state = State(
        overviews={"index.html": "x"},
        documents={"map/a.docx": record},
    )
    write_state(tmp_path / "state.json", state)
    assert read_state(tmp_path / "state.json") == state


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": "dekkend.state/1", "documents": {}}', '{"documents": 3}'])
def test_a_state_that_is_not_understood_is_as_none(tmp_path, text):
    (tmp_path / "state.json").write_text(text)
    assert read_state(tmp_path / "state.json") == State()


def test_reports_are_replaced_whole_and_nothing_is_left_beside(tmp_path, monkeypatch):
    write_report(tmp_path, "a.docx", report(job()), None)
    before = (tmp_path / "a.docx/report.html").read_bytes()
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "vol")))
    with pytest.raises(OutUnwritableError):
        write_report(tmp_path, "a.docx", report(job("b.docx")), None)
    assert (tmp_path / "a.docx/report.html").read_bytes() == before
    assert sorted(p.name for p in (tmp_path / "a.docx").iterdir()) == ["report.html", "report.json"]


def test_no_report_is_written_through_a_link_out_of_the_folder(tmp_path):
    (tmp_path / "elders").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out/a.docx").symlink_to(tmp_path / "elders")
    with pytest.raises(OutUnwritableError):
        write_report(tmp_path / "out", "a.docx", report(job()), None)
    remove_reports(tmp_path / "out", "a.docx")
    assert not list((tmp_path / "elders").iterdir())


def test_reports_of_what_is_gone_go_unless_somebody_added_something(tmp_path):
    for folder in ("map/a.docx", "map/b.docx", "c.docx"):
        write_report(tmp_path, folder, report(job()), None)
    (tmp_path / "map/b.docx/notitie.txt").write_text("van mij")
    for folder in ("map/a.docx", "map/b.docx", "c.docx", "nooit geweest", "../.."):
        remove_reports(tmp_path, folder)
    assert sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()) == [
        "map/b.docx/notitie.txt",
        "map/b.docx/report.html",
        "map/b.docx/report.json",
    ]
    assert not (tmp_path / "c.docx").exists()


def test_json_on_disk_is_an_array_of_one(tmp_path):
    write_report(tmp_path, "a.docx", report(job()), None)
    assert (tmp_path / "a.docx/report.json").read_text().startswith('[\n  {\n    "schema": "dekkend.report/1"')
    assert read_report(tmp_path, "a.docx") == report(job())


def test_second_batch_is_refused_with_the_process_that_is_busy(tmp_path):
    with locked(tmp_path / "lock"), pytest.raises(BatchBusyError) as problem, locked(tmp_path / "lock"):
        pass
    assert str(os.getpid()) in problem.value.message
    assert problem.value.exit_status == 2
    with locked(tmp_path / "lock"):
        pass


def test_lock_of_a_process_that_was_killed_is_taken_over(tmp_path):
    code = (
        "import sys, time, pathlib\nfrom flows.lock import locked\n"
        "with locked(pathlib.Path(sys.argv[1])):\n    print('ja', flush=True)\n    time.sleep(60)"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    holder = subprocess.Popen([sys.executable, "-c", code, tmp_path / "lock"], stdout=subprocess.PIPE, env=environment)
    assert holder.stdout.readline() == b"ja\n"
    with pytest.raises(BatchBusyError), locked(tmp_path / "lock"):
        pass
    holder.kill()
    holder.wait()
    holder.stdout.close()
    with locked(tmp_path / "lock"):
        assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"


def test_environment_is_filled_in_and_never_overruled(tmp_path):
    environment = {"DEKKEND_HOME": str(tmp_path / "thuis"), "PREFECT_LOGGING_LEVEL": "DEBUG"}
    prepare_environment(environment)
    assert environment["PREFECT_HOME"] == str(tmp_path / "thuis/prefect")
    assert (tmp_path / "thuis/prefect").is_dir()
    assert environment["DO_NOT_TRACK"] == "1"
    assert environment["PREFECT_LOGGING_LEVEL"] == "DEBUG"
    own = {"PREFECT_HOME": "/elders"}
    prepare_environment(own)
    assert own["PREFECT_HOME"] == "/elders"
    assert cache_folder({"XDG_CACHE_HOME": "/cache"}) == Path("/cache/dekkend")
    (tmp_path / "bestand").write_text("")
    with pytest.raises(OrchestratorError):
        prepare_environment({"DEKKEND_HOME": str(tmp_path / "bestand")})


def test_lines_tell_what_is_unreadable_at_once_and_ten_times_how_far():
    stream = io.StringIO()
    sink = progress_for(stream)
    assert isinstance(sink, LineProgress)
    sink.start(30)
    for number in range(30):
        sink.advance(f"{number}\x1b[2J.docx", "corrupt" if number == 4 else "read")
    sink.finish()
    lines = stream.getvalue().splitlines()
    assert lines[2] == "niet te lezen: 4 [2J.docx (corrupt)"
    assert len(lines) == 12
    assert lines[-1] == "30 van 30"


def test_bar_on_a_terminal_shows_unreadable_documents_above_it():
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    stream = Terminal()
    sink = progress_for(stream)
    sink.start(2)
    sink.advance("[bold]a.docx", "corrupt")
    sink.advance("b.docx", "read")
    sink.finish()
    assert "niet te lezen: [bold]a.docx (corrupt)" in stream.getvalue()


def test_summary_and_date_in_dutch(tmp_path):
    result = BatchResult(
        reports=23, read=19, partly=2, unreadable=2, gaps=True, with_gaps=3, skipped=20, removed=0, codes=(), ignored=1,
        out=tmp_path, index=tmp_path, overview=tmp_path, seconds=1.0,
    )  # fmt: skip
    assert result.summary_line() == (
        "23 documenten: 19 gelezen, 2 deels, 2 niet; 20 niet veranderd en overgeslagen; 1 koppeling niet gevolgd"
    )
    assert in_dutch(dt.date(2026, 3, 1)) == "1 maart 2026"
