"""The pre-filled OPP: filled from the documents alone, each field with its origin, what is open is seen to be open."""

# ruff: noqa: E501  (texts of forms, as they stand)

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
import yaml
from docx.oxml.ns import qn
from lxml import etree

from extractors.markdown import read_markdown
from pipeline.cli import main
from pipeline.dossier.folder import Piece, read_folder
from pipeline.plan.fill import fill
from pipeline.plan.marks import OPEN_STYLE
from pipeline.plan.offer import themes_in
from pipeline.plan.word import PlanTemplateError, render_word, shipped_template, template_names
from pipeline.plan_result import Plan
from pipeline.pupil.facts import form_facts

ROOT = Path(__file__).parents[2]
DOSSIERS = ROOT / "sample_docs" / "dossiers"
CONTRACT = [
    "leerling",
    "geboortedatum",
    "groep",
    "school",
    "ib",
    "hulpvraag",
    "belemmerende_factoren",
    "bevorderende_factoren",
    "toetsgegevens",
    "eigen_inzet_school",
    "wens_ouders",
    "wens_leerling",
    "gevraagd_arrangement",
    "uitstroombestemming",
    "uitstroom_onderbouwing",
    "doelen",
    "jeugdhulp",
    "evaluatiedatum",
    "instemming",
]


@pytest.fixture(scope="module", params=("jorrit", "samira"))
def sample(request: pytest.FixtureRequest) -> tuple[Plan, tuple[Piece, ...], dict[str, Any]]:
    folder = DOSSIERS / request.param
    expected = yaml.safe_load((folder / "expected.yaml").read_text(encoding="utf-8"))
    pieces = read_folder(folder / "documents")
    return fill(pieces), pieces, expected


def piece(kind: str, day: str, text: str, path: str = "a.docx") -> Piece:
    document = read_markdown(f"{text}\n\nDatum: {day}")
    return Piece(path=path, document=document, kind=kind, facts=form_facts(document, kind))


def word(plan: Plan, template: bytes | None = None) -> Any:
    return docx.Document(io.BytesIO(render_word(plan, template or shipped_template())))


def template(*paragraphs: str) -> bytes:
    made = docx.Document()
    for text in paragraphs:
        made.add_paragraph(text)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def text_of(document: Any) -> str:
    return "\n".join(t.text or "" for t in document.element.body.iter(qn("w:t")))


def test_fields_are_what_a_careful_reader_fills_in(sample: tuple[Plan, tuple[Piece, ...], dict[str, Any]]):
    plan, _, expected = sample
    found = {name: sorted(v.value for v in plan.fields[name]) for name in expected["fields"]}

    assert found == {name: sorted(values) for name, values in expected["fields"].items()}


def test_conflicts_are_shown(sample: tuple[Plan, tuple[Piece, ...], dict[str, Any]]):
    plan, _, expected = sample

    assert {c.field: list(c.values) for c in plan.conflicts} == expected["conflicts"]


def test_nothing_without_a_source(sample: tuple[Plan, tuple[Piece, ...], dict[str, Any]]):
    plan, pieces, _ = sample
    blocks = {p.path: p.document.blocks for p in pieces if p.document}

    for values in plan.fields.values():
        for value in values:
            assert value.quote in blocks[value.path][value.block].text


def test_the_contract_names_the_fields(sample: tuple[Plan, tuple[Piece, ...], dict[str, Any]]):
    plan = sample[0]

    assert [name for name in plan.fields if name in CONTRACT] == [n for n in plan.fields if n in set(CONTRACT)]
    assert set(CONTRACT) <= set(plan.fields)
    assert set(plan.open) == {name for name, values in plan.fields.items() if not values}


def test_consent_always_starts_open():
    signed = piece("opp", "1-9-2025", "## Instemming\n\nOuders stemmen in met het handelingsdeel, getekend 1-9-2025.")

    assert fill([signed]).fields["instemming"] == ()


