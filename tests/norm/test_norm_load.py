from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from pydantic import ValidationError

from pipeline.errors import DekkendError, ExitStatus, NormError, UnknownNormError
from pipeline.norm import load
from pipeline.norm.load import available_norms, load_norm
from pipeline.norm.schema import Place, Recognition


def test_norm_is_loaded_with_its_recognitions(write_norm):
    loaded = load_norm(write_norm())
    assert loaded.norm.id == "proef"
    assert list(loaded.norm.criterion_keys()) == list(loaded.recognitions)
    recognition = loaded.recognitions["proef.beleid.partners/naam"]
    assert recognition.params == {"lexicon": "partners", "at_least": 2}
    assert len(recognition.examples.missing) == 3
    assert loaded.recognitions["proef.rust/plek"].not_applicable_when == "geen gebouw"
    assert loaded.norm.requirement("proef.beleid.partners").source.consulted == dt.date(2026, 11, 21)


def test_norm_is_frozen(write_norm):
    loaded = load_norm(write_norm())
    with pytest.raises(ValidationError):
        loaded.norm.title = "Anders"
    with pytest.raises(TypeError):
        loaded.recognitions["x"] = None


def test_requirement_that_is_not_there_is_a_key_error(write_norm):
    with pytest.raises(KeyError):
        load_norm(write_norm()).norm.requirement("proef.weg")


def test_places_are_lines_in_the_files(write_norm):
    places = load_norm(write_norm()).places
    assert places["proef.rust",] == Place(file="proef.yaml", line=26)
    assert places["proef.rust", "advice"] == Place(file="proef.yaml", line=35)
    assert places["proef.rust", "criteria", "plek"] == Place(file="proef.yaml", line=32)
    assert places["norm", "kinds"] == Place(file="proef.yaml", line=6)
    assert places["recognise", "proef.rust/plek"] == Place(file="proef.recognise.yaml", line=14)
    assert places["recognise", "proef.rust/plek", "lexicon"] == Place(file="proef.recognise.yaml", line=16)


