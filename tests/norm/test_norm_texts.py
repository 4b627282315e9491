from __future__ import annotations

import datetime as dt

import pytest

from pipeline.norm.load import load_norm
from pipeline.norm.schema import Source
from pipeline.norm.texts import citation, norm_text

DOCUMENTS = {"proef.txt": "Proefland, januari 2026"}
DAY = dt.date(2026, 11, 21)

CITATIONS = [
    ("heading", Source(seed="proef.txt", heading="Partners", consulted=DAY), "Proefland, januari 2026, ‘Partners’"),
    ("no heading", Source(seed="proef.txt"), "Proefland, januari 2026"),
    ("unknown text", Source(seed="ander.txt", heading="Kop"), "ander.txt, ‘Kop’"),
    ("article", Source(law="WVO 2020", article="2.44, tweede lid"), "WVO 2020, artikel 2.44, tweede lid"),
    ("law only", Source(law="WVO 2020"), "WVO 2020"),
    ("note", Source(law="WVO 2020", article="2.44", note="voor het vo"), "WVO 2020, artikel 2.44 (voor het vo)"),
]


@pytest.mark.parametrize(("source", "expected"), [c[1:] for c in CITATIONS], ids=[c[0] for c in CITATIONS])
def test_citation_is_readable(source, expected):
    assert citation(source, DOCUMENTS) == expected


def test_texts_carry_all_that_renderers_show(write_norm):
    text = norm_text(load_norm(write_norm()).norm)
    assert (text.id, text.version, text.title) == ("proef", "1", "Proefnorm")
    first, second = text.requirements
    assert (first.group, first.group_title, first.level, first.core) == ("beleid", "Beleid", "wettelijk", False)
    assert first.source == "Proefland, januari 2026, ‘Partners’"
    assert second.source == "Proefwet, artikel 3, eerste lid"


def test_almere_is_cited_by_title_month_and_heading():
    text = norm_text(load_norm("anb").norm)
    partners = next(own for own in text.requirements if own.id == "anb.beleid.ketenpartners")
    assert partners.source == (
        "Almeerse Norm Basisondersteuning, augustus 2024, ‘De school voert een transparant ondersteuningsbeleid’"
    )
