"""From a folder of labelled documents to tables: small folders, made here."""

from __future__ import annotations

import json
from pathlib import Path

import docx
import pytest
import yaml

from pipeline.check.classifier import Scores
from pipeline.evaluate import measure, table, tally
from pipeline.evaluate.compare import JudgedVerdict, Overlap
from pipeline.evaluate.labels import GoldSentence
from pipeline.evaluate.sentences import score_sentences
from pipeline.norm.load import load_norm
from pipeline.result import Verdict

PARTNERS = "Wij werken samen met JGZ Almere en met de leerplichtambtenaar."
SOURCE = f"""\
# Schoolondersteuningsprofiel basisschool De Wilg

## Onze partners

{PARTNERS}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two documents: one as source text, one as DOCX and as a PDF that is none; one verdict is labelled wrong."""
    root = tmp_path_factory.mktemp("gold")
    verdicts = {r.id: {"verdict": "missing"} for r in load_norm("anb").norm.requirements}
    verdicts["anb.beleid.ketenpartners"] = {"verdict": "met", "evidence": [PARTNERS]}
    gold = {"kind": "sop", "sector": "po", "norm": "anb", "school": {"name": "De Wilg"}, "verdicts": verdicts}
    for slug in ("berk", "wilg"):
        (root / slug).mkdir()
        (root / slug / "source.md").write_text(SOURCE, encoding="utf-8")
        (root / slug / "gold.yaml").write_text(yaml.safe_dump(gold), encoding="utf-8")
        verdicts["anb.protocol.meldcode"] = {
            "verdict": "met",
            "evidence": ["Er is een meldcode."],
            "trap": "wrong label",
        }
    document = docx.Document()
    document.add_heading("Schoolondersteuningsprofiel basisschool De Wilg", 1)
    document.add_heading("Onze partners", 2)
    document.add_paragraph(PARTNERS)
    document.save(str(root / "wilg" / "wilg.docx"))
    (root / "wilg" / "wilg.pdf").write_bytes(b"")
    sentence = {"text": PARTNERS, "labels": ["anb.beleid.ketenpartners"], "stance": "offered", "theme": None}
    rows = [sentence | {"split": "dev"}, sentence | {"split": "train", "labels": ["anb.beleid.scholing"]}]
    (root / "sentences.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def told() -> list[str]:
    return []


@pytest.fixture(scope="module")
def result(folder: Path, told: list[str]) -> measure.Result:
    return measure.folder(folder, tell=told.append)


def test_each_file_is_checked_and_told_before(result: measure.Result, told: list[str]) -> None:
    assert told == ["1/3 berk.md", "2/3 wilg.docx", "3/3 wilg.pdf"]
    assert result.documents == 2
    assert [(c.slug, c.format) for c in result.comparisons] == [("berk", "markdown"), ("wilg", "docx")]
    assert result.unread == (measure.Unread(file="wilg.pdf", code="empty-file"),)


def test_a_verdict_that_differs_from_its_label_is_counted_as_what_it_is(result: measure.Result) -> None:
    counts = tally.by_requirement(result.verdicts)

    assert counts["anb.beleid.ketenpartners"].right == 2
    assert (counts["anb.protocol.meldcode"].right, counts["anb.protocol.meldcode"].wrongly_missing) == (1, 1)
    assert tally.evidence(result.verdicts).verdicts_placed >= 2


def test_only_held_back_sentences_count(result: measure.Result) -> None:
    assert result.sentences is not None
    assert (result.sentences.sentences, result.sentences.labels) == (1, 1)


def test_the_table_is_dutch_fits_and_tells_errors_only_when_asked(result: measure.Result) -> None:
    text, with_errors = table.as_text(result), table.as_text(result, errors=True)

    assert text.startswith("2 gelabelde documenten, 2 bestanden getoetst, 1 niet\n")
    assert "niet gelezen: wilg.pdf (empty-file)" in text
    assert max(map(len, with_errors.splitlines())) <= 100
    assert "wilg (DOCX)" not in text
    assert "wilg (DOCX)\n" in with_errors
    assert "anb.protocol.meldcode: niet gevonden, gelabeld als aangetroffen" in with_errors
    assert "valkuil   wrong label" in with_errors
    assert "gelabeld  “Er is een meldcode.”" in with_errors


def test_json_has_the_numbers_and_no_text_of_a_document(result: measure.Result) -> None:
    first = table.as_json(result)
    data = json.loads(first)

    assert first == table.as_json(result)
    assert data["schema"] == "dekkend.evaluation/1"
    assert list(data["totals"]) == ["all", "docx", "markdown", "norm anb"]
    assert data["totals"]["all"]["verdicts"] == 76
    assert data["evidence"]["all_literal"] == data["evidence"]["all_quotes"]
    assert len(data["reliability"]) == 5
    assert PARTNERS not in first


def judged(gold: str, said: str, confidence: float = 0.9) -> JudgedVerdict:
    return JudgedVerdict(
        requirement="n.eis",
        gold=Verdict(gold),
        said=Verdict(said),
        confidence=confidence,
        reason=None,
        message="",
        trap=None,
        gold_quotes=(),
        quotes=(),
        placed=None,
        in_place=0,
        literal=0,
    )


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([("met", "met"), ("partial", "partial"), ("missing", "missing")], 1.0),
        ([("met", "met"), ("met", "met")], 1.0),
        ([("met", "met"), ("met", "missing")], (2 / 3 + 0) / 2),
        ([("met", "review")], 0.0),
        ([("not_applicable", "not_applicable")], 0.0),
        ([], 0.0),
    ],
)
def test_macro_f1_is_the_mean_over_classes_that_occur(pairs: list[tuple[str, str]], expected: float) -> None:
    assert tally.tally([judged(*pair) for pair in pairs]).macro_f1 == pytest.approx(expected)