BAD = [
    # name, old text, new text, file, line, message
    ("missing field", "    asks: Er is een rustige plek.\n", "", "proef.yaml", 26, "veld 'asks' ontbreekt"),
    ("whose field", "    asks: Er is een rustige plek.\n", "", "proef.yaml", 26, "(eis 'proef.rust')"),
    ("misspelt field", "    why: Rust", "    whi: Rust", "proef.yaml", 34, "onbekend veld 'whi'; bedoelde u 'why'?"),
    ("unknown field", "    why: Rust", "    kleur: rood\n    why: Rust", "proef.yaml", 34, "onbekend veld 'kleur'"),
    ("unknown head", "publisher:", "uitgever: x\npublisher:", "proef.yaml", 4, "onbekend veld 'uitgever'"),
    ("misspelt head", "publisher:", "publiser:", "proef.yaml", 4, "onbekend veld 'publiser'; bedoelde u 'publisher'?"),
    ("deep field", "means: Er staat waar de", "mean: Er staat waar de", "proef.yaml", 33, "bedoelde u 'means'?"),
    (
        "unknown level",
        "level: streefnorm",
        "level: streefnrm",
        "proef.yaml",
        29,
        "veld 'level': 'streefnrm' kan niet, wel wettelijk, basisnorm of streefnorm; bedoelde u 'streefnorm'?",
    ),
    ("unknown sector", "[po, vo]", "[po, wo]", "proef.yaml", 17, "veld 'sectors': 'wo' kan niet, wel po of vo"),
    ("unknown kind of document", "kinds: [sop]", "kinds: [spo]", "proef.yaml", 6, "bedoelde u 'sop'?"),
    ("number for text", 'version: "1"', "version: 1", "proef.yaml", 2, "veld 'version' moet tekst zijn"),
    ("empty field", "why: Rust helpt bij leren.", "why:", "proef.yaml", 34, "veld 'why' is leeg"),
    ("blank field", "why: Rust helpt bij leren.", 'why: " "', "proef.yaml", 34, "veld 'why' is leeg"),
    ("no day", "consulted: 2026-11-21", "consulted: gisteren", "proef.yaml", 25, "moet een dag zijn"),
    ("day that is not", "consulted: 2026-11-21", "consulted: 2026-02-30", "proef.yaml", 25, "geen bestaande dag"),
    ("no list", "kinds: [sop]", "kinds: sop", "proef.yaml", 6, "veld 'kinds' moet een lijst zijn"),
    ("empty list", "kinds: [sop]", "kinds: []", "proef.yaml", 6, "veld 'kinds' heeft te weinig waarden"),
    ("unknown group", "group: zorg", "group: zorgg", "proef.yaml", 28, "groep 'zorgg' is er niet; bedoelde u 'zorg'?"),
    (
        "unknown document",
        "seed: proef.txt",
        "seed: proef.tx",
        "proef.yaml",
        25,
        "document 'proef.tx' staat niet onder 'documents'; bedoelde u 'proef.txt'?",
    ),
    (
        "requirement twice",
        "id: proef.rust",
        "id: proef.beleid.partners",
        "proef.yaml",
        26,
        "eis 'proef.beleid.partners' is er twee keer; de eerste staat op regel 13",
    ),
    ("criterion twice", "{id: doel,", "{id: naam,", "proef.yaml", 21, "criterium 'naam' is er twee keer"),
    ("group twice", "{id: zorg,", "{id: beleid,", "proef.yaml", 11, "groep 'beleid' is er twee keer"),
    ("field twice", "    why: Rust", "    title: Rust\n    why: Rust", "proef.yaml", 34, "de eerste keer op regel 27"),
    ("anchor", "title: Rust", "title: &t Rust", "proef.yaml", 27, "anker '&t' mag niet"),
    ("alias", "title: Rust", "title: *t", "proef.yaml", 27, "verwijzing '*t' mag niet"),
    ("merge", "    why: Rust", "    <<: {a: b}\n    why: Rust", "proef.yaml", 34, "samenvoegen met '<<' mag niet"),
    ("tag", "title: Rust", "title: !!str Rust", "proef.yaml", 27, "type-aanduiding"),
    ("two documents", "requirements:", "---\nrequirements:", "proef.yaml", 12, "meer dan één YAML-document"),
    ("field name that is a list", "title: Rust", "[title]: Rust", "proef.yaml", 27, "een veldnaam moet een woord zijn"),
    ("no YAML", "why: Rust", "why: Zo ja: rust", "proef.yaml", 34, "geen geldige YAML"),
    ("control character", "why: Rust", "why: \x07Rust", "proef.yaml", 1, "geen geldige YAML"),
    (
        "unknown criterion",
        "partners/naam",
        "partners/namen",
        "proef.recognise.yaml",
        1,
        "criterium 'proef.beleid.partners/namen' is er niet in norm 'proef'; bedoelde u 'proef.beleid.partners/naam'?",
    ),
    (
        "recognised twice",
        "partners/doel",
        "partners/naam",
        "proef.recognise.yaml",
        8,
        "heeft al een herkenning op proef.recognise.yaml:1",
    ),
    ("kind without version", "kind: named.v1", "kind: named", "proef.recognise.yaml", 2, "'named' heeft niet de goede"),
    ("no kind", "  kind: named.v1\n", "", "proef.recognise.yaml", 1, "veld 'kind' ontbreekt"),
    ("unknown examples", "    met: [In", "    mett: [In", "proef.recognise.yaml", 19, "bedoelde u 'met'?"),
    (
        "no mapping",
        "- criterion: proef.beleid.partners/naam",
        "- naam\n- a: b",
        "proef.recognise.yaml",
        1,
        "velden verwacht",
    ),
]


@pytest.mark.parametrize(("old", "new", "file", "line", "message"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_mistake_is_named_with_file_and_line(write_norm, old, new, file, line, message):
    with pytest.raises(NormError) as caught:
        load_norm(write_norm(old, new))
    assert f"{file}:{line}: " in str(caught.value)
    assert message in str(caught.value)
    assert (caught.value.file, caught.value.line) == (file, line)


def test_misspelt_field_is_not_also_missing(write_norm):
    with pytest.raises(NormError) as caught:
        load_norm(write_norm("    why: Rust", "    whi: Rust"))
    assert "ontbreekt" not in str(caught.value)


def test_all_mistakes_are_named_at_once(write_norm):
    path = write_norm("level: streefnorm", "level: hoog")
    path.write_text(path.read_text(encoding="utf-8").replace("[po, vo]", "[wo]"), encoding="utf-8")
    with pytest.raises(NormError) as caught:
        load_norm(path)
    assert str(caught.value).count("proef.yaml:") == 2


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty file", b"", "proef.yaml:1: hier worden velden verwacht"),
        ("list", b"- a\n", "proef.yaml:1: hier worden velden verwacht"),
        ("no UTF-8", b"norm: proef\ntitle: caf\xe9\n", "proef.yaml:2: het bestand is geen UTF-8"),
    ],
)
def test_file_that_is_no_norm(tmp_path, name, content, message):
    (tmp_path / "proef.yaml").write_bytes(content)
    with pytest.raises(NormError, match=message):
        load_norm(tmp_path / "proef.yaml")


