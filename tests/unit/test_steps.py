"""The single way in: a file or document becomes a report, or a report that says why not; and a norm is data alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.document import Document, Note, ReadCode, SourceFile
from extractors.markdown import read_markdown
from pipeline import steps
from pipeline.check.run import Examined
from pipeline.errors import DekkendError, NormError, UnknownNormError
from pipeline.result import Reason, Report, Verdict
from pipeline.steps import check_file, check_files, examine_document, examine_file, facts_of, norm_for, version_key

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample_docs" / "sop-po-klaverzwenk" / "sop-po-klaverzwenk.docx"
PROFILE = "# Schoolondersteuningsprofiel De Proefschool 2025-2026\n\n{text}\n"

NORM = """\
norm: tuin
version: "1"
title: Norm voor schooltuinen
publisher: Samenwerkingsverband Proefland
rights: Vrij te gebruiken.
kinds: [sop]
groups:
  - {id: tuin, title: De tuin}
requirements:
  - id: tuin.moestuin
    title: Moestuin
    group: tuin
    level: basisnorm
    asks: De school heeft een moestuin.
    criteria:
      - {id: tuin, means: Er staat dat er een moestuin is.}
    why: Buiten leren helpt.
    advice: Beschrijf de moestuin.
    example: Achter de school ligt een moestuin.
    source: {law: Tuinwet, article: "1"}
  - id: tuin.dieren
    title: Dieren
    group: tuin
    level: basisnorm
    asks: Er zijn ten minste twee soorten dieren.
    criteria:
      - {id: soorten, means: Er staan twee soorten dieren.}
    why: Zorgen voor dieren leert kinderen veel.
    advice: Noem de dieren.
    example: Wij hebben kippen en een geit.
    source: {law: Tuinwet, article: "2"}
  - id: tuin.stappen
    title: Stappen van zaaien tot oogsten
    group: tuin
    level: basisnorm
    asks: De stappen zijn te herkennen.
    criteria:
      - {id: stappen, means: Er staan twee stappen.}
    why: Een oogst vraagt geduld.
    advice: Beschrijf de stappen.
    example: Eerst zaaien, dan oogsten.
    source: {law: Tuinwet, article: "3"}
"""
RECOGNISE = """\
- criterion: tuin.moestuin/tuin
  kind: statement.v1
  signs: ['\\bmoestuin\\b']
  general: ['\\btuinieren\\b']
  examples:
    met: [Achter de school ligt een moestuin.]
    partial: [Tuinieren hoort erbij.]
    missing: [De school is groen., Zie schoolplan., Beschrijf de moestuin.]
- criterion: tuin.dieren/soorten
  kind: named.v1
  lexicon: dieren
  at_least: 2
  from_label: 0.0
  examples:
    met: [Wij hebben kippen en een geit.]
    missing: [De school is groen., Zie schoolplan., Noem de dieren.]
- criterion: tuin.stappen/stappen
  kind: distinct.v1
  at_least: 2
  groups:
    zaaien: ['\\bzaai\\w*']
    oogsten: ['\\boogst\\w*']
  examples:
    met: [In maart zaaien wij en in juni oogsten wij.]
    missing: [De school is groen., Zie schoolplan., Noem de stappen.]
