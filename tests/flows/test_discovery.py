import os
from pathlib import Path

import pytest

from extractors.document import ReadCode
from flows.discovery import find_files
from flows.errors import FolderMissingError, FolderUnreadableError, NoDocumentsError, OutPlaceError


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")


def labels(folder: Path, out: Path | None = None) -> list[str]:
    return [file.label for file in find_files(folder, out=out or folder.parent / "out").files]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def test_whole_tree_in_stable_order_with_what_is_no_document(folder):
    put(folder, "b.pdf", "A.docx", "wijk/Zuid/c.docx", "wijk/foto.jpg", "lijst.xlsx", "zonder")
    assert labels(folder) == ["A.docx", "b.pdf", "lijst.xlsx", "wijk/foto.jpg", "wijk/Zuid/c.docx", "zonder"]


@pytest.mark.parametrize(
    "name",
    [
        ".hidden.docx",
        "~$sop.docx",
        "Thumbs.db",
        "THUMBS.DB",
        ".DS_Store",
        "desktop.ini",
        ".git/x.docx",
        "__MACOSX/._a.docx",
    ],
)
def test_what_systems_leave_behind_is_no_document(folder, name):
    put(folder, "a.docx", name)
    assert labels(folder) == ["a.docx"]


def test_output_folders_are_not_read(folder):
    put(folder, "a.docx", "verslagen/a.docx/report.json", "vorige keer/.dekkend/state.json", "vorige keer/index.html")
    assert labels(folder, folder / "verslagen") == ["a.docx"]


def test_links_inside_are_followed_and_links_outside_are_counted(folder):
    put(folder, "a.docx", "map/b.docx")
    put(folder.parent, "geheim.docx", "elders/c.docx")
    (folder / "zelfde.docx").symlink_to(folder / "a.docx")
    (folder / "geheim.docx").symlink_to(folder.parent / "geheim.docx")
    (folder / "elders").symlink_to(folder.parent / "elders")
    (folder / "kring").symlink_to(folder)
    (folder / "weg.docx").symlink_to(folder / "nergens.docx")
    os.mkfifo(folder / "pijp.docx")
    found = find_files(folder, out=folder.parent / "out")
    assert [file.label for file in found.files] == ["a.docx", "map/b.docx", "zelfde.docx"]
    assert found.ignored == 4


def test_names_that_are_no_text_stay_apart(folder):
    for raw in (b"caf\xe9.docx", b"caf\xe8.docx"):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + raw)).write_bytes(b"x")
    first, second = labels(folder)
    assert first != second
    assert "\ufffd" in first
    (first + second).encode()


def test_folder_that_cannot_be_listed_has_a_report(folder, monkeypatch):
    put(folder, "a.docx", "dicht/b.docx")
    real = os.scandir

    def scandir(path):
        if str(path).endswith("dicht"):
            raise PermissionError(13, "dicht", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = find_files(folder, out=folder.parent / "out").files
    assert [(file.label, file.refused) for file in found] == [("a.docx", None), ("dicht/", ReadCode.NOT_FOUND)]


def test_nothing_to_check_says_why(folder, monkeypatch):
    with pytest.raises(FolderMissingError):
        labels(folder / "weg")
    with pytest.raises(NoDocumentsError):
        labels(folder)
    put(folder, "a.docx")
    with pytest.raises(FolderMissingError):
        labels(folder / "a.docx")
    monkeypatch.setattr(os, "scandir", lambda _: (_ for _ in ()).throw(PermissionError(13, "dicht")))
    with pytest.raises(FolderUnreadableError) as problem:
        labels(folder)
    assert problem.value.hint


@pytest.mark.parametrize("out", [".", "..", "../.."])
def test_reports_do_not_end_up_among_the_documents(folder, out):
    put(folder, "a.docx")
    with pytest.raises(OutPlaceError):
        labels(folder, folder / out)
