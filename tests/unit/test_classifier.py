"""The learned model as the checks use it: whole or not at all, and the same text the same scores."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import pipeline
from pipeline.check.classifier import ModelError, PassageClassifier, model_digest
from pipeline.norm.load import load_norm

FOLDER = Path(pipeline.__file__).parent / "model"
FILES = ("labels.json", "lexical.npz", "tokenizer.json", "model.onnx")
PASSAGES = [
    ("Partners", "Wij werken samen met de GGD en met leerplicht."),
    (None, "Elke dag lezen alle groepen een half uur."),
    ("Team", "Onze school telt 240 leerlingen."),
    ("Grenzen", "Wij kunnen geen leerlingen plaatsen die verpleging nodig hebben."),
    ("Vakantie", "De zomervakantie begint op 11 juli."),
    ("Zorg", "Zes keer per jaar vergadert het zorgadviesteam met de jeugdarts."),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in FILES:
        shutil.copy(FOLDER / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize("name", FILES)
def test_missing_file_is_named_in_dutch(copy: Path, name: str) -> None:
    (copy / name).unlink()

    with pytest.raises(ModelError, match=f"{name} ontbreekt"):
        PassageClassifier(copy)


@pytest.mark.parametrize("name", FILES)
def test_damaged_file_is_told_in_dutch(copy: Path, name: str) -> None:
    (copy / name).write_bytes(b"{ niet wat het was")

    with pytest.raises(ModelError, match="beschadigd") as caught:
        PassageClassifier(copy)
    assert "Installeer dekkend opnieuw" in caught.value.message
    assert caught.value.code == "model"


def test_labels_of_another_version_are_no_labels(copy: Path) -> None:
    (copy / "labels.json").write_text(json.dumps({"iets": "anders"}), encoding="utf-8")

    with pytest.raises(ModelError, match="beschadigd"):
        PassageClassifier(copy)


def test_digest_tells_one_model_from_another(copy: Path) -> None:
    same = model_digest(copy)
    (copy / "labels.json").write_text("{}", encoding="utf-8")

    assert same == model_digest(FOLDER)
    assert model_digest(copy) != same


@pytest.fixture(scope="module")
def fresh() -> PassageClassifier:
    """A model of its own: what others scored before must not show."""
    return PassageClassifier()


def test_score_of_a_passage_does_not_depend_on_its_neighbours_or_their_order(model, fresh) -> None:
    alone = [fresh.score([p])[0] for p in PASSAGES]

    assert model.score(PASSAGES) == alone
    assert model.score(PASSAGES[::-1]) == alone[::-1]
    assert model.score([*PASSAGES, *PASSAGES]) == [*alone, *alone]


def test_gate_leaves_out_passages_and_never_changes_one_that_is_read(model) -> None:
    many = PASSAGES + [("Gebouw", f"Lokaal {n} ligt aan de gang met het blauwe zeil.") for n in range(200)]
    everything, gated = model.score(many), model.score(many, norm="anb")
    read = [number for number, scores in enumerate(gated) if any(scores.encoder_labels.values())]

    assert 0 < len(read) < len(many)
    assert all(gated[number] == everything[number] for number in read)


def test_gate_keeps_what_is_evidence(model) -> None:
    many = PASSAGES + [("Gebouw", f"Lokaal {n} ligt aan de gang met het blauwe zeil.") for n in range(200)]
    everything, gated = model.score(many), model.score(many, norm="anb")

    for whole, part in zip(everything, gated, strict=True):
        assert {name for name, p in part.labels.items() if p >= 0.5} == {n for n, p in whole.labels.items() if p >= 0.5}


def test_what_was_scored_before_does_not_change_a_score(fresh) -> None:
    first = fresh.score(PASSAGES, norm="anb")
    fresh.score([(None, "Iets heel anders.")])

    assert fresh.score(PASSAGES, norm="anb") == first


def test_scores_are_probabilities(model) -> None:
    for scores in model.score(PASSAGES):
        for head in (scores.labels, scores.encoder_labels, scores.touch, scores.stance, scores.actor, scores.trap):
            assert all(0 <= p <= 1 for p in head.values())
        assert np.isclose(sum(scores.stance.values()), 1, atol=0.01)


def test_every_label_is_a_requirement_of_a_shipped_norm(model) -> None:
    known = {r.id for name in ("anb", "opp", "abc") for r in load_norm(name).norm.requirements}
    anb = {r.id for r in load_norm("anb").norm.requirements}
    labels = set(model.score(PASSAGES[:1])[0].labels)

    assert anb <= labels
    assert {name for name in labels if name.split(".")[0] in ("anb", "opp", "abc")} <= known


@pytest.mark.parametrize("text", ["", " ", "☒", "🙂", "a" * 5000, "woord " * 3000])
def test_any_text_can_be_scored(model, text: str) -> None:
    assert len(model.score([(None, text)])) == 1


def test_no_passages_give_no_scores(model) -> None:
    assert model.score([]) == []
    assert model.score([], norm="anb") == []
