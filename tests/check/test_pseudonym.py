"""What is shared names nobody: labelled persons wherever they stand, numbers, addresses, birthdates however written."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.markdown import read_markdown
from pipeline import steps
from pipeline.check.pseudonym import other_names, pseudonyms, shareable
from pipeline.result import Report

ROOT = Path(__file__).parents[2]
FORM = """\
# Ontwikkelingsperspectief

| Naam leerling | Jorrit Waanders-Pelk |
|---|---|
| Geboortedatum | 11-03-2016 |
| Adres | Kiekendiefkade 33, Almere |
| Telefoon ouders | 06-00000941 |
| Ouders | R. Waanders en I. Pelk |
"""


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Jorrit leest graag.", "[naam] leest graag."),
        ("Jorrits moeder belde.", "[naam] moeder belde."),
        ("Jorrit Waanders-Pelk, groep 7", "[naam], groep 7"),
        ("JORRIT WAANDERS", "[naam]"),
        ("Hij is geboren op 11 maart 2016.", "Hij is geboren op [geboortedatum]."),
        ("De toets was op 12 maart 2024.", "De toets was op 12 maart 2024."),
        ("Bel 06-00000941 of mail thuis@voorbeeld.example", "Bel [telefoon] of mail [e-mail]"),
        ("juf Marloes en de heer Van Zuilen", "juf [naam] en de heer [naam]"),
        ("getekend door B. Uiterwaal", "getekend door [naam]"),
        ("BSN: 000000012", "BSN: [bsn]"),
        ("Hij woont op Kiekendiefkade 33, Almere.", "Hij woont op [adres]."),
        ("Vier keer per week rekenen met materiaal.", "Vier keer per week rekenen met materiaal."),
    ],
)
def test_hide(text: str, wanted: str):
    hidden = pseudonyms([read_markdown(FORM)]).hide(text)

    assert hidden == wanted


def test_report_keeps_its_form_and_its_verdicts():
    path = ROOT / "sample_docs" / "opp-po-silvan" / "opp-po-silvan.docx"
    (plain,) = steps.check_files([path])
    (shared,) = steps.check_files([path], pseudonymise=True)

    assert isinstance(shared, Report)
    assert [(f.requirement, f.verdict) for f in shared.findings] == [(f.requirement, f.verdict) for f in plain.findings]
    assert shared.document.path == "document-1.docx"
    for secret in ("Silvan", "Terhorst", "Okafor", "Jolpad", "00000618", "4 februari 2016"):
        assert secret in plain.model_dump_json() or secret not in shared.model_dump_json()
        assert secret not in shared.model_dump_json()


def test_file_names_become_numbers():
    names = other_names(["OPP Jorrit.docx", "van thuis/JW.PDF"])

    assert names == {"OPP Jorrit.docx": "document-1.docx", "van thuis/JW.PDF": "document-2.pdf"}


def test_hiding_twice_changes_nothing_more():
    known = pseudonyms([read_markdown(FORM)])
    text = "Jorrit en juf Marloes, geboren 11 maart 2016, 06-00000941."

    assert known.hide(known.hide(text)) == known.hide(text)


def test_shareable_hides_only_texts():
    path = ROOT / "sample_docs" / "abc-po-merel" / "abc-po-merel.docx"
    (plain,) = steps.check_files([path])
    shared = shareable(plain, pseudonyms([]), {})

    assert shared.norm == plain.norm
    assert shared.summary == plain.summary