def test_file_that_cannot_be_read(write_norm, monkeypatch):
    path = write_norm()
    monkeypatch.setattr(Path, "read_bytes", lambda _: (_ for _ in ()).throw(PermissionError()))
    with pytest.raises(NormError, match=r"proef\.yaml: het bestand is niet te lezen"):
        load_norm(path)


def test_recognitions_that_are_no_list(write_norm):
    with pytest.raises(NormError, match="lijst van herkenningen"):
        load_norm(write_norm(recognise="criterion: x\n"))


def test_recognitions_may_lie_in_a_folder_and_beside_the_norm(write_norm, tmp_path):
    path = write_norm(recognise="")
    folder = tmp_path / "recognise" / "proef"
    folder.mkdir(parents=True)
    (folder / "b.yaml").write_text("- {criterion: proef.rust/plek, kind: named.v1}\n", encoding="utf-8")
    (folder / "a.yaml").write_text("- {criterion: proef.beleid.partners/doel, kind: named.v1}\n", encoding="utf-8")
    loaded = load_norm(path)
    assert list(loaded.recognitions) == ["proef.beleid.partners/doel", "proef.rust/plek"]
    assert loaded.places["recognise", "proef.rust/plek"].file == "recognise/proef/b.yaml"


def test_own_lexicons_come_before_the_shipped_ones(write_norm, tmp_path):
    path = write_norm()
    assert tmp_path / "lexicons" not in load_norm(path).lexicon_dirs
    (tmp_path / "lexicons").mkdir()
    assert load_norm(path).lexicon_dirs[0] == tmp_path / "lexicons"


def test_digest_changes_with_every_file_used(write_norm, tmp_path):
    path = write_norm()
    digests = [load_norm(path).digest, load_norm(path).digest]
    assert digests[0] == digests[1]
    path.write_text(path.read_text(encoding="utf-8") + "# opmerking\n", encoding="utf-8")
    digests.append(load_norm(path).digest)
    (tmp_path / "lexicons").mkdir()
    (tmp_path / "lexicons" / "partners.yaml").write_text("- GGD\n", encoding="utf-8")
    digests.append(load_norm(path).digest)
    (tmp_path / "proef.recognise.yaml").unlink()
    digests.append(load_norm(path).digest)
    assert len(set(digests)) == 4


def test_digest_does_not_depend_on_the_folder(write_norm, tmp_path):
    path = write_norm()
    shutil.copytree(tmp_path, tmp_path / "elders", ignore=shutil.ignore_patterns("elders"))
    assert load_norm(path).digest == load_norm(tmp_path / "elders" / "proef.yaml").digest


def test_shipped_norm_is_found_by_id(write_norm):
    path = write_norm()
    assert available_norms(data_dir=path.parent) == ("proef",)
    assert load_norm("proef", data_dir=path.parent).norm.id == "proef"


def test_norm_is_found_by_path_as_text(write_norm):
    assert load_norm(str(write_norm())).norm.id == "proef"


def test_unknown_norm_names_what_there_is():
    with pytest.raises(UnknownNormError, match=r"norm 'abn' is er niet, wel abc, anb, .*; bedoelde u '(abc|anb)'\?"):
        load_norm("abn")


def test_unknown_file_is_named_without_its_folder(tmp_path):
    with pytest.raises(UnknownNormError) as caught:
        load_norm(tmp_path / "weg.yaml")
    assert str(caught.value) == "normbestand 'weg.yaml' is er niet"


def test_errors_have_code_hint_and_exit_status():
    for error in (DekkendError, NormError, UnknownNormError):
        assert error.code
        assert error.message
        assert error.hint
        assert str(error()) == error.message
        assert error("Iets.", hint="Doe dit.").hint == "Doe dit."
        assert error.exit_status is ExitStatus.USAGE
    assert [int(status) for status in ExitStatus] == [0, 1, 2, 3, 130]


def test_data_of_the_installation_is_used_by_default():
    assert (load.DATA_DIR / "anb.yaml").is_file()


def test_recognition_may_be_made_with_named_params():
    recognition = Recognition(criterion="a.b/c", kind="named.v1", params={"at_least": 2})
    assert recognition.params == {"at_least": 2}
    assert recognition.examples.met == ()
