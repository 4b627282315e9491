"""``dekkend annotate``: a copy beside the original, which is never touched; what can't be done is told in Dutch."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from pypdf import PdfReader
from word_files import comments, squeezed, under_comments

from extractors.office import find_office
from extractors.registry import read_document
from pipeline import steps
from pipeline.annotate.errors import AnnotateError
from pipeline.annotate.run import annotated
from pipeline.check.run import Examined
from pipeline.cli import main

_SAMPLES = Path(__file__).parents[2] / "sample_docs"
_WORD = _SAMPLES / "sop-po-zevensteek" / "sop-po-zevensteek.docx"
_PDF = _SAMPLES / "sop-po-sporenlinde" / "sop-po-sporenlinde.pdf"
_FORM = _SAMPLES / "opp-po-silvan" / "opp-po-silvan.docx"


@pytest.mark.parametrize("original", [_WORD, _PDF, _FORM], ids=lambda path: path.stem)
def test_a_copy_with_remarks_beside_the_original(
    original: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / original.name
    shutil.copy(original, file)
    assert main(["annotate", str(file)]) == 1
    out = tmp_path / f"{original.stem}-met-opmerkingen{original.suffix}"
    shown = capsys.readouterr()
    assert shown.out == f"{out}\n"
    assert "opmerkingen bij passages" in shown.err
    assert file.read_bytes() == original.read_bytes()
    # checked again, the copy gets the same verdicts on the same passages: nothing of ours counts
    before, after = steps.check_file(file), steps.check_file(out)
    assert before.findings == after.findings
    assert before.summary.missing
    # and an earlier version, in which somebody may have worked, is not written over
    made = out.read_bytes()
    assert main(["annotate", str(file)]) == 2
    assert "bestaat al" in capsys.readouterr().err
    assert main(["annotate", str(file), "--force"]) == 1
    assert out.read_bytes() == made


def test_every_finding_is_in_the_document_once_or_more() -> None:
    examined = steps.examine_file(_WORD)
    assert isinstance(examined, Examined)
    report = examined.report
    norm = steps.texts_of("anb")
    made = annotated(_WORD, report, norm)
    said = [" ".join(lines) for lines in comments(made).values()]
    with zipfile.ZipFile(_WORD) as old:
        assert not [name for name in old.namelist() if "comments" in name]
    titles = {text.id: text.title for text in norm.requirements}
    under = {number: text for number, text in under_comments(made).items() if number in comments(made)}
    for finding in report.findings:
        title = titles[finding.requirement]
        if finding.evidence:
            quote = squeezed(finding.evidence[0].quote)
            assert any(title in " ".join(comments(made)[n]) and quote in text for n, text in under.items()), title
        elif finding.verdict == "missing":
            assert title not in " ".join(said)


def test_the_original_is_never_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "profiel.docx"
    shutil.copy(_WORD, file)
    (tmp_path / "anders.docx").symlink_to(file)
    for out in (file, tmp_path / "anders.docx"):
        assert main(["annotate", str(file), "--out", str(out), "--force"]) == 2
        assert "Het origineel wordt nooit overschreven" in capsys.readouterr().err
    assert file.read_bytes() == _WORD.read_bytes()


@pytest.mark.parametrize(
    ("name", "content", "status", "message"),
    [
        ("a.md", b"# Profiel\n\nWij lezen.", 2, "Word-document (.docx, .docm) of een PDF"),
        ("a.html", b"<html><body><h1>Profiel</h1></body></html>", 2, "Opslaan als"),
        ("a.docx", b"", 3, "leeg"),
        ("a.pdf", b"%PDF-1.4 kapot", 3, "beschadigd"),
        ("weg.docx", None, 3, "niet gevonden"),
    ],
)
def test_what_can_not_be_done_is_told(
    name: str, content: bytes | None, status: int, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert main(["annotate", str(tmp_path / name)]) == status
    shown = capsys.readouterr()
    assert message in shown.err
    assert shown.out == ""
    assert len(list(tmp_path.iterdir())) == (content is not None)


def test_an_archive_and_another_ending_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with zipfile.ZipFile(tmp_path / "alles.zip", "w") as file:
        file.write(_WORD, "profiel.docx")
    assert main(["annotate", str(tmp_path / "alles.zip")]) == 2
    assert "ZIP" in capsys.readouterr().err
    assert main(["annotate", str(_WORD), "--out", str(tmp_path / "uit.pdf")]) == 2
    assert "dezelfde uitgang" in capsys.readouterr().err


def test_the_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["annotate", "--help"])
    shown = capsys.readouterr().out
    assert "sop-met-opmerkingen.docx" in shown
    assert "Nog niet gevonden" in shown


def test_a_report_on_another_file_is_refused() -> None:
    report = steps.check_file(_WORD)
    with pytest.raises(AnnotateError, match="ander bestand"):
        annotated(_FORM, report, steps.texts_of("anb"))


def test_the_pages_behind_a_pdf_name_what_is_missing() -> None:
    report = steps.check_file(_PDF)
    norm = steps.texts_of("anb")
    made = annotated(_PDF, report, norm)
    assert made.startswith(_PDF.read_bytes())
    import io  # noqa: PLC0415

    pages = PdfReader(io.BytesIO(made)).pages
    text = " ".join(" ".join(page.extract_text() for page in pages[report.document.pages or 0 :]).split())
    titles = {one.id: one.title for one in norm.requirements}
    missing = [titles[one.requirement] for one in report.findings if one.verdict == "missing"]
    assert missing
    assert all(title in text for title in missing)
    assert text.count("Voorbeeld van een verzonnen school, te vervangen") == len(missing)


@pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed: nothing to open the document with")
def test_libreoffice_opens_it_with_every_comment_at_its_passage(tmp_path: Path) -> None:
    report = steps.check_file(_WORD)
    made = annotated(_WORD, report, steps.texts_of("anb"))
    file = tmp_path / "x.docx"
    file.write_bytes(made)
    office = find_office()
    profile = (tmp_path / "profile").as_uri()
    arguments = [str(office), f"-env:UserInstallation={profile}", "--headless", "--convert-to", "odt", "--outdir"]
    subprocess.run([*arguments, str(tmp_path), str(file)], check=True, capture_output=True, timeout=120)
    with zipfile.ZipFile(tmp_path / "x.odt") as opened:
        content = opened.read("content.xml").decode()
    assert content.count("<office:annotation ") == len(comments(made))
    assert content.count("<office:annotation-end ") == len(comments(made))
    assert "Nog niet gevonden" in content
    assert read_document(file).blocks == read_document(_WORD).blocks  # type: ignore[union-attr]