@pytest.mark.parametrize(
    ("old", "new", "chosen", "conflict"),
    [
        ("Groep: 6", "Groep: 7", "7", ["6", "7"]),
        ("Groep: 6", "Groep: 6", "6", None),
        ("Geboortedatum: 2 mei 2017", "Geboortedatum: 02-05-2017", "02-05-2017", None),
        ("Geboortedatum: 2 mei 2016", "Geboortedatum: 02-05-2017", "02-05-2017", ["2 mei 2016", "02-05-2017"]),
        (
            "Verwachte uitstroombestemming: vmbo-kader",
            "Verwachte uitstroombestemming: havo",
            "havo",
            ["vmbo-kader", "havo"],
        ),
    ],
)
def test_newest_source_wins(old: str, new: str, chosen: str, conflict: list[str] | None):
    newer, older = piece("opp", "1-9-2025", new, "n.docx"), piece("opp", "1-9-2024", old, "o.docx")
    for order in ([newer, older], [older, newer]):
        plan = fill(order)

        assert [chosen] == [
            v.value for name in ("groep", "geboortedatum", "uitstroombestemming") for v in plan.fields[name]
        ]
        assert [list(c.values) for c in plan.conflicts] == ([conflict] if conflict else [])


def test_goals_are_those_of_the_newest_plan():
    old = piece("opp", "1-9-2024", "## Doelen\n\n- Leest in juni 2025 AVI-M4 met vijf fouten.", "o.docx")
    new = piece("opp", "1-9-2025", "## Doelen\n\n- Leest in juni 2026 AVI-M5 met vijf fouten.", "n.docx")

    assert [v.path for v in fill([old, new]).fields["doelen"]] == ["n.docx"]


def test_past_evaluation_is_no_next_one():
    old = piece("opp", "1-9-2024", "## Evaluatie\n\nWij evalueren met ouders op 5 februari 2025.", "o.docx")
    new = piece("abc", "1-9-2025", "## Hulpvraag\n\nHoe helpen wij Sem bij het lezen?", "n.docx")

    assert fill([old]).fields["evaluatiedatum"] != ()
    assert fill([old, new]).fields["evaluatiedatum"] == ()


def test_bsn_never():
    form = piece(
        "opp",
        "1-9-2025",
        "| Naam leerling | Sem de Wit |\n|---|---|\n| BSN | 000000012 |\n\n## Hulpvraag\n\nHoe helpen wij Sem, BSN 000000012, bij het lezen?",
    )
    plan = fill([form])
    made = render_word(plan, shipped_template())
    parts = zipfile.ZipFile(io.BytesIO(made))

    assert "000000012" not in plan.model_dump_json()
    assert all(b"000000012" not in parts.read(name) for name in parts.namelist())


def test_word_document_says_where_each_value_comes_from(sample: tuple[Plan, tuple[Piece, ...], dict[str, Any]]):
    plan = sample[0]
    made = word(plan)
    comments = [c.text for c in made.comments]

    for name, values in plan.fields.items():
        for value in values:
            quote = " ".join(value.quote.split())
            assert any(value.path in c and quote in c for c in comments), name
    assert len(made.element.body.findall(f".//{qn('w:commentReference')}")) == len(comments)


def test_open_fields_are_seen_to_be_open(sample: tuple[Plan, tuple[Piece, ...], dict[str, Any]]):
    plan = sample[0]
    made = word(plan)
    style = made.styles[OPEN_STYLE].style_id
    shown = [
        "".join(t.text or "" for t in run.iter(qn("w:t")))
        for run in made.element.body.iter(qn("w:r"))
        if run.find(f"{qn('w:rPr')}/{qn('w:rStyle')}") is not None
        and run.find(f"{qn('w:rPr')}/{qn('w:rStyle')}").get(qn("w:val")) == style
    ]

    assert sum(s.startswith("Nog invullen: ") for s in shown) == len(plan.open)


def test_word_document_is_sound(sample: tuple[Plan, tuple[Piece, ...], dict[str, Any]]):
    made = render_word(sample[0], shipped_template())
    parts = zipfile.ZipFile(io.BytesIO(made))
    texts = {n: parts.read(n) for n in parts.namelist() if n.endswith((".xml", ".rels"))}

    for data in texts.values():
        etree.fromstring(data)
        assert not any(mark.encode() in data for mark in "\ue000\ue001\ue002")
        assert b"&#5734" not in data
    tags = {e.get(qn("w:val")) for e in docx.Document(io.BytesIO(made)).element.body.iter(qn("w:tag"))}
    assert {"leerling", "hulpvraag", "instemming"} <= tags


