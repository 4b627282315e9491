"""Text as it may stand in a profile, well-formed or not: the Hypothesis strategies of this folder."""

from __future__ import annotations

from hypothesis import strategies as st

WORDS = [
    *("wij", "we", "onze", "school", "leerlingen", "ouders", "bieden", "niet", "nog", "geen", "plusgroep", "meldcode"),
    *("GGD", "leerplicht", "protocol", "dyslexie", "rekenen", "zes", "weken", "elke", "maand", "OPP", "arrangement"),
    *("willen", "2027", "zie", "schoolplan", "beschrijf", "hier", "ib'er", "(i.o.)", "o.a.", "n.t.b.", "Bouw!"),
    *("☒", "☐", "ja", "nee", "…", "|", ":", ";", "?", "!", "\u00ad", "\u00a0", "“citaat”", "🙂", "e\u0301", "x²"),
]

plain = st.lists(st.sampled_from(WORDS), min_size=1, max_size=14).map(" ".join)
wild = st.text(max_size=60)
text = plain | wild
heading = st.tuples(st.integers(1, 4), text).map(lambda x: f"{'#' * x[0]} {x[1]}")
item = text.map("- {}".format)
row = st.lists(text, min_size=1, max_size=4).map(lambda cells: "| " + " | ".join(cells) + " |")
table = st.lists(row, min_size=1, max_size=4).map("\n".join)
running = st.tuples(st.sampled_from(["[header: ", "[footer: "]), plain).map(lambda x: f"{x[0]}{x[1]}]")
directive = st.sampled_from(["[toc]", "[toc] 1. Partners .... 3", "[boldline] Kop", "[pagebreak]", "[cols 2]"])
markdown = st.lists(heading | text | item | table | running | directive, max_size=12).map("\n\n".join)
