from pathlib import PurePosixPath

import pytest

from flows.places import report_folders, safe_path

HOSTILE = [
    "../../etc/passwd.docx", "/etc/passwd.docx", "..", "a/../../b.docx", "...", "a/./b.docx",
    "\\\\server\\share\\x.docx",
    "C:\\x.docx", "a:b.docx", "con.docx", "NUL", "com1.pdf",
    "x.docx ", "x.docx.", "a\nb.docx", "a\0b.docx", "a\x1b[31m.docx",
    "\u202excod.sop.docx", "caf\udce9.docx", "<script>.docx", "index.html", "overview.xlsx", ".dekkend/state.json",
    "map/report.json", "map/REPORT.HTML/x.docx", "é" * 200 + ".docx", "a" * 300 + ".docx",
    "/".join(["map"] * 100) + "/a.docx",
    " ", "~", "-rf", "%2e%2e/x.docx", "🙂.docx",
]  # fmt: skip


@pytest.mark.parametrize("label", HOSTILE)
def test_any_name_becomes_a_path_that_stays_inside(label):
    path = safe_path(label)
    parts = path.split("/")
    assert path
    assert not path.startswith("/")
    assert len(path) <= 180
    for part in parts:
        assert part not in ("", ".", "..")
        assert not part.startswith(".")
        assert not part.endswith((".", " "))
        assert len(part.encode()) <= 120
        assert not set(part) & set('<>:"\\|?*\0\n\x1b')
        assert part.lower() not in ("index.html", "overview.xlsx", "report.json", "report.html")
        assert part.lower().split(".")[0] not in ("con", "nul", "com1")


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("sop.docx", "sop.docx"),
        ("wijk Zuid/SOP Ärt & Co (2).pdf", "wijk Zuid/SOP Ärt & Co (2).pdf"),
        ("e\u0301en.docx", "éen.docx"),
        ("dicht/", "dicht"),
    ],
)
def test_ordinary_names_stay_as_they_are(label, expected):
    assert safe_path(label) == expected


@pytest.mark.parametrize(
    "labels",
    [
        ["a.docx", "a.pdf"],
        ["A.docx", "a.docx", "á.docx", "a\u0301.docx"],
        ["Map/x.docx", "map/x.docx"],
        ["a?.docx", "a*.docx", "a_.docx"],
        ["x" * 200 + "1.docx", "x" * 200 + "2.docx"],
        HOSTILE,
    ],
)
def test_no_two_documents_share_a_folder_on_any_file_system(labels):
    folders = report_folders(labels)
    assert len({folder.casefold() for folder in folders.values()}) == len(labels)
    assert all(PurePosixPath(folder).suffix in (".docx", ".pdf") for folder in folders.values()) or labels is HOSTILE


def test_a_clash_with_a_mark_is_seen():
    marked = report_folders(["A.docx", "a.docx"])["a.docx"]
    folders = report_folders(["A.docx", "a.docx", marked])
    assert len({folder.casefold() for folder in folders.values()}) == 3


def test_a_third_document_does_not_move_the_others():
    two = report_folders(["B.docx", "b.docx"])
    three = report_folders(["A.docx", "B.docx", "b.docx", "b?.docx"])
    assert two.items() <= three.items()
