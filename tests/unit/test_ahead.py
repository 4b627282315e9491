"""The process that reads and scores ahead: same outcome as without it, and a loss is told and mended."""

from __future__ import annotations

import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from extractors.document import Document, ReadCode, ReadError
from extractors.limits import DEFAULT
from pipeline import ahead as module
from pipeline import steps
from pipeline.ahead import Ahead, LostError
from pipeline.errors import DekkendError

SAMPLES = Path(__file__).parents[2] / "sample_docs"
PROFILE = SAMPLES / "sop-po-klaverzwenk" / "sop-po-klaverzwenk.docx"
FORM = next(SAMPLES.glob("abc-*/*.docx"))


@pytest.mark.parametrize("path", [PROFILE, FORM], ids=["profile", "form"])
def test_report_is_that_of_one_process(path: Path):
    (apart,) = steps.check_files([path])
    assert apart == steps.check_file(path)


def test_file_that_can_not_be_read_is_a_value(tmp_path: Path):
    with Ahead() as ahead:
        ahead.begin(tmp_path / "weg.docx", name="weg.docx")
        found, kind = ahead.document()
    assert isinstance(found, ReadError)
    assert (found.code, kind) == (ReadCode.NOT_FOUND, None)


def test_what_was_begun_in_vain_is_forgotten():
    with Ahead() as ahead:
        ahead.begin(FORM, name="formulier.docx", score=False)
        ahead.begin(PROFILE, name="profiel.docx", score=False)
        document, _ = ahead.document()
    assert isinstance(document, Document)
    assert document.source.name == "profiel.docx"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the address space of a process")
def test_memory_over_the_limit_is_too_large(monkeypatch):
    eats = (
        "import sys; sys.path[:] = {path!r}; from extractors import registry; import pipeline.ahead as ahead; "
        "registry._read = lambda *a, **k: bytearray(64 * 1024**3); ahead.serve()"
    )
    monkeypatch.setattr(module, "_START", eats)
    with Ahead() as ahead:
        ahead.begin(PROFILE, name="a.docx", score=False)
        found, _ = ahead.document()
    assert isinstance(found, ReadError)
    assert found.code is ReadCode.TOO_LARGE


def test_process_that_dies_costs_one_file():
    with Ahead() as ahead:
        ahead.begin(PROFILE, name="a.docx")
        ahead._process.kill()
        with pytest.raises(LostError) as lost:
            ahead.document()
        assert lost.value.code is ReadCode.INTERNAL
        ahead.begin(PROFILE, name="a.docx")
        document, kind = ahead.document()
    assert isinstance(document, Document)
    assert kind == "sop"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows can't halt a process")
def test_process_that_hangs_is_ended_in_time():
    with Ahead(limits=replace(DEFAULT, seconds=0.2)) as ahead:
        ahead._process.send_signal(signal.SIGSTOP)
        ahead.begin(PROFILE, name="a.docx")
        with pytest.raises(LostError) as lost:
            ahead.document()
        assert lost.value.code is ReadCode.TIMEOUT
        assert ahead._process.poll() is not None


class Fading(Ahead):
    """Loses its process whenever scores are asked for: before it hears that, or halfway."""

    halfway = False

    def _send(self, *request: object) -> None:
        if request[0] == "score":
            self._process.send_signal(signal.SIGSTOP)
            if self.halfway:
                super()._send(*request)
            self._end()
        if request[0] != "score" or not self.halfway:
            super()._send(*request)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows can't halt a process")
def test_process_that_died_is_replaced_when_needed():
    with Fading() as ahead:
        assert steps.check_files([PROFILE], ahead=ahead) == [steps.check_file(PROFILE)]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows can't halt a process")
def test_loss_while_scoring_is_a_report_with_its_code(monkeypatch):
    monkeypatch.setattr(Fading, "halfway", True)
    with Fading() as ahead:
        (report,) = steps.check_files([PROFILE], ahead=ahead)
    assert report.error is not None
    assert report.error.code == "internal"


def test_mistake_in_the_model_reaches_who_asks(monkeypatch, tmp_path: Path):
    elsewhere = "import pathlib, pipeline.check.classifier as c; c.files = lambda _: pathlib.Path({path!r}); "
    monkeypatch.setattr(
        module, "_START", elsewhere.format(path=str(tmp_path)) + "from pipeline.ahead import serve; serve()"
    )
    with Ahead() as ahead:
        ahead.begin(PROFILE, name="a.docx")
        document, _ = ahead.document()
        assert isinstance(document, Document)
        with pytest.raises(DekkendError) as told:
            ahead.score([(None, "Wij bieden rust.")])
    assert told.value.code == "model"
