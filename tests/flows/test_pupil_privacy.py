"""Personal data of a pupil go through a whole run and stand nowhere but in that pupil's own report."""

from __future__ import annotations

import logging
import zipfile
from pathlib import Path

import docx
import pytest

from flows.batch import run_batch
from pipeline.cli import main

SECRETS = {
    "pupil": "Zwanenhalm",
    "parent": "Kwartelstaart",
    "birthdate": "29-02-2016",
    "bsn": "000000012",
    "address": "Marderpad 731",
    "phone": "06-00009137",
    "email": "kwartel.thuis@voorbeeld.example",
    "question": "wiebelkrukje",
}


def pupil_form(path: Path) -> None:
    word = docx.Document()
    word.add_heading("Ontwikkelingsperspectief", 0)
    rows = (
        ("Naam leerling", f"Sem {SECRETS['pupil']}"),
        ("Geboortedatum", SECRETS["birthdate"]),
        ("BSN", SECRETS["bsn"]),
        ("Adres", SECRETS["address"]),
        ("Telefoon ouders", SECRETS["phone"]),
        ("E-mail ouders", SECRETS["email"]),
        ("Ouders", f"R. {SECRETS['parent']}"),
        ("Groep", "6"),
    )
    table = word.add_table(rows=0, cols=2)
    for label, answer in rows:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, answer
    word.add_heading("Belemmerende factoren", 1)
    word.add_paragraph(f"Sem valt van zijn {SECRETS['question']} zodra {SECRETS['pupil']} moe is.")
    word.save(str(path))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("leerlingen") / "in"
    made.mkdir()
    pupil_form(made / f"OPP {SECRETS['pupil']}.docx")
    (made / f"{SECRETS['parent']}.docx").write_bytes(b"PK kapot " + SECRETS["question"].encode())
    return made


def test_batch_leaves_personal_data_in_the_pupils_report_alone(
    folder: Path, tmp_path: Path, prefect_home: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
):
    caplog.set_level(logging.DEBUG)
    result = run_batch(folder, tmp_path / "out", workers=1)
    own = [p for p in result.out.rglob("*") if p.is_file() and p.name.startswith("report.")]
    streams = capfd.readouterr()
    workbook = zipfile.ZipFile(result.overview)
    seen = {
        "index": result.index.read_bytes(),
        "overview": b"".join(workbook.read(n) for n in workbook.namelist()),
        "state": b"".join(p.read_bytes() for p in (result.out / ".dekkend").rglob("*") if p.is_file()),
        "prefect": b"".join(p.read_bytes() for p in Path(prefect_home).rglob("*") if p.is_file()),
        "log": "\n".join(f"{r.getMessage()} {r.exc_info or ''}" for r in caplog.records).encode(),
        "stdout": streams.out.encode(),
        "stderr": streams.err.encode(),
    }
    # files are linked by their name, which the reader gave them; no text of a document goes along
    named = {"pupil", "parent"}

    assert any(SECRETS["question"].encode() in p.read_bytes() for p in own), "the run did read the document"
    for where, data in seen.items():
        for what, secret in SECRETS.items():
            if not (where in ("index", "overview", "state") and what in named):
                assert secret.encode() not in data, (where, what)
    for path in own:
        for what in ("bsn", "phone", "email", "address", "birthdate"):
            assert SECRETS[what].encode() not in path.read_bytes(), (path.name, what)


@pytest.mark.parametrize(
    "command", [["dossier"], ["dossier", "--decision", "sbo", "--format", "html"], ["opp", "--format", "json"]]
)
def test_commands_tell_nothing_on_stderr(
    command: list[str], folder: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    assert main(["-v", command[0], str(folder), *command[1:]]) == 3
    told = capfd.readouterr()
    logged = "\n".join(r.getMessage() for r in caplog.records)

    for what in ("pupil", "birthdate", "bsn", "address", "phone", "email", "question"):
        assert SECRETS[what] not in told.err.replace(f"OPP {SECRETS['pupil']}.docx", ""), what
        assert SECRETS[what] not in logged
    assert SECRETS["bsn"] not in told.out


def test_what_is_shared_names_nobody(folder: Path, capfd: pytest.CaptureFixture[str]):
    for arguments in (
        ["check", str(folder / f"OPP {SECRETS['pupil']}.docx"), "--pseudonymise", "--format", "json"],
        ["dossier", str(folder), "--decision", "sbo", "--pseudonymise"],
        ["dossier", str(folder), "--decision", "sbo", "--pseudonymise", "--format", "html"],
        ["dossier", str(folder), "--decision", "sbo", "--pseudonymise", "--format", "json"],
    ):
        main(arguments)
        told = capfd.readouterr().out

        assert told
        for what, secret in SECRETS.items():
            if what != "question":
                assert secret not in told, (arguments[-1], what)
