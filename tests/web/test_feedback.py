"""The document beside its findings: every passage at its place, whatever overlaps; and two versions compared."""

from __future__ import annotations

from extractors.document import Block, BlockKind, Cell, Document, SourceFile
from pipeline.result import (
    DocumentInfo,
    Evidence,
    Finding,
    NormInfo,
    NormText,
    Profile,
    Reason,
    Report,
    RequirementText,
    School,
    Summary,
    Verdict,
)
from pipeline.web.compare import compare_versions
from pipeline.web.feedback import lay_beside

TEXT = NormText(
    id="anb",
    version="1",
    title="Norm",
    requirements=tuple(
        RequirementText(
            id=f"anb.{name}", title=name.title(), group="g", group_title="G", core=False, level=None, asks="", why="",
            advice="", source="", example=f"Zo schrijft u {name}.",
        )
        for name in ("een", "twee", "drie")
    ),
)  # fmt: skip


def block(text, kind=BlockKind.PARAGRAPH, **named):
    return Block(kind=kind, text=text, **named)


def row(*cells, header=False, table=0):
    text = " | ".join(cells)
    places, at = [], 0
    for number, cell in enumerate(cells):
        places.append(Cell(column=number, start=at, end=at + len(cell)))
        at += len(cell) + 3
    return block(text, BlockKind.ROW, table=table, cells=tuple(places), is_header_row=header)


def document(*blocks):
    source = SourceFile(name="a.docx", sha256="0" * 64, format="docx", size=1)
    return Document(source=source, blocks=blocks)


def finding(name, verdict, *places, of=None, reason=Reason.GENERAL):
    evidence = tuple(
        Evidence(quote=of.blocks[number].text[start:end], page=None, block=number, start=start, end=end, section=None)
        for number, start, end in places
    )
    return Finding(
        requirement=f"anb.{name}", verdict=verdict, confidence=0.9, criteria={}, evidence=evidence,
        reason=None if verdict is Verdict.MET else reason, message="", advice="",
    )  # fmt: skip


def report(*findings, sha="1", norm="anb"):
    return Report(
        document=DocumentInfo(
            path="a.docx", sha256=sha, format="docx", pages=None, kind="sop", sector="po", school_year=None
        ),
        school=School(), norm=NormInfo(id=norm, version="1"), summary=Summary(), findings=findings, profile=Profile(),
        privacy=(), error=None,
    )  # fmt: skip


def laid(of, *findings):
    return lay_beside(report(*findings), of, TEXT)


def runs(pieces):
    return [(piece.text, piece.verdict) for piece in pieces]


def test_passage_is_cut_out_at_its_place():
    of = document(block("Eerst dit. Dan dat."))
    shown = laid(of, finding("een", Verdict.MET, (0, 11, 19), of=of))

    assert runs(shown.blocks[0].pieces) == [("Eerst dit. ", None), ("Dan dat.", "met")]
    assert shown.links == {"anb.een": (shown.links["anb.een"][0],)}
    assert shown.blocks[0].pieces[1].ids == (shown.links["anb.een"][0].id,)
    assert [back.requirement for back in shown.blocks[0].pieces[1].backs] == ["anb.een"]


def test_same_words_elsewhere_are_not_marked():
    of = document(block("Dit. Dit."), block("Dit."))
    shown = laid(of, finding("een", Verdict.MET, (0, 5, 9), of=of))

    assert [runs(one.pieces) for one in shown.blocks] == [[("Dit. ", None), ("Dit.", "met")], [("Dit.", None)]]


def test_gap_goes_before_met_where_passages_overlap_and_both_are_reached():
    of = document(block("abcdefgh"))
    shown = laid(of, finding("een", Verdict.MET, (0, 0, 6), of=of), finding("twee", Verdict.PARTIAL, (0, 2, 8), of=of))
    pieces = shown.blocks[0].pieces

    assert runs(pieces) == [("ab", "met"), ("cdef", "partial"), ("gh", "partial")]
    assert [len(piece.ids) for piece in pieces] == [1, 1, 0]
    assert [[back.title for back in piece.backs] for piece in pieces] == [[], ["Een"], ["Twee"]]