def test_shipped_template_uses_every_field():
    names = template_names(shipped_template())

    assert (names.unknown, names.unused) == ((), ())


def test_own_template_is_filled_and_told_on():
    own = template("Naam: {{ leerling }}", "Vraag: {{ hulpvraag }}", "Huisdier: {{ huisdier }}")
    names = template_names(own)
    plan = fill([piece("abc", "1-9-2025", "Naam leerling: Sem de Wit")], names=names.used)
    shown = text_of(word(plan, own))

    assert names.unknown == ("huisdier",)
    assert "doelen" in names.unused
    assert "Sem de Wit" in shown
    assert "huisdier" in plan.open
    assert "huisdier" in shown.split("Huisdier: ")[1]


def test_text_of_a_document_is_only_text():
    nasty = "Hoe <b>helpen</b> wij Sem & {{ 7*7 }} {% raw %} bij het lezen?"
    plan = fill([piece("abc", "1-9-2025", f"## Hulpvraag\n\n{nasty}")])

    assert nasty in text_of(word(plan))


def _used(plan: Plan, data: bytes) -> None:
    template_names(data)
    render_word(plan, data)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"geen word", "geen Word-document"),
        (template("{{ leerling"), "klopt een veld niet"),
        (template("{% for x in doelen %}"), "klopt een veld niet"),
        (template("{{ leerling.__class__.__mro__ }}"), "klopt een veld niet"),
    ],
)
def test_bad_template_is_told(data: bytes, told: str):
    plan = fill([piece("abc", "1-9-2025", "Naam leerling: Sem de Wit")])
    with pytest.raises(PlanTemplateError) as problem:
        _used(plan, data)

    assert told in problem.value.message


@pytest.mark.parametrize(
    ("needs", "themes"),
    [
        ("Hij leest langzaam en verwisselt letters", ("lezen-spelling",)),
        ("Sommen tot 20 zijn niet geautomatiseerd", ("rekenen",)),
        ("Hij gooit met spullen als hij boos is", ("sociaal-emotioneel",)),
        ("Hij komt graag op school", ()),
    ],
)
def test_themes_of_needs(needs: str, themes: tuple[str, ...]):
    assert themes_in(needs) == themes


def test_command_writes_the_document_and_tells_what_is_open(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    out = tmp_path / "opp.docx"
    folder = str(DOSSIERS / "jorrit" / "documents")

    assert main(["opp", folder, "--out", str(out)]) == 0
    told = capsys.readouterr().out
    assert "Instemming met het handelingsdeel" in told
    assert "6, 7" in told
    assert main(["opp", folder, "--out", str(out)]) == 2  # what somebody may have worked on is not written over
    assert main(["opp", folder, "--out", str(out), "--force"]) == 0


def test_school_can_offer_what_its_profile_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    profile = ROOT / "sample_docs" / "sop-po-zevensteek" / "sop-po-zevensteek.docx"
    main(["opp", str(DOSSIERS / "jorrit" / "documents"), "--school", str(profile), "--format", "json"])
    offered = json.loads(capsys.readouterr().out)["fields"]["aanbod_school"]

    assert offered
    assert all(v["path"] == profile.name and "niveau" in v["value"] for v in offered)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nergens", "--out", "x.docx"], "is er niet"),
        (["nergens"], "--out"),
        (["nergens", "--out", "x.pdf"], ".docx"),
        (
            [str(DOSSIERS / "jorrit" / "documents"), "--out", str(DOSSIERS / "jorrit" / "documents" / "x.docx")],
            "map met documenten",
        ),
        ([str(DOSSIERS / "jorrit" / "documents"), "--out", "x.docx", "--template", "weg.docx"], "weg.docx"),
    ],
)
def test_wrong_use_is_told(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]):
    assert main(["opp", *arguments]) == 2
    assert told in capsys.readouterr().err


def test_fields_are_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "eigen.docx").write_bytes(template("{{ leerling }} {{ leerlng }}"))

    assert main(["opp", "fields"]) == 0
    assert "{{ hulpvraag }}" in capsys.readouterr().out
    assert main(["opp", "fields", "--template", str(tmp_path / "eigen.docx")]) == 1
    assert "leerlng" in capsys.readouterr().err
