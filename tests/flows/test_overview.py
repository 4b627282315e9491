"""The overview in parts: what is written again, by how many processes, and what is dropped."""

import os
import signal

import pytest
from batch_workers import report
from test_pieces import BASIS, job

from flows import overview as overviews
from flows.output import write_report
from flows.overview import Overview, bring_up_to_date
from flows.state import State


@pytest.fixture
def world(tmp_path):
    """Five documents with their reports, two on a page."""
    labels = [f"{number}.docx" for number in range(5)]
    state = State()
    for label in labels:
        digest = write_report(tmp_path, label, report(job(label, tmp_path)), None)
        state.documents[label] = BASIS.record("0" * 64, label).model_copy(update={"report": digest})
    return Overview(out=tmp_path, title="Alles", generated="1 mei 2026"), state, labels


def pages(out):
    return {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}


def update(world, workers=1):
    overview, state, labels = world
    return bring_up_to_date(overview, state, labels, part_size=2, workers=workers)


NAMES = {"index.html"} | {
    f"{kind}-00{n}.{end}" for n in (1, 2, 3) for kind, end in (("index", "html"), ("overview", "xlsx"))
}


def test_by_one_process_or_by_two_the_pages_are_the_same(world):
    out = world[0].out
    assert update(world) == 3
    alone = pages(out)
    assert set(alone) == NAMES
    world[1].overviews.clear()
    for name in NAMES:
        (out / name).unlink()
    assert update(world, workers=2) == 3
    assert pages(out) == alone


def test_only_the_part_of_a_document_that_changed_is_written(world):
    overview, state, _ = world
    update(world)
    assert update(world) == 0
    state.documents["3.docx"] = state.documents["3.docx"].model_copy(update={"gaps": True})
    before = {name: (overview.out / name).stat().st_mtime_ns for name in NAMES}
    assert update(world) == 1
    changed = {name for name in NAMES if (overview.out / name).stat().st_mtime_ns != before[name]}
    assert changed == {"index.html", "index-002.html", "overview-002.xlsx"}


def test_page_that_is_gone_is_made_again(world):
    update(world)
    (world[0].out / "overview-003.xlsx").unlink()
    assert update(world) == 1


def _killed(*_):
    os.kill(os.getpid(), signal.SIGKILL)


def test_process_that_is_killed_while_it_writes_costs_no_page(world, monkeypatch):
    write = overviews._write_part
    monkeypatch.setattr(overviews, "_write_part", _killed)
    pool_of = overviews.ProcessPoolExecutor

    class Back(pool_of):
        """Kills the writers, and lets this process write as always."""

        def __exit__(self, *details):
            monkeypatch.setattr(overviews, "_write_part", write)
            return super().__exit__(*details)

    monkeypatch.setattr(overviews, "ProcessPoolExecutor", Back)
    assert update(world, workers=2) == 3
    assert set(pages(world[0].out)) == NAMES


def test_parts_that_are_too_many_are_dropped(world):
    overview, state, labels = world
    update(world)
    for label in labels[2:]:
        del state.documents[label]
    assert bring_up_to_date(overview, state, labels[:2], part_size=2) == 1
    assert set(pages(overview.out)) == {"index.html", "overview.xlsx"}