def test_same_passage_twice_has_two_places():
    of = document(block("abc"))
    shown = laid(of, finding("een", Verdict.MET, (0, 0, 3), of=of), finding("twee", Verdict.MET, (0, 0, 3), of=of))

    assert len(set(shown.blocks[0].pieces[0].ids)) == 2
    assert len(shown.blocks[0].pieces[0].backs) == 2


def test_numbers_follow_the_page_gaps_first():
    of = document(block("abc"), block("def"))
    shown = laid(of, finding("een", Verdict.MET, (0, 0, 3), of=of), finding("drie", Verdict.PARTIAL, (1, 0, 3), of=of))

    assert shown.links["anb.drie"][0].number == 1
    assert shown.links["anb.een"][0].number == 2


def test_rows_of_a_table_stay_together_and_a_passage_over_cells_begins_once():
    of = document(row("Doel", "Wie", header=True), row("lezen", "juf Mia"), block("Na de tabel."))
    shown = laid(of, finding("een", Verdict.MET, (1, 0, 15), of=of))
    table = shown.blocks[0]

    assert [one.kind for one in shown.blocks] == ["table", "paragraph"]
    assert [one.is_header for one in table.rows] == [True, False]
    assert [runs(cell) for cell in table.rows[1].cells] == [[("lezen", "met")], [("juf Mia", "met")]]
    ids = [name for cell in table.rows[1].cells for piece in cell for name in piece.ids]
    backs = [back for cell in table.rows[1].cells for piece in cell for back in piece.backs]
    assert len(ids) == 1
    assert len(backs) == 1


def test_passage_of_the_last_cells_only_has_a_place():
    of = document(row("lezen", "juf Mia", "maandag"))
    shown = laid(of, finding("een", Verdict.MET, (0, 8, 25), of=of))
    ids = [name for cell in shown.blocks[0].rows[0].cells for piece in cell for name in piece.ids]

    assert ids == [shown.links["anb.een"][0].id]


def test_quote_from_what_is_not_shown_leads_nowhere():
    of = document(block("Kop", BlockKind.HEADER), block("Tekst."))
    shown = laid(of, finding("een", Verdict.MET, (0, 0, 3), (1, 0, 6), of=of))

    assert [link is None for link in shown.links["anb.een"]] == [True, False]
    assert [one.kind for one in shown.blocks] == ["paragraph"]


def test_headings_of_the_document_never_skip_a_level():
    heads = [block(str(level), BlockKind.HEADING, level=level) for level in (2, 4, 1, 9, 3)]
    shown = laid(document(*heads))

    assert [one.level for one in shown.blocks] == [3, 4, 3, 4, 5]


def test_page_is_told_where_it_turns():
    shown = laid(document(block("a", page=1), block("b", page=1), block("c", page=2)))

    assert [one.new_page for one in shown.blocks] == [1, None, 2]


def test_versions_are_compared_by_requirement():
    of = document(block("abc"))
    before = report(
        finding("een", Verdict.MISSING),
        finding("twee", Verdict.MISSING),
        finding("drie", Verdict.MET, (0, 0, 3), of=of),
    )
    after = report(
        finding("een", Verdict.MET, (0, 0, 3), of=of),
        finding("twee", Verdict.MISSING),
        finding("drie", Verdict.MISSING),
        sha="2",
    )
    versions = compare_versions(before, after, TEXT)

    assert {turn: [one.requirement for one in members] for turn, members in versions.turns.items()} == {
        "solved": ["anb.een"],
        "new": ["anb.drie"],
        "unchanged": ["anb.twee"],
    }
    assert versions.turns["solved"][0].title == "Een"


def test_versions_of_other_norms_are_not_compared():
    assert compare_versions(report(norm="meierij"), report(), TEXT).other


def test_nothing_to_do_before_and_after_is_nothing_to_tell():
    of = document(block("abc"))
    met = finding("een", Verdict.MET, (0, 0, 3), of=of)

    assert not compare_versions(report(met), report(met, sha="2"), TEXT).is_any
