"""Where Dutch sentences end."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.check.sentences import sentence_spans

SENTENCES = [
    # name, sentences of which the text is made
    ("two plain ones", ["Wij lezen elke dag.", "Daarna rekenen wij."]),
    ("question", ["Wie helpt er?", "Dat doet de intern begeleider."]),
    ("exclamation", ["Welkom!", "Wij zijn een kleine school."]),
    ("without a last mark", ["Wij lezen.", "Wij rekenen"]),
    ("abbreviation before a capital", ["De training wordt gegeven o.l.v. Marja."]),
    ("o.a. before a name", ["Wij werken met o.a. Veilig Thuis.", "Dat bevalt."]),
    ("m.b.t.", ["De afspraken m.b.t. Leerplicht staan vast."]),
    ("i.s.m.", ["Dat doen wij i.s.m. JGZ Almere."]),
    ("title", ["Vraag naar drs. De Wit."]),
    ("initial", ["Vraag naar M. de Boer.", "Zij is er op maandag."]),
    ("initials", ["Juf A. B. Jansen geeft NT2."]),
    ("bijv.", ["Wij bieden hulp, bijv. Bouw of Ralfi."]),
    ("short week days", ["Wij zijn open op ma. Di. is de school dicht."]),
    ("name that ends in a mark", ["Wij werken met Bouw! en Letterster.", "Dat helpt."]),
    ("another name that ends in a mark", ["De lijsten van Zien! vullen wij in."]),
    ("mark inside quotes", ["“Dit werkt.”", "Zo zei een ouder het."]),
    ("mark before a bracket", ["(Dat is zo.)", "Verder niets."]),
    ("quote that opens a sentence", ["Hij zei ja.", "“Goed zo”, zei de juf."]),
    ("number in a sentence", ["De groep heeft 3.5 fte.", "Dat is genoeg."]),
    ("sentence that starts with a number", ["Dat is klaar.", "12 leerlingen doen mee."]),
    ("ellipsis", ["Wij bieden meer…", "Kom kijken."]),
    ("lower case after a mark", ["Dit is art. 2.44 van de wet"]),
    ("ticked box starts one", ["Dat klopt.", "☒ ja"]),
]


@pytest.mark.parametrize("sentences", [c[1] for c in SENTENCES], ids=[c[0] for c in SENTENCES])
def test_text_is_cut_into_sentences(sentences: list[str]) -> None:
    text = " ".join(sentences)

    assert [text[a:b] for a, b in sentence_spans(text)] == sentences


@pytest.mark.parametrize("text", ["Drs. De Wit helpt ons.", "Mevr. Jansen helpt.", "Evt. Bouw of Ralfi erbij."])
def test_abbreviation_at_the_start_of_a_sentence_ends_nothing(text: str) -> None:
    assert sentence_spans(text) == ((0, len(text)),)


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u00a0"])
def test_blank_text_has_no_sentences(text: str) -> None:
    assert sentence_spans(text) == ()


TEXT = st.lists(
    st.sampled_from(["Wij", "lezen", "o.a.", "Bouw!", "M.", "12", "“Ja.”", "(nee)", "…", "?", "!", ".", " ", "\n", "☒"])
    | st.text(max_size=8),
    max_size=20,
).map(" ".join)


@given(text=TEXT)
@example(text="Ja.  Nee.\n\nMisschien")
@settings(max_examples=300, deadline=None, derandomize=True)
def test_sentences_are_in_order_apart_trimmed_and_leave_nothing_out(text: str) -> None:
    spans = sentence_spans(text)

    last = 0
    for start, end in spans:
        assert last <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        assert not text[last:start].strip()
        last = end
    assert not text[last:].strip()
