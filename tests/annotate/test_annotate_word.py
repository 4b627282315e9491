"""Comments in Word: at the passage and no more, nothing lost, nothing else changed."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from word_files import (
    NAMESPACE,
    STRICT,
    W,
    comments,
    merged,
    paragraph,
    part,
    run,
    squeezed,
    tree,
    under_comments,
    without_remarks,
    word,
)

from extractors.document import BlockKind, Document, SourceFile
from extractors.normalise import clean
from extractors.word import read_word
from extractors.word_origin import Origin, Spot, read_word_with_origins
from pipeline.annotate.remarks import Chapter, Line, Remark, Remarks
from pipeline.annotate.word import annotate_word
from pipeline.annotate.word_places import range_of
from pipeline.annotate.xml_bytes import Part

_ROOT = Path(__file__).parents[2]
_FILES = sorted(
    path
    for folder in ("sample_docs", "tests/gold", "tests/extractors/fixtures", "tests/round_trips")
    for path in (_ROOT / folder).rglob("*.docx")
    if path.stat().st_size
)
_ALLOWED_PARENTS = {"p", "ins", "moveTo", "hyperlink", "smartTag", "dir", "bdo"}
_END = (Chapter(heading="Nog niet gevonden", intro="Uitleg.", items=((Line(text="Een eis", strong=True),),)),)


def source(data: bytes) -> SourceFile:
    return SourceFile(name="x.docx", sha256="", format="docx", size=len(data))


def read(data: bytes) -> Document:
    return read_word(data, source(data))


def remark(block: int, start: int = 0, end: int | None = None, text: str = "gezien") -> Remark:
    return Remark(block=block, start=start, end=end, lines=(Line(text=text),), verdict="met")


def at(document: Document, quote: str) -> Remark:
    """A remark on the first block that holds this text."""
    for index, block in enumerate(document.blocks):
        if quote in block.text:
            start = block.text.index(quote)
            return remark(index, start, start + len(quote))
    raise AssertionError(quote)


def annotated(data: bytes, *remarks: Remark, end: tuple[Chapter, ...] = ()) -> bytes:
    return annotate_word(data, Remarks(at=remarks, end=end), source(data)).data


def one_text(data: bytes, quote: str) -> str:
    """What stands under the only comment, put on this quote."""
    (text,) = under_comments(annotated(data, at(read(data), quote))).values()
    return text


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.stem)
def test_every_sentence_of_every_document_can_have_its_comment(path: Path) -> None:
    data = path.read_bytes()
    document = read(data)
    wanted = [
        remark(index, len(block.text) // 4, len(block.text) - len(block.text) // 5)
        for index, block in enumerate(document.blocks)
        if block.kind not in (BlockKind.HEADER, BlockKind.FOOTER, BlockKind.FOOTNOTE) and block.text.strip()
    ]
    wanted = [one for one in wanted if document.text_at(one.block, one.start, one.end or 0).strip(" |")]
    made = annotate_word(data, Remarks(at=tuple(wanted), end=_END), source(data))
    assert (made.placed, made.unplaced) == (len(wanted), 0)
    found = list(under_comments(made.data).values())
    assert len(found) == len(wanted)
    exact = 0
    for text, one in zip(found, sorted(wanted, key=lambda r: r.block), strict=True):
        quote = squeezed(document.text_at(one.block, one.start, one.end or 0))
        exact += text == quote
    # controls, typed boxes and counted labels are what a comment may go around
    assert exact >= 0.9 * len(wanted), (exact, len(wanted))
    # reading it again gives the document that was sent
    assert read(made.data).blocks == document.blocks
    # and taking the remarks out gives back the part that was sent
    assert without_remarks(made.data, frozenset(comments(made.data))) == merged(tree(data))


@pytest.mark.parametrize("path", _FILES[:6], ids=lambda path: path.stem)
def test_all_other_parts_keep_their_bytes(path: Path) -> None:
    data = path.read_bytes()
    made = annotated(data, remark(0), end=_END)
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(io.BytesIO(made)) as new:
        assert new.namelist()[: len(old.namelist())] == old.namelist()
        changed = {name for name in old.namelist() if old.read(name) != new.read(name)}
        assert changed <= {
            "[Content_Types].xml", "word/document.xml", "word/_rels/document.xml.rels", "word/comments.xml"
        }  # fmt: skip
        assert set(new.namelist()) - set(old.namelist()) <= {"word/comments.xml"}
        assert [i.date_time for i in new.infolist()][: len(old.infolist())] == [i.date_time for i in old.infolist()]


_SIGNS = ("a", "b", " ", "é", "e\u0301", "&", "<", ">", "\u00ad", "\u2011", "\ufb01", "\t", "…", "☑")
_TEXTS = st.lists(st.lists(st.sampled_from(_SIGNS), min_size=1, max_size=12).map("".join), min_size=1, max_size=6)


@given(texts=_TEXTS, start=st.integers(0, 30), length=st.integers(1, 30), bold=st.booleans())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_stretch_of_any_runs(texts: list[str], start: int, length: int, bold: bool) -> None:
    escaped = [text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&#62;") for text in texts]
    body = paragraph(run("kop "), *(run(text, "<w:b/>" if bold and i % 2 else "") for i, text in enumerate(escaped)))
    data = word(body)
    document = read(data)
    text = document.blocks[0].text
    begin, end = min(start, len(text) - 1), min(start + length, len(text))
    if not text[begin:end].strip():
        return
    made = annotated(data, remark(0, begin, end))
    (found,) = under_comments(made).values()
    # what is one sign in the file, a ligature, is never cut
    around = text[begin - text.startswith("fi", begin - 1) : end + text.startswith("fi", end - 1)]
    assert clean(found) == squeezed(around)
    assert read(made).blocks == document.blocks
    assert without_remarks(made, frozenset({"0"})) == merged(tree(data))


def test_a_passage_in_the_middle_of_a_run_cuts_it_and_keeps_its_look() -> None:
    data = word(paragraph(run("Wij bieden een rustklas aan.", "<w:i/>")))
    made = annotated(data, at(read(data), "een rustklas"))
    assert under_comments(made) == {"0": "eenrustklas"}
    assert [r.italic for r in docx.Document(io.BytesIO(made)).paragraphs[0].runs if r.text] == [True] * 3
    assert docx.Document(io.BytesIO(made)).paragraphs[0].text == "Wij bieden een rustklas aan."


def test_word_can_open_it_and_sees_the_comment() -> None:
    data = word(paragraph(run("Wij werken samen met de wijk.")))
    (comment,) = docx.Document(io.BytesIO(annotated(data, remark(0, 0, 3, "goed & <kort>"), end=_END))).comments
    assert (comment.author, comment.initials, comment.text) == ("dekkend", "d", "goed & <kort>")


def test_comments_of_others_stay_and_keep_their_numbers() -> None:
    other = f'<w:comments xmlns:w="{NAMESPACE}"><w:comment w:id="7" w:author="Bea"><w:p/></w:comment></w:comments>'
    body = paragraph(
        '<w:commentRangeStart w:id="7"/>', run("Wij lezen elke dag."), '<w:commentRangeEnd w:id="7"/>',
        '<w:r><w:commentReference w:id="7"/></w:r>',
    )  # fmt: skip
    relation = (
        '<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments" '
        'Target="comments.xml"/>'
    )
    data = word(body, parts={"word/comments.xml": other}, relations=relation)
    made = annotated(data, at(read(data), "elke dag"))
    assert under_comments(made) == {"7": "Wijlezenelkedag.", "8": "elkedag"}
    assert part(made, "word/comments.xml").startswith(other[:-13].encode())
    assert comments(made) == {"8": ["gezien"]}
    assert part(made, "word/_rels/document.xml.rels") == part(data, "word/_rels/document.xml.rels")


def test_tracked_changes_stay() -> None:
    body = paragraph(
        run("Wij bieden "),
        '<w:ins w:id="1" w:author="Bea"><w:r><w:t>een rustklas en een plusklas</w:t></w:r></w:ins>',
        '<w:del w:id="2" w:author="Bea"><w:r><w:delText>niets</w:delText></w:r></w:del>',
        run(" aan."),
    )
    data = word(body)
    assert one_text(data, "rustklas en een") == "rustklaseneen"
    assert one_text(data, "plusklas aan") == "plusklasaan"
    made = tree(annotated(data, at(read(data), "rustklas")))
    assert len(list(made.iter(W + "ins"))) == 1
    assert len(list(made.iter(W + "del"))) == 1


@pytest.mark.parametrize(
    ("body", "quote", "expected"),
    [
        (
            paragraph(
                run("Zie "),
                '<w:hyperlink w:anchor="x"><w:r><w:t>ons zorgplan van 2025</w:t></w:r></w:hyperlink>',
                run("."),
            ),
            "zorgplan",
            "zorgplan",
        ),
        (
            # a control is gone around: Word may put its value back
            paragraph(
                run("Ambitie: "),
                "<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent><w:r><w:t>meer rust in de klas</w:t></w:r>"
                "</w:sdtContent></w:sdt>",
            ),
            "rust",
            "meerrustindeklas",
        ),
        (
            paragraph(
                run("Versie "),
                '<w:fldSimple w:instr="REF x"><w:r><w:t>juni 2025</w:t></w:r></w:fldSimple>',
                run(" van het team"),
            ),
            "2025 van",
            "juni2025van",
        ),
        (
            paragraph("<w:r><w:t>voor</w:t><w:tab/><w:t>na de tab</w:t><w:br/><w:t>regel twee</w:t></w:r>"),
            "na de tab\nregel",
            "nadetabregel",
        ),
        (
            paragraph('<w:r><w:t xml:space="preserve">een  dubbele   spatie</w:t></w:r>'),
            "dubbele spatie",
            "dubbelespatie",
        ),
        (
            paragraph("<w:r><w:t>vijf &amp; zes &#8212; zeven</w:t></w:r>"),
            "& zes — ze",
            "&zes—ze",
        ),
        (
            paragraph(
                run("Oud "),
                '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DATE</w:instrText></w:r>'
                '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>3 juni</w:t></w:r>'
                '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
                run(" besproken"),
            ),
            "juni bespr",
            "junibespr",
        ),
    ],
    ids=["hyperlink", "control", "field", "tab-and-break", "spaces", "entities", "complex-field"],
)
def test_structures_inside_a_paragraph(body: str, quote: str, expected: str) -> None:
    data = word(body)
    assert one_text(data, quote) == expected
    made = annotated(data, at(read(data), quote))
    assert {etree.QName(e.getparent()).localname for e in tree(made).iter(W + "commentRangeStart")} <= _ALLOWED_PARENTS
    assert {etree.QName(e.getparent()).localname for e in tree(made).iter(W + "commentRangeEnd")} <= _ALLOWED_PARENTS
    assert read(made).blocks == read(data).blocks


def test_cells_of_a_table() -> None:
    cells = "".join(f"<w:tc><w:tcPr/>{paragraph(run(text))}</w:tc>" for text in ("Vraag een", "Wij zien rust", "Ja"))
    other = "".join(f"<w:tc><w:tcPr/>{paragraph(run(text))}</w:tc>" for text in ("Vraag twee", "x", "Nee"))
    data = word(f"<w:tbl><w:tblPr/><w:tr>{cells}</w:tr><w:tr>{other}</w:tr></w:tbl><w:p/>")
    assert one_text(data, "zien") == "zien"
    assert one_text(data, "een | Wij zien") == "eenWijzien"
    assert one_text(data, "Vraag twee | x | Nee") == "VraagtweexNee"


def test_a_list_that_was_typed_in_one_paragraph() -> None:
    data = word(
        paragraph("<w:r><w:t>Wij hebben:</w:t><w:br/><w:t>- een rustklas</w:t><w:br/><w:t>- een rustklas</w:t></w:r>")
    )
    document = read(data)
    assert [block.text for block in document.blocks] == ["Wij hebben:", "een rustklas", "een rustklas"]
    made = annotated(data, remark(1, 4, 12), remark(2, 4, 12))
    assert under_comments(made) == {"0": "rustklas", "1": "rustklas"}
    assert read(made).blocks == document.blocks


def test_a_text_box_is_gone_around() -> None:
    box = (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx><w:txbxContent>"
        f"{paragraph(run('Onze grens ligt bij verpleging'))}</w:txbxContent></wps:txbx></w:drawing></mc:Choice>"
        "<mc:Fallback><w:pict><w:txbxContent><w:p/></w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    data = word(paragraph(run("Voor het kader. "), box, run("Erna.")))
    made = annotated(data, at(read(data), "verpleging"))
    assert not [e for e in tree(made).iter(W + "commentRangeStart") if e.getparent().getparent().tag != W + "body"]
    assert comments(made)["0"] == ["gezien", "Het gaat om: “verpleging”"]


def test_a_text_with_another_version_of_itself_is_gone_around() -> None:
    choice = (
        "<mc:Choice Requires='w14'><w:t>een lachend kind</w:t></mc:Choice><mc:Fallback><w:t>:-)</w:t></mc:Fallback>"
    )
    data = word(paragraph(run("Beeld: "), f"<w:r><mc:AlternateContent>{choice}</mc:AlternateContent></w:r>"))
    made = annotated(data, at(read(data), "lachend"))
    starts = [etree.QName(e.getparent()).localname for e in tree(made).iter(W + "commentRangeStart")]
    assert starts == ["p"]
    assert read(made).blocks == read(data).blocks


def test_what_is_no_element_shifts_nothing() -> None:
    raw = (
        f'<!DOCTYPE x [<!ENTITY e "y">]><w:document xmlns:w="{NAMESPACE}"><w:body><!-- <w:p> --><w:p><w:r>'
        "<w:t>Wij lezen elke dag.</w:t></w:r></w:p></w:body></w:document>"
    ).encode()
    data = word("", document=raw)
    assert under_comments(annotated(data, at(read(data), "elke"))) == {"0": "elke"}


def test_an_origin_that_is_no_paragraph_is_no_place() -> None:
    main = Part(part(word(paragraph(run("Wij lezen.")))))
    spots = (Spot(4, 5, 0),) * 3
    assert range_of(main, Origin(paragraphs=(2,), spots=spots), "Wij", 0, 3) is not None
    for wrong in (1, 99):
        assert range_of(main, Origin(paragraphs=(wrong,), spots=spots), "Wij", 0, 3) is None


def test_a_footnote_is_spoken_of_where_it_is_referred_to() -> None:
    note = f'<w:footnote w:id="2">{paragraph(run("Sinds 2019 met de GGD."))}</w:footnote>'
    notes = f'<w:footnotes xmlns:w="{NAMESPACE}">{note}</w:footnotes>'
    relation = (
        '<Relationship Id="rId5" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes" '
        'Target="footnotes.xml"/>'
    )
    data = word(
        paragraph(run("Wij werken samen."), '<w:r><w:footnoteReference w:id="2"/></w:r>'),
        parts={"word/footnotes.xml": notes},
        relations=relation,
    )
    made = annotated(data, at(read(data), "GGD"))
    assert under_comments(made) == {"0": "Wijwerkensamen."}
    assert comments(made)["0"] == ["gezien", "Het gaat om: “GGD”"]
    assert part(made, "word/footnotes.xml") == part(data, "word/footnotes.xml")


def test_what_has_no_place_stands_at_the_end() -> None:
    header = f'<w:hdr xmlns:w="{NAMESPACE}">{paragraph(run("Profiel van De Zevensteek"))}</w:hdr>'
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/header"
    data = word(
        paragraph(run("Wij lezen."), properties='<w:pPr><w:sectPr><w:headerReference r:id="rId4"/></w:sectPr></w:pPr>'),
        parts={"word/header1.xml": header},
        relations=f'<Relationship Id="rId4" Type="{kind}" Target="header1.xml"/>',
    )
    made = annotate_word(data, Remarks(at=(at(read(data), "De Zevensteek"),), end=()), source(data))
    assert (made.placed, made.unplaced) == (0, 1)
    texts = ["".join(p.itertext()) for p in tree(made.data).iter(W + "p")]
    assert texts[-4] == "Opmerkingen zonder plaats"
    assert texts[-2:] == ["gezien", "Bij: “De Zevensteek”"]
    assert "word/comments.xml" not in zipfile.ZipFile(io.BytesIO(made.data)).namelist()


def test_a_value_that_word_takes_from_elsewhere_has_no_comment_in_it() -> None:
    body = (
        "<w:sdt><w:sdtPr><w:dataBinding w:xpath='/x' w:storeItemID='{1}'/></w:sdtPr><w:sdtContent>"
        f"{paragraph(run('Profiel van onze school'))}</w:sdtContent></w:sdt>"
    )
    data = word(body)
    made = annotate_word(data, Remarks(at=(at(read(data), "onze"),), end=()), source(data))
    assert (made.placed, made.unplaced) == (0, 1)


def test_the_end_has_the_headings_of_the_document_itself() -> None:
    styles = (
        f'<w:styles xmlns:w="{NAMESPACE}"><w:style w:type="paragraph" w:styleId="Kop1"><w:name w:val="heading 1"/>'
        "</w:style></w:styles>"
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"
    data = word(
        paragraph(run("Wij lezen.")),
        parts={"word/styles.xml": styles},
        relations=f'<Relationship Id="rId4" Type="{kind}" Target="styles.xml"/>',
    )
    made = tree(annotated(data, end=_END))
    last = [p for p in made.iter(W + "p") if "Nog niet gevonden" in "".join(p.itertext())]
    assert [p.find(f"{W}pPr/{W}pStyle").get(W + "val") for p in last] == ["Kop1"]
    assert made.find(W + "body")[-1].tag == W + "sectPr"


def test_what_dekkend_wrote_is_not_read_again_but_what_the_school_writes_there_is() -> None:
    data = word(paragraph(run("Wij lezen.")))
    made = annotated(data, end=_END)
    assert [block.text for block in read(made).blocks] == ["Wij lezen."]
    typed = part(made).replace(b"<w:showingPlcHdr/>", b"")
    with_text = word("", document=typed)
    assert [block.text for block in read(with_text).blocks][-1] == "Een eis"


def test_macros_stay_and_a_signature_goes_with_a_word_about_it() -> None:
    kind = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
    data = word(
        paragraph(run("Wij lezen.")),
        parts={
            "word/vbaProject.bin": b"\x00macro",
            "_xmlsignatures/origin.sigs": b"",
            "_xmlsignatures/sig1.xml": "<x/>",
        },
        package=f'<Relationship Id="rId7" Type="{kind}" Target="_xmlsignatures/origin.sigs"/>',
        types='<Override PartName="/_xmlsignatures/sig1.xml" ContentType="application/x"/>',
    )
    made = annotate_word(data, Remarks(at=(remark(0),), end=()), source(data))
    assert part(made.data, "word/vbaProject.bin") == b"\x00macro"
    names = zipfile.ZipFile(io.BytesIO(made.data)).namelist()
    assert not [name for name in names if "signatures" in name]
    assert b"signatures" not in part(made.data, "_rels/.rels") + part(made.data, "[Content_Types].xml")
    assert len(made.notes) == 1


def test_strict_files_other_prefixes_and_other_encodings() -> None:
    body = "<{0}body><{0}p><{0}r><{0}t>Één rustklas voor allen</{0}t></{0}r></{0}p></{0}body>"
    strict = f'<w:document xmlns:w="{STRICT}">{body.format("w:")}</w:document>'.encode()
    other = f'<v:document xmlns:v="{NAMESPACE}">{body.format("v:")}</v:document>'.encode()
    plain = f'<document xmlns="{NAMESPACE}">{body.format("")}</document>'.encode()
    wide = f'<?xml version="1.0" encoding="UTF-16"?><w:document xmlns:w="{NAMESPACE}">{body.format("w:")}</w:document>'
    for raw in (strict, other, plain, wide.encode("utf-16")):
        data = word("", document=raw)
        made = annotated(data, at(read(data), "rustklas"), end=_END)
        assert under_comments(made) == {"0": "rustklas"}
        assert read(made).blocks == read(data).blocks
    assert STRICT.encode() in part(annotated(word("", document=strict), remark(0)), "word/comments.xml")


def test_the_same_file_gives_the_same_bytes() -> None:
    data = word(paragraph(run("Wij lezen elke dag.")))
    assert annotated(data, remark(0, 4, 9), end=_END) == annotated(data, remark(0, 4, 9), end=_END)


def test_every_block_has_an_origin() -> None:
    for path in _FILES:
        data = path.read_bytes()
        document, origins = read_word_with_origins(data, source(data))
        assert document.blocks == read(data).blocks
        assert len(origins) == len(document.blocks)
        assert all(len(o.spots) in (0, len(b.text)) for o, b in zip(origins, document.blocks, strict=True))
