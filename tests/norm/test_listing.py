"""The lists of `dekkend norm list`."""

from __future__ import annotations

import pytest

from pipeline.errors import UnknownNormError
from pipeline.norm import listing
from pipeline.norm.load import available_norms, load_norm


def test_every_norm_has_a_line_with_its_version_number_of_requirements_and_kinds() -> None:
    lines = listing.norms(width=100).splitlines()

    for name in available_norms():
        norm = load_norm(name).norm
        line = next(line for line in lines if line.split()[:1] == [name])
        assert norm.version in line
        assert str(len(norm.requirements)) in line.split()
        assert ", ".join(norm.kinds) in line


def test_norms_of_a_folder(write_norm) -> None:
    assert "proef  1       2      sop      Proefnorm" in listing.norms(data_dir=write_norm().parent, width=100)


def test_requirements_stand_under_their_group_in_the_order_of_the_norm(write_norm) -> None:
    assert listing.requirements(write_norm(), width=100).splitlines() == [
        "Proefnorm, versie 1 (2 eisen)",
        "",
        "eis                    niveau      sector  titel",
        "",
        "Beleid",
        "proef.beleid.partners  wettelijk   po, vo  Partners",
        "",
        "Zorg",
        "proef.rust             streefnorm  po, vo  Rust",
        "",
        "Meer over één eis: dekkend explain proef.beleid.partners",
    ]


@pytest.mark.parametrize("norm", available_norms())
@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_no_line_is_wider_than_the_terminal_or_100(norm: str, width: int) -> None:
    text = listing.requirements(norm, width=width)

    assert max(map(len, text.splitlines())) <= min(width, 100)


@pytest.mark.parametrize("norm", available_norms())
def test_every_requirement_is_listed_once(norm: str) -> None:
    first_words = [line.split()[0] for line in listing.requirements(norm, width=100).splitlines() if line.strip()]

    for requirement in load_norm(norm).norm.requirements:
        assert first_words.count(requirement.id) == 1


def test_a_title_cannot_steer_the_terminal(write_norm) -> None:
    path = write_norm("title: Rust", 'title: "Ru\\e[31mst"')

    assert "\x1b" not in listing.requirements(path, width=100)


def test_a_norm_that_is_not_there_is_told_with_the_one_that_was_meant() -> None:
    with pytest.raises(UnknownNormError, match="bedoelde u 'anb'"):
        listing.requirements("anbb")