def test_confidence_bins_take_their_start_and_the_last_its_end() -> None:
    verdicts = [judged("met", "met", c) for c in (0.0, 0.6, 0.89, 0.9, 1.0)]
    left_out = [judged("met", "review", 0.5), judged("missing", "not_applicable", 1.0)]

    bins = tally.reliability([*verdicts, *left_out])

    assert [(one.verdicts, one.right) for one in bins] == [(1, 1), (1, 1), (0, 0), (1, 1), (2, 2)]
    assert bins[-1].mean_confidence == pytest.approx(0.95)


def test_lists_of_the_same_name_add_up() -> None:
    one = Overlap(name="partners", said=3, right=2, gold=4, found=2, extra=("x",), missed=("y", "z"))

    total = tally.together([one, one])["partners"]

    assert (total.said, total.right, total.gold, total.found) == (6, 4, 8, 4)
    assert tally.list_f1(total) == pytest.approx(2 * (2 / 3) * 0.5 / (2 / 3 + 0.5))


class Fixed:
    """Gives each sentence the same scores."""

    def score(self, passages):
        none: dict[str, float] = {}
        one = Scores(
            labels={"a": 0.5, "b": 0.49, "elders": 0.9},
            encoder_labels=none,
            touch=none,
            stance={"offered": 0.6, "neutral": 0.4},
            actor=none,
            trap=none,
            theme=none,
        )
        return [one for _ in passages]


def test_sentence_scores_count_the_labels_of_the_set_from_a_half() -> None:
    sentences = [
        GoldSentence(text="1", labels=("a",), stance="offered", split="dev"),
        GoldSentence(text="2", labels=("b",), stance="neutral", split="dev"),
        GoldSentence(text="3", labels=("b",), stance="neutral", split="train"),
    ]

    score = score_sentences(sentences, Fixed())

    assert score is not None
    assert score.micro_f1 == pytest.approx(2 * 1 / (2 + 2))
    assert score.macro_f1 == pytest.approx((2 / 3 + 0) / 2)
    assert (score.sentences, score.stance_right) == (2, 1)
    assert score_sentences(sentences[2:], Fixed()) is None
