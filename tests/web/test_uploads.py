"""What hostile or unlucky uploads do: the cases of the OWASP File Upload Cheat Sheet, one by one.

A case says what is sent and what its sender reads; for all of them nothing is left behind, the server goes on, and no
file comes back as something that a browser would run.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

import pytest
from docx import Document
from portal import LIMIT_MB, PDF, PROFILE, word_file

from pipeline.web import uploads
from pipeline.web.uploads import clean_name

MEGABYTE = 1024 * 1024
SCRIPT = "<script>alert(1)</script>"
SECRET = "root:x:0:0"
DOCX = "word/document.xml"
PARAGRAPH = "Wij werken samen met de GGD Flevoland."
HTML = f"<!doctype html><html><body><h1>Schoolondersteuningsprofiel</h1><p>{PARAGRAPH}</p>{SCRIPT}</body></html>"


def changed(data: bytes, **parts: bytes) -> bytes:
    """An archive with some parts replaced or added; ``__`` in a name stands for a slash, ``_dot_`` for a dot."""
    named = {name.replace("__", "/").replace("_dot_", "."): content for name, content in parts.items()}
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in named:
                new.writestr(name, old.read(name))
        for name, content in named.items():
            new.writestr(name, content)
    return made.getvalue()


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def with_entity() -> bytes:
    plain = word_file(PARAGRAPH)
    declared = b'<!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    xml = part(plain, DOCX).replace(b"<w:document", declared + b"<w:document", 1)
    return changed(plain, word__document_dot_xml=xml.replace(PARAGRAPH.encode(), b"&x;" + PARAGRAPH.encode()))


def billion_laughs() -> bytes:
    plain = word_file(PARAGRAPH)
    entities = b'<!ENTITY a0 "ha">' + b"".join(
        b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10)
    )
    xml = part(plain, DOCX).replace(b"<w:document", b"<!DOCTYPE w:document [" + entities + b"]><w:document", 1)
    return changed(plain, word__document_dot_xml=xml.replace(PARAGRAPH.encode(), b"&a9;"))


def bomb() -> bytes:
    return changed(word_file(PARAGRAPH), word__media__image1_dot_png=bytes(400 * MEGABYTE))


def plain_zip() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("../../../../uit-de-map.docx", word_file(PARAGRAPH))
    return made.getvalue()


def with_macro() -> bytes:
    data = word_file(PARAGRAPH)
    types = part(data, "[Content_Types].xml").replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    archive = changed(data, word__vbaProject_dot_bin=b"\xd0\xcf\x11\xe0" + b"Shell")
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, types if name == "[Content_Types].xml" else old.read(name))
    return made.getvalue()


@dataclass(frozen=True)
class Case:
    """``reads`` stands on the page that comes back, ``not_there`` nowhere in it."""

    name: str
    data: Callable[[], bytes]
    reads: str
    not_there: str = SCRIPT


CASES = {
    "polyglot of PDF and HTML": Case(
        "profiel.html", lambda: PDF.read_bytes() + f"\n{SCRIPT}<html>".encode(), "Sporenlinde"
    ),
    "polyglot of a picture and HTML": Case("foto.docx", lambda: b"GIF89a" + HTML.encode(), "foto of afbeelding"),
    "double extension, a program inside": Case(
        "profiel.docx.exe", lambda: b"MZ\x90\x00" + bytes(200) + b"PE\x00\x00", "soort bestand niet ondersteund"
    ),
    "double extension, a document inside": Case("profiel.exe.docx", lambda: word_file(PARAGRAPH), "GGD Flevoland"),
    "type by content, not by name": Case("profiel.docx", PDF.read_bytes, "Sporenlinde"),
    "HTML that calls itself Word": Case("profiel.docx", HTML.encode, "GGD Flevoland"),
    "HTML in the text": Case("profiel.docx", lambda: word_file(PARAGRAPH + SCRIPT), "GGD Flevoland"),
    "HTML in a heading": Case(
        "a.docx", lambda: word_file(PARAGRAPH, heading=f"Schoolondersteuningsprofiel {SCRIPT}"), "GGD Flevoland"
    ),
    "HTML in the name": Case(f"{SCRIPT}.docx", lambda: word_file(PARAGRAPH), "GGD Flevoland"),
    "quote and event handler in the name": Case(
        'x" onload="alert(1).docx', lambda: word_file(PARAGRAPH), "GGD Flevoland", 'x" onload="alert(1)'
    ),
    "path in the name": Case("../../../etc/cron.d/profiel.docx", lambda: word_file(PARAGRAPH), "GGD", "cron.d"),
    "path of Windows in the name": Case(r"C:\Users\piet\profiel.docx", lambda: word_file(PARAGRAPH), "GGD", "Users"),
    "hidden file of a web server": Case(".htaccess", lambda: b"AddType text/html .docx", "niet te lezen: soort"),
    "template of the server": Case("{{7*7}}.docx", lambda: word_file("{{ 7*7 }} " + PARAGRAPH), "{{ 7*7 }}", ">49"),
    "XXE": Case("profiel.docx", with_entity, "", SECRET),
    "billion laughs": Case("profiel.docx", billion_laughs, "", "ha" * 100),
    "ZIP bomb": Case("profiel.docx", bomb, "te groot bestand"),
    "ZIP with a path outside": Case("profielen.zip", plain_zip, "ZIP-bestand"),
    "ZIP that stops halfway": Case("p.docx", lambda: word_file(PARAGRAPH)[:2000], "beschadigd bestand"),
    "macro": Case("profiel.docm", with_macro, "GGD Flevoland"),
    "SVG with a script": Case(
        "plaatje.svg", f'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg">{SCRIPT}</svg>'.encode,
        "soort bestand niet ondersteund",
    ),
    "empty file": Case("leeg.docx", lambda: b"", "leeg bestand"),
    "PHP": Case("shell.php", lambda: b"<?php system($_GET['x']); ?>", "bestand niet ondersteund", "system("),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_case(noor, case: Case):
    address, page = noor.feedback((case.name, case.data()))

    assert case.reads.lower() in unescape(page).lower()
    assert case.not_there not in page
    back = noor.get(f"{address}/document")
    assert not back.headers["content-type"].startswith("text/html") or back.status_code in (404, 409)
    assert back.status_code != 200 or back.headers["content-disposition"].startswith("attachment;")
    assert back.headers["x-content-type-options"] == "nosniff"
    assert "unsafe" not in back.headers["content-security-policy"]
    assert noor.post(f"{address}/verwijderen").status_code == 200, "and the server goes on"


def test_macro_is_neither_run_nor_lost(noor):
    address, _ = noor.feedback(("profiel.docm", with_macro()))
    back = noor.get(f"{address}/document")

    assert part(back.content, "word/vbaProject.bin") == part(with_macro(), "word/vbaProject.bin")
    assert ".docm" in back.headers["content-disposition"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("profiel.docx", "profiel.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\fake\\profiel.pdf", "profiel.pdf"),
        ("a\x00b\r\nc.docx", "abc.docx"),
        ("\u202exod.exe", "xod.exe"),
        ("...", "document"),
        ("", "document"),
        ("x" * 300 + ".docx", "x" * 110 + "….docx"),
        ("e\u0301\u0301n.docx", "é\u0301n.docx"),
    ],
)
def test_name_is_a_label_only(given, kept):
    assert clean_name(given) == kept


BOUNDARY = "grens"
KIND = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def body(*parts: tuple[str, str | None, bytes]) -> bytes:
    """A form as it goes over the wire: name, file name or None, contents."""
    lines = []
    for name, file_name, data in parts:
        of_file = f'; filename="{file_name}"' if file_name is not None else ""
        lines.append(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{of_file}\r\n\r\n'.encode() + data)
    return b"\r\n".join(lines) + f"\r\n--{BOUNDARY}--\r\n".encode()


@pytest.fixture
def folder(portal):
    """The folder of sealed files; what a test leaves in it is a failure."""
    path = portal.app.state.desk.folder
    before = set(path.iterdir())
    yield path
    assert set(path.iterdir()) == before


def raw(person, content, **headers):
    token = {"X-CSRF-Token": person.csrf()}
    return person.client.post("/concept", content=content, headers=KIND | token | headers, follow_redirects=False)


TOO_LARGE = body(("files", "groot.docx", bytes(LIMIT_MB * MEGABYTE + 1)))


def pieces(data: bytes):
    yield from (data[start : start + 65536] for start in range(0, len(data), 65536))


@pytest.mark.usefixtures("folder")
class TestRefused:
    @pytest.mark.parametrize(
        ("content", "headers"),
        [
            pytest.param(TOO_LARGE, {}, id="said"),
            pytest.param(pieces(TOO_LARGE), {"Transfer-Encoding": "chunked"}, id="not said"),
            pytest.param(TOO_LARGE, {"Content-Length": "100"}, id="a lie"),
            pytest.param(b"", {"Content-Length": str(500 * MEGABYTE)}, id="500 MB"),
            pytest.param(body(*(("files", f"{n}.docx", bytes(MEGABYTE)) for n in range(3))), {}, id="together"),
            pytest.param(body(("files", "a.docx", b"x")) + bytes(3 * MEGABYTE), {}, id="behind the end"),
        ],
    )
    def test_too_large_is_told_with_the_limit(self, noor, content, headers):
        answer = raw(noor, content, **headers)

        assert answer.status_code == 413
        assert f"hooguit {LIMIT_MB} MB" in answer.text

    def test_too_many_files(self, noor):
        answer = raw(noor, body(*(("files", f"{n}.docx", b"x") for n in range(31))))

        assert answer.status_code == 400
        assert "hooguit 30 bestanden" in answer.text

    def test_no_file_chosen(self, noor):
        answer = raw(noor, body(("files", "", b"")))

        assert answer.status_code == 400
        assert "U koos nog geen bestand" in answer.text

    @pytest.mark.parametrize(
        "content",
        [
            pytest.param(b"", id="nothing"),
            pytest.param(b"geen formulier", id="no form"),
            pytest.param(body(("files", "a.docx", b"x"))[:-12], id="cut off"),
            pytest.param(body(("norm", None, bytes(20_000))), id="long field"),
            pytest.param(body(*((f"veld{n}", None, b"x") for n in range(40))), id="many fields"),
            pytest.param(f"--{BOUNDARY}\r\nX-Veld: {'x' * 90_000}\r\n\r\n".encode(), id="long header"),
        ],
    )
    def test_what_is_no_form_of_ours(self, noor, content):
        answer = raw(noor, content)

        assert answer.status_code == 400
        assert "kwam niet goed aan" in answer.text

    @pytest.mark.parametrize("token", ["", "x.y"], ids=["empty", "made up"])
    def test_token_is_looked_at_before_a_byte_is_kept(self, noor, token, monkeypatch):
        monkeypatch.setattr(uploads, "Sealer", None)
        content = body(("_csrf", None, token.encode()), ("files", "a.docx", b"x"))
        answer = noor.client.post("/concept", content=content, headers=KIND)

        assert answer.status_code == 403

    def test_token_behind_the_files_is_too_late(self, noor):
        content = body(("files", "a.docx", b"x"), ("_csrf", None, noor.csrf().encode()))

        assert noor.client.post("/concept", content=content, headers=KIND).status_code == 403

    def test_norm_that_is_a_path_is_no_norm(self, noor, tmp_path):
        norm = tmp_path / "eigen.yaml"
        norm.write_text("norm: eigen", encoding="utf-8")
        content = body(("norm", None, str(norm).encode()), ("files", "a.docx", word_file(PARAGRAPH)))

        assert raw(noor, content).status_code == 400

    def test_nobody_uploads_without_a_login(self, portal):
        answer = portal.client().post("/concept", files={"files": ("a.docx", b"x")}, follow_redirects=False)

        assert answer.headers["location"].startswith("/inloggen")


def test_upload_within_the_limit_is_taken_whole(noor):
    padded = changed(PROFILE.read_bytes(), word__media__ruis_dot_bin=bytes(range(256)) * 2048)
    _, page = noor.feedback(("profiel.docx", padded))

    assert len(re.findall("<article ", page)) == 38


def test_document_that_is_sealed_in_many_pieces_comes_back_as_it_was(portal):
    from pipeline.web.vault import BrokenSealError, seal  # noqa: PLC0415

    folder = portal.app.state.desk.folder
    for size in (0, 1, 256 * 1024, 256 * 1024 + 1, 3 * 256 * 1024):
        data = bytes(n % 251 for n in range(size))
        sealed = seal(data, folder)
        assert sealed.read() == data
        whole = sealed.path.read_bytes()
        for broken in (whole[:-1], whole[: 256 * 1024 + 16], whole + b"x", b"\x00" + whole[1:]):
            if broken != whole:
                sealed.path.write_bytes(broken)
                with pytest.raises(BrokenSealError):
                    sealed.read()
        assert "key" not in repr(sealed)
        sealed.drop()
        with pytest.raises(BrokenSealError):
            sealed.read()


def test_remarks_in_a_document_hold_no_markup_of_the_document(noor):
    address, _ = noor.feedback(("a.docx", word_file(PARAGRAPH + SCRIPT)))
    made = Document(io.BytesIO(noor.get(f"{address}/document").content))

    assert made.paragraphs[1].text == PARAGRAPH + SCRIPT
