"""Expressions that are said once and named where they are needed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.check.word_lists import UnknownListError, fill, read_word_lists

LISTS = {"often": [r"\bwekelijks\b", r"\belke dag\b"], "help": ["hulp|steun"]}


@pytest.mark.parametrize(
    ("written", "filled"),
    [
        (["$often", "soms"], [r"\bwekelijks\b", r"\belke dag\b", "soms"]),
        ([r"krijgt ${help}$"], [r"krijgt (?:hulp|steun)$"]),
        (["${often}.*${help}"], [r"(?:\bwekelijks\b|\belke dag\b).*(?:hulp|steun)"]),
        (["^$", "einde$"], ["^$", "einde$"]),
        ([0.3, "soms"], [0.3, "soms"]),
        ("$often", "$often"),
        (0.4, 0.4),
    ],
)
def test_names_are_filled_in(written: object, filled: object) -> None:
    assert fill(written, LISTS) == filled


def test_alternatives_within_an_expression_stay_together() -> None:
    [expression] = fill(["krijgt ${help} in de klas"], LISTS)
    assert re.fullmatch(expression, "krijgt hulp in de klas")
    assert not re.search(expression, "krijgt hulp buiten de school")


@pytest.mark.parametrize(("written", "name"), [("$seldom", "'$seldom'"), ("dat is ${seldom} zo", "'${seldom}'")])
def test_unknown_name_is_told_as_it_was_written(written: str, name: str) -> None:
    with pytest.raises(UnknownListError) as problem:
        fill([written], LISTS)
    assert name in str(problem.value)


def test_lists_of_the_nearest_folder_go_before_and_the_others_stay(tmp_path: Path) -> None:
    own, shipped = tmp_path / "own", tmp_path / "shipped"
    for folder, text in ((own, "often: [altijd]\n"), (shipped, "often: [soms]\nhelp: [hulp]\n")):
        folder.mkdir()
        (folder / "words.yaml").write_text(text, encoding="utf8")
    assert read_word_lists((own, tmp_path / "none", shipped)) == {"often": ["altijd"], "help": ["hulp"]}