"""
DIEREN = "entries:\n  - {name: kip, variants: [kippen]}\n  - {name: geit, variants: [geiten]}\n"


@pytest.fixture(scope="module")
def own_norm(tmp_path_factory) -> str:
    """A norm that the model was never trained on, with a lexicon of its own beside it."""
    folder = tmp_path_factory.mktemp("norm")
    (folder / "lexicons").mkdir()
    (folder / "lexicons" / "dieren.yaml").write_text(DIEREN, encoding="utf-8")
    (folder / "tuin.recognise.yaml").write_text(RECOGNISE, encoding="utf-8")
    path = folder / "tuin.yaml"
    path.write_text(NORM, encoding="utf-8")
    return str(path)


def verdicts(text: str, norm: str) -> dict[str, Verdict]:
    examined = examine_document(read_markdown(PROFILE.format(text=text)), norm=norm)
    assert isinstance(examined, Examined)
    return {f.requirement.removeprefix("tuin."): f.verdict for f in examined.report.findings}


OWN = [
    ("met", "Achter de school ligt een moestuin.", "moestuin", Verdict.MET),
    ("general", "Ook tuinieren hoort bij ons onderwijs.", "moestuin", Verdict.PARTIAL),
    ("not yet", "Een moestuin hebben wij nog niet.", "moestuin", Verdict.MISSING),
    ("wish", "Wij willen in 2027 een moestuin.", "moestuin", Verdict.MISSING),
    ("template", "Beschrijf hier de moestuin.", "moestuin", Verdict.MISSING),
    ("reference", "Zie voor de moestuin het schoolplan.", "moestuin", Verdict.MISSING),
    ("contents only", "[toc] De moestuin ..... 4", "moestuin", Verdict.MISSING),
    ("two of the lexicon", "Op het plein lopen kippen en twee geiten.", "dieren", Verdict.MET),
    ("one of the lexicon", "Op het plein lopen kippen.", "dieren", Verdict.PARTIAL),
    ("none", "De school telt acht groepen.", "dieren", Verdict.MISSING),
    ("two steps", "In maart zaaien wij en in juni oogsten wij.", "stappen", Verdict.MET),
    ("ticked", "| Wat | Ja | Nee |\n|---|---|---|\n| Er is een moestuin | ☒ | ☐ |", "moestuin", Verdict.MET),
    ("ticked no", "| Wat | Ja | Nee |\n|---|---|---|\n| Er is een moestuin | ☐ | ☒ |", "moestuin", Verdict.MISSING),
]


@pytest.mark.parametrize(("text", "requirement", "verdict"), [c[1:] for c in OWN], ids=[c[0] for c in OWN])
def test_norm_of_words_alone_works_without_any_learned_label(own_norm, text, requirement, verdict) -> None:
    assert verdicts(text, own_norm)[requirement] is verdict


def test_file_can_be_checked_by_an_own_norm(own_norm) -> None:
    report = check_file(SAMPLE, name="sop.docx", norm=own_norm)

    assert report.error is None
    assert report.norm is not None
    assert (report.norm.id, report.norm.version) == ("tuin", "1")
    assert [f.requirement for f in report.findings] == ["tuin.moestuin", "tuin.dieren", "tuin.stappen"]


@pytest.mark.parametrize("norm", ["bestaatniet", "weg/norm.yaml", "anbb"])
def test_unknown_norm_is_wrong_use_whatever_the_file(norm: str) -> None:
    for call in (lambda: check_file(SAMPLE, norm=norm), lambda: check_files([Path("weg.docx")], norm=norm)):
        with pytest.raises(NormError) as caught:
            call()
        assert isinstance(caught.value, UnknownNormError)
        assert caught.value.hint


def test_norm_with_a_criterion_that_nobody_looks_for_is_told(tmp_path: Path) -> None:
    (tmp_path / "tuin.yaml").write_text(NORM, encoding="utf-8")
    (tmp_path / "tuin.recognise.yaml").write_text(RECOGNISE.partition("- criterion: tuin.stappen")[0], encoding="utf-8")

    with pytest.raises(DekkendError, match=r"tuin\.stappen/stappen"):
        steps.ready_norm(str(tmp_path / "tuin.yaml"))


FILES = [
    ("not there", None, ReadCode.NOT_FOUND),
    ("empty", b"", ReadCode.EMPTY_FILE),
    ("text", b"Dit is gewoon tekst.", ReadCode.UNSUPPORTED_FORMAT),
    ("broken pdf", b"%PDF-1.7\nniets meer", ReadCode.CORRUPT),
    ("broken docx", b"PK\x03\x04 en dan niets", ReadCode.CORRUPT),
]


@pytest.mark.parametrize(("content", "code"), [c[1:] for c in FILES], ids=[c[0] for c in FILES])
def test_file_that_can_not_be_read_gives_a_report_with_the_reason(tmp_path: Path, content, code: ReadCode) -> None:
    path = tmp_path / "sop.docx"
    if content is not None:
        path.write_bytes(content)
    report = check_file(path, name="sop.docx")

    assert report.error is not None
    assert report.error.code == code
    assert report.error.message
    assert (report.findings, report.norm, report.document.path) == ((), None, "sop.docx")


def test_error_does_not_stop_the_files_after_it(tmp_path: Path) -> None:
    reports = check_files([tmp_path / "weg.docx", SAMPLE, tmp_path / "ook-weg.docx"])

    assert [r.error.code if r.error else None for r in reports] == ["not-found", None, "not-found"]
    assert len(reports[1].findings) == 38


def test_document_of_no_known_kind_says_so_with_advice() -> None:
    report = examine_document(read_markdown("# Recept voor appeltaart\n\nMeng de bloem met de boter."))

    assert isinstance(report, Report)
    assert report.error is not None
    assert report.error.code == ReadCode.UNKNOWN_KIND
    assert "--norm" in report.error.message
    assert report.document.kind is None


def test_known_kind_without_a_norm_names_the_kind() -> None:
    text = "# Wijkondersteuningsplan Haven 2025-2026\n\nIn onze wijk staan zes scholen."
    report = examine_document(read_markdown(text))

    assert isinstance(report, Report)
    assert report.error is not None
    assert (report.error.code, report.document.kind) == (ReadCode.UNKNOWN_KIND, "wop")
    assert "(wop)" in report.error.message


def test_norm_that_is_named_goes_before_an_unknown_kind() -> None:
    examined = examine_document(read_markdown("# Recept\n\nMeng de bloem met de boter."), norm="anb")

    assert isinstance(examined, Examined)
    assert len(examined.report.findings) == 38


@pytest.mark.parametrize(
    ("kind", "norm"), [("sop", "anb"), ("schoolgids", "anb"), ("opp", "opp"), ("abc", "abc"), ("wop", None), ("", None)]
)
def test_kind_decides_the_norm(kind: str, norm: str | None) -> None:
    assert norm_for(kind) == norm


def test_sector_that_is_given_goes_before_what_was_read() -> None:
    text = PROFILE.format(text="De basisschool heeft acht groepen, van groep 1 tot en met groep 8.")
    document = read_markdown(text)
    as_vo = examine_document(document, norm="anb", sector="vo")

    assert facts_of(document).sector == "po"
    assert isinstance(as_vo, Examined)
    assert as_vo.report.document.sector == "vo"
    assert as_vo.report.summary.not_applicable == 1


def test_not_found_in_a_document_that_is_hard_to_read_is_for_a_person_to_see() -> None:
    document = read_markdown(PROFILE.format(text="Wij werken met de meldcode."))
    half_read = Document(
        source=SourceFile(name="scan.pdf", sha256="", format="pdf", size=1),
        blocks=document.blocks,
        pages=4,
        notes=(Note(code="page-without-text", page=2), Note(code="page-without-text", page=3)),
    )
    examined = examine_document(half_read, norm="anb", sector="po")
    assert isinstance(examined, Examined)
    found = {f.requirement: f for f in examined.report.findings}

    assert found["anb.protocol.meldcode"].verdict is Verdict.MET
    assert found["anb.thema.rekenen"].verdict is Verdict.REVIEW
    assert found["anb.thema.rekenen"].reason is Reason.UNREADABLE
    assert examined.report.summary.missing == 0


def test_recogniser_that_fails_costs_one_verdict_and_hides_nothing(monkeypatch, caplog) -> None:
    ready = steps.ready_norm("anb")
    criterion = ready.criteria["anb.protocol.meldcode"][0]

    def fail(reading, params):
        raise RuntimeError("De leerling heet Jan")

    broken = type(criterion)(criterion.id, type(criterion.kind)(criterion.kind.params, fail), criterion.params)
    monkeypatch.setitem(ready.criteria, "anb.protocol.meldcode", (broken,))
    examined = examine_document(read_markdown(PROFILE.format(text="Wij werken met de meldcode.")), norm="anb")
    assert isinstance(examined, Examined)
    found = {f.requirement: f for f in examined.report.findings}

    assert found["anb.protocol.meldcode"].verdict is Verdict.REVIEW
    assert found["anb.protocol.meldcode"].reason is Reason.RECOGNISER_FAILED
    assert found["anb.thema.rekenen"].verdict is not Verdict.REVIEW
    assert "Jan" not in caplog.text


def test_looks_behind_the_verdicts_come_with_the_report() -> None:
    examined = examine_file(SAMPLE, name="sop.docx")
    assert isinstance(examined, Examined)

    assert set(examined.looks) == {f.requirement for f in examined.report.findings}
    for found in examined.report.findings:
        if found.verdict is not Verdict.NOT_APPLICABLE:
            assert found.criteria == {c: look.seen for c, look in examined.looks[found.requirement].items()}


def test_key_of_a_check_depends_on_the_norm_and_is_the_same_each_time() -> None:
    assert version_key("anb") == version_key("anb") != version_key("opp")


def test_key_of_a_check_changes_with_an_own_norm(own_norm: str) -> None:
    assert version_key(own_norm) != version_key("anb")
