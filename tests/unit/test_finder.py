"""A finder finds what the expression finds, however it saves itself the trouble."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.check.finder import AnyOf, Finder, Shelf

WORDS = st.sampled_from(
    ["leerling", "kind", "plan", "OPP", "één", "sbo", "is", "a", "Straße", "x", "iſis", "İs", "ır", "K"]
)
ATOMS = st.one_of(
    WORDS.map(re.escape),
    st.sampled_from(
        [r"\w+", r"\b", ".", "[ab]", "[^,]{0,3}", r"\d", "^", "$", " ", "(?<=n) ", "(?-i:OPP)", "(?>le|leer)", "s++"]
    ),
)


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"(?:{'|'.join(parts)})"),
        inner.map(lambda e: f"(?:{e})?"),
        inner.map(lambda e: f"(?:{e})+"),
        inner.map(lambda e: f"(?:{e}){{0,2}}"),
        inner.map(lambda e: f"(?={e})"),
        inner.map(lambda e: f"(?!{e})"),
    )


EXPRESSIONS = st.recursive(ATOMS, _grown, max_leaves=8)
TEXTS = st.lists(st.one_of(WORDS, st.sampled_from([" ", ", ", "7", "b", ""])), max_size=8).map("".join)


@given(EXPRESSIONS, TEXTS, st.booleans())
def test_finds_what_the_expression_finds(expression: str, text: str, shout: bool) -> None:
    text = text.upper() if shout else text
    found, expected = Finder(expression).search(text), re.search(expression, text, re.IGNORECASE)

    assert (found and found.span()) == (expected and expected.span())


@given(EXPRESSIONS, st.lists(TEXTS, max_size=6))
def test_no_text_of_a_shelf_with_a_match_is_ruled_out(expression: str, texts: list[str]) -> None:
    matching = {n for n, text in enumerate(texts) if re.search(expression, text, re.IGNORECASE)}

    assert matching <= set(Finder(expression).may_stand_in(Shelf(texts)))


def test_a_shelf_is_asked_for_pieces_within_one_text_only() -> None:
    shelf = Shelf(["een OPP-", "plan en nog een plan", "", "plan", "opp"])

    assert set(Finder("opp-plan").may_stand_in(shelf)) == set()
    assert set(Finder("opp|plannen").may_stand_in(shelf)) == {0, 4}
    assert set(Finder("plan").may_stand_in(shelf)) == {1, 3}
    assert set(Finder(r"\w+").may_stand_in(shelf)) == {0, 1, 2, 3, 4}


@pytest.mark.parametrize(
    ("expression", "text", "compiles"),
    [
        (r"\bplan(?:nen)?\b", "De groep maakt muziek.", False),
        (r"\b(?:krijgt|volgt)\b.{0,30}\bhulp\b", "Wie krijgt er taart?", True),
        (r"\b(?:krijgt|volgt)\b.{0,30}\bhulp\b", "De muziekles", False),
        (r"^[^:]{0,40}:$", "Een zin zonder dubbele punt.", False),
        (r"\w+|plan", "niets", True),  # nothing that every match holds
    ],
)
def test_an_expression_is_only_tried_where_it_may_match(expression: str, text: str, compiles: bool) -> None:
    finder = Finder(expression)
    finder.search(text)

    assert ("compiled" in vars(finder)) is compiles


@pytest.mark.parametrize("expression", ["(", "[a", "(?<=a+)b", "a{2,1}"])
def test_a_mistake_is_told_at_once(expression: str) -> None:
    with pytest.raises(re.error):
        Finder(expression)


@given(st.lists(EXPRESSIONS, min_size=1, max_size=4), TEXTS)
def test_any_of_stands_where_one_does(expressions: list[str], text: str) -> None:
    expected = any(re.search(e, text, re.IGNORECASE) for e in expressions)

    any_of = AnyOf(expressions)
    first = any_of.search(text)
    assert any_of.stands_in(text) is expected
    assert (first is not None) is expected
    assert first is None or first.start() == min(
        m.start() for e in expressions if (m := re.search(e, text, re.IGNORECASE))
    )


@given(EXPRESSIONS, TEXTS)
def test_finds_all_that_the_expression_finds_with_capitals_as_they_are(expression: str, text: str) -> None:
    found = [m.span() for m in Finder(expression, flags=0).finditer(text)]

    assert found == [m.span() for m in re.finditer(expression, text)]
